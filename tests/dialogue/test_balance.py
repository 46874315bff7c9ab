"""The balance in words: what is overdue first, exact to the grosz, with the day it speaks for."""

from __future__ import annotations

import datetime as dt

from tests.support.system import Customer, System


def balance(system: System, email: str) -> str:
    return system.identified(email).say("ile mam do zapłaty?").text


def test_to_pay_with_the_nearest_due_date(system: System) -> None:
    text = balance(system, "helena.mroz@poczta.example")
    assert text.startswith("Do zapłaty: 1\xa0234,56\xa0zł. Najbliższy termin płatności to ")


def test_what_is_overdue_is_said_first_and_apart(system: System) -> None:
    text = balance(system, "kazimierz.jez@poczta.example")
    assert text.startswith("Po terminie: 312,09\xa0zł (1 dokument). Łącznie do zapłaty: 499,49\xa0zł.")
    assert "kwota 187,40\xa0zł" in text


def test_an_overpayment(system: System) -> None:
    assert balance(system, "lucja.wrona@poczta.example").startswith("Masz nadpłatę: 57,05\xa0zł.")


def test_nothing_to_pay(system: System) -> None:
    assert balance(system, "bogdan.sliwa@poczta.example").startswith("Saldo wynosi 0,00\xa0zł.")


def test_fresh_data_carry_no_caveat_and_old_data_do(system: System) -> None:
    customer = system.identified("helena.mroz@poczta.example")
    assert "raz na 5 dni roboczych" not in customer.say("jakie mam saldo").text
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=7)
    system.set_clock(later.isoformat())
    customer = system.identified("helena.mroz@poczta.example")
    assert "raz na 5 dni roboczych" in customer.say("jakie mam saldo").text


def test_the_kind_of_customer_decides_the_team(system: System) -> None:
    firm = system.identified("biuro@tartak.example")
    text = firm.say("chcę rozmawiać z człowiekiem").text
    assert "bok@" in text
    assert "cok@" not in text


def test_the_balance_needs_identity_in_every_conversation(system: System) -> None:
    system.identified("helena.mroz@poczta.example")
    stranger = system.customer()
    assert "Najpierw potwierdźmy" in stranger.say("ile mam do zapłaty?").text


def test_a_choice_of_the_greeting_leads_there_too(system: System) -> None:
    customer = Customer(system.url)
    greeting = customer.open()
    assert "Najpierw potwierdźmy" in customer.choose(greeting.choice("Moje saldo")).text
