"""Confirming identity in conversation: the flows that go well, and all the ones that do not."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.system import Customer, Reply, System

HELENA = "helena.mroz@poczta.example"
SHARED = "wspolny@poczta.example"
UNKNOWN = "nikt.taki@poczta.example"
WRONG = "000000"
DUE = "1\xa0234,56\xa0zł"


def asks_for_code(reply: Reply) -> bool:
    return "6-cyfrowym kodem" in reply.text


def wrong_code_for(code: str) -> str:
    return WRONG if code != WRONG else "000001"


def waiting_for_code(system: System, identifier: str = HELENA) -> Customer:
    customer = system.customer()
    customer.say("ile mam do zapłaty?")
    assert asks_for_code(customer.say(identifier))
    return customer


def test_what_was_asked_before_is_answered_once_identity_is_confirmed(system: System) -> None:
    customer = waiting_for_code(system)
    reply = customer.say(system.latest_code(HELENA))
    types = [event["type"] for event in reply.events]
    assert types.index("identity") < types.index("answered")
    assert next(e for e in reply.events if e["type"] == "identity")["state"] == "confirmed"
    assert DUE in reply.text
    assert "Stan na" in reply.text


def test_an_address_given_with_the_question_is_not_asked_for_again(system: System) -> None:
    customer = system.customer()
    assert asks_for_code(customer.say(f"ile mam do zapłaty, mój mail {HELENA}"))
    assert len(system.mails(HELENA)) == 1


@pytest.mark.parametrize("identifier", ["hmroz", "HMROZ", "mój login to hmroz", f"to {HELENA.upper()}"])
def test_a_login_or_an_address_in_any_writing_gets_a_code_to_the_registered_address(
    system: System, identifier: str
) -> None:
    customer = system.customer()
    customer.say("jakie mam saldo?")
    assert asks_for_code(customer.say(identifier))
    assert DUE in customer.say(system.latest_code(HELENA)).text


def test_known_and_unknown_addresses_are_answered_alike(system: System) -> None:
    replies = []
    for address in (HELENA, UNKNOWN):
        customer = system.customer()
        customer.say("ile mam do zapłaty?")
        said = [customer.say(address), customer.say(WRONG), customer.say("wyślij nowy kod"), customer.say(WRONG)]
        replies.append([(reply.text, reply.titles, [e["type"] for e in reply.events]) for reply in said])
    assert replies[0] == replies[1]
    assert system.mails(UNKNOWN) == []
    assert len(system.mails(HELENA)) == 2


def test_a_code_typed_with_spaces_or_in_a_sentence_is_taken(system: System) -> None:
    customer = waiting_for_code(system)
    code = system.latest_code(HELENA)
    assert DUE in customer.say(f"kod to {code[:3]} {code[3:]}, proszę").text


def test_after_five_wrong_codes_a_new_one_is_needed(system: System) -> None:
    customer = waiting_for_code(system)
    code = system.latest_code(HELENA)
    replies = [customer.say(wrong_code_for(code)) for _ in range(5)]
    assert all("nie pasuje" in reply.text for reply in replies[:4])
    assert "zbyt wiele prób" in replies[4].text
    assert "zbyt wiele prób" in customer.say(code).text
    assert asks_for_code(customer.choose(replies[4].choice("Wyślij nowy kod")))
    assert DUE in customer.say(system.latest_code(HELENA)).text


def test_a_resent_code_ends_the_one_before(system: System) -> None:
    customer = waiting_for_code(system)
    first = system.latest_code(HELENA)
    customer.say("nie przyszedł kod, wyślij jeszcze raz")
    second = system.latest_code(HELENA)
    assert first == second or "nie pasuje" in customer.say(first).text
    assert DUE in customer.say(second).text


def test_an_expired_code_says_so(system: System) -> None:
    system.set_clock("2026-11-19T10:00:00+01:00")
    customer = waiting_for_code(system)
    code = system.latest_code(HELENA)
    system.set_clock("2026-11-19T10:10:01+01:00")
    assert "nie jest już ważny" in customer.say(code).text


def test_a_code_belongs_to_its_conversation(system: System) -> None:
    customer, other = waiting_for_code(system), waiting_for_code(system, UNKNOWN)
    code = system.latest_code(HELENA)
    assert "nie pasuje" in other.say(code).text
    assert DUE in customer.say(code).text


def test_another_address_midway_ends_the_code_of_the_first(system: System) -> None:
    customer = waiting_for_code(system)
    code = system.latest_code(HELENA)
    asked = customer.say("pomyliłem adres, chcę podać inny")
    assert "Podaj adres e-mail" in asked.text
    assert asks_for_code(customer.say("kjez"))
    assert "nie pasuje" in customer.say(code).text
    assert "Po terminie" in customer.say(system.latest_code("kazimierz.jez@poczta.example")).text


def test_beyond_three_codes_the_words_stay_and_no_letter_comes(system: System) -> None:
    customer = waiting_for_code(system)
    replies = [customer.say("wyślij nowy kod") for _ in range(4)]
    assert all(asks_for_code(reply) for reply in replies)
    assert len(system.mails(HELENA)) == 3
    assert DUE in customer.say(system.latest_code(HELENA)).text


def test_ten_codes_a_day_at_most(system: System) -> None:
    start = dt.datetime.fromisoformat("2026-11-19T08:00:00+01:00")
    for hour in range(12):
        system.set_clock((start + dt.timedelta(hours=hour)).isoformat())
        waiting_for_code(system)
    assert len(system.mails(HELENA)) == 10


def test_identity_ends_after_fifteen_idle_minutes_and_what_was_shown_is_hidden(system: System) -> None:
    system.set_clock("2026-11-19T10:00:00+01:00")
    customer = waiting_for_code(system)
    customer.say(system.latest_code(HELENA))
    system.set_clock("2026-11-19T10:15:01+01:00")
    events = customer.read(wait=5, hold=True)
    assert {"anonymous"} == {event["state"] for event in events if event["type"] == "identity"}
    history = "\n".join(event.get("text", "") for event in customer.history())
    assert DUE not in history
    assert "(ukryte – potwierdź tożsamość)" in history
    assert "Najpierw potwierdźmy" in customer.say("jakie mam saldo?").text


def test_a_message_extends_identity_but_not_beyond_eight_hours(system: System) -> None:
    start = dt.datetime.fromisoformat("2026-11-19T08:00:00+01:00")
    system.set_clock(start.isoformat())
    customer = waiting_for_code(system)
    customer.say(system.latest_code(HELENA))
    for minutes in range(14, 8 * 60, 14):
        system.set_clock((start + dt.timedelta(minutes=minutes)).isoformat())
        customer.say("dzięki")
    system.set_clock((start + dt.timedelta(hours=8, seconds=5)).isoformat())
    assert "Najpierw potwierdźmy" in customer.say("jakie mam saldo?").text


def test_who_shares_an_address_chooses_whose_data_to_see(system: System) -> None:
    customer = waiting_for_code(system, SHARED)
    asked = customer.say(system.latest_code(SHARED))
    assert sorted(asked.titles) == ["Firma …107", "Osoba …106"]
    assert not [event for event in asked.events if event["type"] == "identity"]
    chosen = customer.choose(asked.choice("Firma …107"))
    assert "nadpłatę: 10,00\xa0zł" in chosen.text
    assert [e["state"] for e in chosen.events if e["type"] == "identity"] == ["confirmed"]


def test_a_question_midway_is_answered_and_the_code_is_asked_for_again(system: System) -> None:
    customer = waiting_for_code(system)
    aside = customer.say("a ile kosztuje założenie konta w serwisie?")
    assert "bezpłatn" in aside.text
    assert "Wpisz 6-cyfrowy kod" in aside.messages[-1]["text"]
    assert DUE in customer.say(system.latest_code(HELENA)).text


@pytest.mark.parametrize("words", ["anuluj", "zostawmy to", "nie", "rezygnuję jednak"])
def test_cancelling_ends_it_and_nothing_is_left_behind(system: System, words: str) -> None:
    customer = waiting_for_code(system)
    code = system.latest_code(HELENA)
    assert "zostawiamy to" in customer.say(words).text
    assert DUE not in customer.say(code).text


def test_a_person_can_be_had_while_a_code_is_waited_for(system: System) -> None:
    customer = waiting_for_code(system)
    assert "klienta indywidualnego, czy biznesowego" in customer.say("chcę rozmawiać z konsultantem").text


def test_who_asks_what_the_address_is_for_is_told_and_the_request_goes_on(system: System) -> None:
    customer = system.customer()
    customer.say("pokaż faktury")
    why = customer.say("a po co wam mój mail?").text
    assert "Twoje dane pokazujemy tylko Tobie" in why
    assert "Podaj adres e-mail albo login" in why
    customer.say(HELENA)
    assert "Oto Twoje dokumenty" in customer.say(system.latest_code(HELENA)).text


def test_who_waits_for_the_letter_is_told_where_it_may_be(system: System) -> None:
    customer = system.customer()
    customer.say("ile mam do zapłaty?")
    customer.say(HELENA)
    reply = customer.say("nie widzę żadnego maila").text
    assert "Zajrzyj też do spamu" in reply
    assert "Wpisz 6-cyfrowy kod" in reply
