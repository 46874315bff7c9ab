"""Zgłoszenia: written over several messages, looked at once more, sent once, read and added to."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
import requests

import backend.models  # noqa: F401 - every table is known
from backend.database import Database
from backend.tickets.models import TicketMessage
from tests.support.system import Customer, System

HELENA, FIRM = "helena.mroz@poczta.example", "biuro@tartak.example"
STRANGER = "adam.gosc@poczta.example"
COK, BOK = "cok@polenergia-sprzedaz.pl", "bok@polenergia-sprzedaz.pl"
MATTER = "nikogo nie było w domu, a zużycie jest dwa razy większe"


@pytest.fixture
def helena(system: System) -> Customer:
    system.set_clock("2026-11-24T10:00:00+01:00")
    return system.identified(HELENA)


def tickets(system: System) -> list[dict[str, Any]]:
    effects = requests.get(f"{system.url}/dev/effects", timeout=10).json()
    return list(effects["tickets"])


def write_complaint(customer: Customer, *texts: str) -> str:
    """Up to the summary, which it returns."""
    customer.say("chcę złożyć reklamację")
    for text in texts:
        customer.say(text)
    customer.say("gotowe")
    return customer.say("Żadnego z nich").text


def test_a_complaint_over_several_messages_is_shown_before_it_is_sent(system: System, helena: Customer) -> None:
    summary = write_complaint(helena, MATTER, "to trwa od września")
    for part in ("Rodzaj: Reklamacja", MATTER, "to trwa od września", "Wysłać do biura?"):
        assert part in summary
    assert tickets(system) == []
    sent = helena.say("tak")
    (ticket,) = tickets(system)
    assert (ticket["customer_no"], ticket["kind"]) == ("K0000101", "complaint")
    assert ticket["text"] == f"{MATTER}\nto trwa od września"
    assert f"Numer zgłoszenia: {ticket['ticket_no']}" in sent.text


def test_a_second_yes_makes_no_second_ticket(system: System, helena: Customer) -> None:
    summary = write_complaint(helena, MATTER)
    assert "Wysłać" in summary
    for _ in range(3):
        helena.say("tak")
    assert len(tickets(system)) == 1


def test_customer_and_team_get_a_letter_and_only_the_team_reads_the_due_date(system: System, helena: Customer) -> None:
    write_complaint(helena, MATTER)
    sent = helena.say("tak").text
    number = tickets(system)[0]["ticket_no"]
    own, office = system.mails(HELENA)[-1], system.mails(COK)[-1]
    assert number in own["subject"]
    assert number in office["subject"]
    assert MATTER in office["text"]
    assert "Termin odpowiedzi: 8 grudnia 2026" in office["text"]
    assert "8 grudnia" not in own["text"] + sent
    assert system.mails(BOK) == []


def test_a_business_is_the_other_teams(system: System) -> None:
    firm = system.identified(FIRM)
    write_complaint(firm, "zła moc umowna na fakturze")
    firm.say("tak")
    assert len(system.mails(BOK)) == 1
    assert system.mails(COK) == []


def test_what_it_is_about_is_found_by_its_period(system: System, helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(f"faktura za wrzesień, {MATTER}")
    helena.say("gotowe")
    summary = helena.say("za wrzesień 2026, faktura").text
    assert "Dotyczy: dokumentu FV/2026/09/" in summary
    helena.say("wyślij")
    assert "FV/2026/09/" in tickets(system)[0]["subject"]


def test_the_document_that_was_just_shown_is_meant_by_it(system: System, helena: Customer) -> None:
    helena.say("pokaż fakturę za wrzesień")
    helena.say("chcę ją zareklamować")
    helena.say(MATTER)
    assert "Dotyczy: dokumentu FV/2026/09/" in helena.say("gotowe").text


def test_another_customers_document_cannot_be_named(system: System, helena: Customer) -> None:
    kazimierz = system.identified("kazimierz.jez@poczta.example")
    line = kazimierz.say("pokaż faktury").text.split("\n")[1]
    foreign = next(word for word in line.split() if word.startswith("FV/"))
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    helena.say("gotowe")
    assert "Którego dokumentu" in helena.say(f"faktura {foreign}").text
    assert foreign not in helena.say("Żadnego z nich").text


def test_the_kind_can_be_put_right_and_nothing_written_is_lost(system: System, helena: Customer) -> None:
    write_complaint(helena, MATTER)
    summary = helena.say("to jednak zapytanie").text
    assert "Rodzaj: Zapytanie" in summary
    assert MATTER in summary
    helena.say("tak")
    assert tickets(system)[0]["kind"] == "query"


def test_the_description_can_be_written_anew(system: System, helena: Customer) -> None:
    helena.say("chcę wysłać zapytanie")
    helena.say("coś nie tak")
    reply = helena.say("gotowe")
    helena.choose(reply.choice("Zmień opis"))
    helena.say("Czy dostanę duplikat faktury?")
    summary = helena.say("gotowe").text
    assert "duplikat" in summary
    assert "coś nie tak" not in summary


def test_a_question_in_between_is_answered_and_is_no_part_of_it(system: System, helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    aside = helena.say("a co to jest korekta?")
    assert "koryguj" in aside.text
    assert "gotowe" in aside.messages[-1]["text"]
    helena.say("gotowe")
    assert "korekta?" not in helena.say("Żadnego z nich").text


@pytest.mark.parametrize("words", ["anuluj", "zostawmy to"])
def test_cancelled_nothing_is_sent_and_its_buttons_are_dead(system: System, helena: Customer, words: str) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    helena.say("gotowe")
    summary = helena.say("Żadnego z nich")
    send = summary.choice("Wyślij")
    assert "zostawiamy to" in helena.say(words).text
    refused = helena.post(choice=send)
    assert refused.status_code == 409
    assert "nie jest już możliwy" in refused.json()["detail"]
    helena.say("tak")
    assert tickets(system) == []


def test_without_identity_the_letter_holds_the_number_and_nothing_typed(system: System) -> None:
    customer = system.customer()
    customer.say("chcę złożyć reklamację")
    assert "klienta indywidualnego, czy biznesowego" in customer.say(STRANGER).text
    customer.say("jestem klientem indywidualnym")
    customer.say(MATTER)
    customer.say("gotowe")
    sent = customer.say("tak").text
    (ticket,) = tickets(system)
    assert ticket["customer_no"] is None
    assert ticket["ticket_no"] in sent
    letter = system.mails(STRANGER)[-1]
    assert ticket["ticket_no"] in letter["text"]
    assert "zużycie" not in letter["text"]
    assert STRANGER in system.mails(COK)[-1]["text"]


def test_an_unconfirmed_address_gets_three_letters_a_day(system: System) -> None:
    for number in range(4):
        customer = system.customer()
        customer.say(f"chcę złożyć reklamację, mój mail to {STRANGER}")
        customer.say("prywatnie")
        customer.say(f"sprawa numer {number}, proszę o sprawdzenie rachunku")
        customer.say("gotowe")
        assert "Numer zgłoszenia" in customer.say("tak").text
    assert len(tickets(system)) == 4
    assert len(system.mails(STRANGER)) == 3


def test_who_confirms_identity_midway_goes_on_where_it_stopped(system: System) -> None:
    customer = system.customer()
    reply = customer.say("chcę złożyć reklamację")
    customer.choose(reply.choice("Potwierdź tożsamość"))
    customer.say(HELENA)
    assert "Opisz sprawę" in customer.say(system.latest_code(HELENA)).text
    customer.say(MATTER)
    customer.say("gotowe")
    customer.say("Żadnego z nich")
    customer.say("tak")
    assert tickets(system)[0]["customer_no"] == "K0000101"


def test_what_was_typed_reaches_the_office_and_stays_out_of_the_conversations_store(
    system: System, helena: Customer
) -> None:
    write_complaint(helena, "proszę dzwonić do syna: 601 202 303")
    helena.say("tak")
    assert "601 202 303" in tickets(system)[0]["text"]
    stored = system.stored()
    assert "601 202 303" not in stored
    assert tickets(system)[0]["ticket_no"] not in stored


def test_status_and_the_offices_answer_are_read(system: System, helena: Customer) -> None:
    listed = helena.say("moje zgłoszenia").text
    assert "Nie widzę tu żadnego" in listed
    write_complaint(helena, MATTER)
    helena.say("tak")
    shown = helena.say("co z moją reklamacją?").text
    assert tickets(system)[0]["ticket_no"] in shown
    assert "Stan: nowe" in shown


def test_the_offices_answer_is_read_in_the_conversation(system: System, helena: Customer) -> None:
    write_complaint(helena, MATTER)
    helena.say("tak")
    answered(system, tickets(system)[0]["ticket_no"], "Odczyt był szacowany. Korekta będzie w grudniu.")
    reply = helena.say("czy jest odpowiedź na moje zgłoszenie?").text
    assert "Odpowiedź biura z 24 listopada 2026: Odczyt był szacowany." in reply


def answered(system: System, ticket_no: str, text: str) -> None:
    """As the office will do it."""

    async def write() -> None:
        database = Database(system.database_url)
        async with database.write() as session:
            at = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
            session.add(TicketMessage(ticket_no=ticket_no, author="staff", at=at, text=text))
        await database.close()

    asyncio.run(write())


def test_adding_to_a_ticket(system: System, helena: Customer) -> None:
    write_complaint(helena, MATTER)
    helena.say("tak")
    shown = helena.say("moje zgłoszenia")
    helena.choose(shown.choice("Dopisz do zgłoszenia"))
    helena.say("znalazłam jeszcze stary rachunek z tego samego miesiąca")
    assert "Do zgłoszenia: Z/2026/" in helena.say("gotowe").text
    assert "Dodane do zgłoszenia" in helena.say("tak").text
    assert "stary rachunek" in system.mails(COK)[-1]["text"]
    assert len(tickets(system)) == 1


def test_additional_services_and_refused_access_are_kinds_of_their_own(system: System, helena: Customer) -> None:
    assert "jaką usługę" in helena.say("chcę zamówić usługę dodatkową").text
    helena.say("anuluj")
    assert "przyczyny odmowy" in helena.say("odmówiono mi rejestracji, sprawdźcie dlaczego").text


def test_a_person_means_a_ticket_with_the_conversation_a_call_or_the_contact(system: System, helena: Customer) -> None:
    helena.say("ile mam do zapłaty?")
    reply = helena.say("chcę rozmawiać z człowiekiem")
    assert reply.titles == ["Przekaż rozmowę", "Zamów telefon"]
    assert "cok@" in reply.text
    summary = helena.choose(reply.choice("Przekaż rozmowę"))
    assert "zapis tej rozmowy" in summary.text
    helena.choose(summary.choice("Wyślij"))
    letter = system.mails(COK)[-1]["text"]
    assert "Klient: ile mam do zapłaty?" in letter
    assert "1\xa0234,56" not in letter
    assert "[ukryte]" in letter
