"""The assistant on a portal page: it knows who is signed in, for exactly as long as that lasts."""

from __future__ import annotations

import time

import pytest
import requests

from tests.support.system import Customer, System, Visitor
from tests.support.visitor import link_in, one_time_password_in

KAZIMIERZ, HELENA = "kazimierz.jez@poczta.example", "helena.mroz@poczta.example"
FIRM = "biuro@tartak.example"
DUE = "1\xa0234,56\xa0zł"


def opened(visitor: Visitor, **headers: str) -> tuple[Customer, list[dict[str, object]]]:
    """A conversation opened by the visitor's browser, and its opening events."""
    answer = visitor.http.post(f"{visitor.url}/api/chat/conversations", json={}, headers=headers, timeout=10)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    customer = Customer(visitor.url)
    customer.id, customer.token = body["conversation"], body["token"]
    customer.http.headers["Authorization"] = f"Bearer {customer.token}"
    customer.seq = body["events"][-1]["seq"]
    return customer, body["events"]


def identities(customer: Customer) -> list[str]:
    return [event["state"] for event in customer.history() if event["type"] == "identity"]


def until_anonymous(customer: Customer, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if identities(customer)[-1:] == ["anonymous"]:
            return True
        time.sleep(0.1)
    return False


def test_who_is_signed_in_is_known_and_told_so_and_asked_for_no_code(system: System) -> None:
    customer, events = opened(system.signed_in(HELENA), Origin=system.url)
    assert [event["type"] for event in events] == ["message", "identity", "message"]
    assert "automatyczny asystent" in str(events[0]["text"])
    assert events[1]["state"] == "confirmed"
    assert "Helena Mróz" in str(events[2]["text"])
    assert DUE in customer.say("ile mam do zapłaty?").text
    assert system.mails(HELENA) == []


@pytest.mark.parametrize("origin", ["https://zla.example", "null", None])
def test_another_sites_page_never_speaks_for_who_is_signed_in(system: System, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    customer, events = opened(system.signed_in(HELENA), **headers)
    assert {event["type"] for event in events} == {"message"}
    assert "Najpierw potwierdźmy" in customer.say("ile mam do zapłaty?").text


def test_signing_out_ends_identity_within_two_seconds_and_hides_what_was_shown(system: System) -> None:
    visitor = system.signed_in(HELENA)
    customer, _ = opened(visitor, Origin=system.url)
    assert DUE in customer.say("ile mam do zapłaty?").text
    assert visitor.post("/wyloguj").status_code == 200
    assert until_anonymous(customer, 2)
    assert DUE not in str(customer.history())
    assert "Najpierw potwierdźmy" in customer.say("ile mam do zapłaty?").text


def test_a_question_right_after_signing_out_shows_nothing(system: System) -> None:
    visitor = system.signed_in(HELENA)
    customer, _ = opened(visitor, Origin=system.url)
    visitor.post("/wyloguj")
    reply = customer.say("ile mam do zapłaty?")
    assert DUE not in reply.text
    assert "Najpierw potwierdźmy" in reply.text


def test_another_customer_who_signs_in_on_the_same_browser_ends_the_first_ones_identity(system: System) -> None:
    visitor = system.signed_in(HELENA)
    customer, _ = opened(visitor, Origin=system.url)
    with_password(system, "kjez", KAZIMIERZ)
    assert visitor.sign_in("kjez", "cztery różne słowa tu").status_code == 200
    assert until_anonymous(customer, 2)
    second, events = opened(visitor, Origin=system.url)
    assert "Kazimierz Jeż" in str(events[2]["text"])
    assert second.id != customer.id


def with_password(system: System, login: str, email: str) -> None:
    browser = system.browser()
    page = browser.post("/nie-pamietam-hasla", data={"login": login})
    letter = system.mails(email)[-1]
    assert page.url.endswith(link_in(letter))
    page = browser.post(link_in(letter), data={"kod": one_time_password_in(letter)})
    path = page.url.removeprefix(system.url)
    done = browser.post(path, data={"nowe": "cztery różne słowa tu", "powtorz": "cztery różne słowa tu"})
    assert "Nowe hasło jest ustawione" in done.text


def test_chatting_keeps_the_portals_session_alive(system: System) -> None:
    system.set_clock("2026-11-24T10:00:00+01:00")
    visitor = system.signed_in(HELENA)
    customer, _ = opened(visitor, Origin=system.url)
    for minute in (12, 24, 36):
        system.set_clock(f"2026-11-24T10:{minute}:00+01:00")
        customer.say("dzięki")
    assert "Aktualne saldo" in visitor.get("/pulpit").text
    system.set_clock("2026-11-24T10:51:01+01:00")
    assert until_anonymous(customer, 5)
    assert "Zaloguj się" in visitor.get("/pulpit").text


def test_a_conversation_that_began_anonymous_stays_so(system: System) -> None:
    visitor = system.browser()
    customer, _ = opened(visitor, Origin=system.url)
    cookie = system.signed_in(HELENA).http.cookies
    customer.http.cookies.update(cookie)
    customer.http.headers["Origin"] = system.url
    assert "Najpierw potwierdźmy" in customer.say("ile mam do zapłaty?").text


def test_a_firm_that_is_signed_in_is_sent_to_its_own_team(system: System) -> None:
    customer, _ = opened(system.signed_in(FIRM), Origin=system.url)
    assert "bok@polenergia-sprzedaz.pl" in customer.say("chcę rozmawiać z konsultantem").text


def test_effects_tell_of_resets_of_existing_accounts_alone(system: System) -> None:
    for login in ("hmroz", "nikt-taki"):
        system.browser().post("/nie-pamietam-hasla", data={"login": login})
    effects = requests.get(f"{system.url}/dev/effects", timeout=10).json()
    assert effects["password_resets"] == [{"customer_no": "K0000101"}]
    assert set(effects) == {"tickets", "callbacks", "password_resets", "documents"}
