"""The development calls: there for people and tests on this machine, for nobody else."""

from __future__ import annotations

import pytest
import requests

from tests.support.system import System


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "mojbok.example"},
        {"Origin": "https://zly.example"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "localhost"},
    ],
)
def test_they_answer_only_on_this_machine(system: System, headers: dict[str, str]) -> None:
    for path in ("mailbox", "stored"):
        assert requests.get(f"{system.url}/dev/{path}", headers=headers, timeout=5).status_code == 403
    assert requests.post(f"{system.url}/dev/reset", headers=headers, timeout=5).status_code == 403


@pytest.mark.parametrize(
    "body", [{}, {"now": "jutro"}, {"now": "2026-11-19T10:15:00"}, {"now": 5}, {"teraz": None}, []]
)
def test_a_wrong_time_is_refused(system: System, body: object) -> None:
    assert requests.put(f"{system.url}/dev/clock", json=body, timeout=5).status_code == 400


def test_the_clock_runs_on_from_where_it_was_set_and_back(system: System) -> None:
    system.set_clock("2025-11-19T10:15:00+01:00")
    assert system.customer().history()[0]["at"].startswith("2025-11-19T10:15:")
    system.set_clock("2024-11-19T10:15:00+01:00")
    assert system.customer().history()[0]["at"].startswith("2024-11-19T10:15:")
    system.set_clock(None)
    assert not system.customer().history()[0]["at"].startswith("2024")


def test_a_conversation_outlives_a_jump_of_hours(system: System) -> None:
    customer = system.customer()
    system.set_clock("2027-01-19T10:15:00+01:00")
    assert customer.say("jak się zalogować?").messages


def test_reset_takes_away_conversations_and_letters_and_gives_the_time_back(system: System) -> None:
    system.set_clock("2025-11-19T10:15:00+01:00")
    customer = system.customer()
    customer.say("ile mam do zapłaty?")
    customer.say("helena.mroz@poczta.example")
    customer.post(text="jak założyć konto?")
    system.reset()
    assert system.mails() == []
    assert customer.http.get(f"{customer.place}/events", timeout=5).status_code == 404
    rows = [line for line in system.stored().splitlines() if "│" not in line]
    assert [row for row in rows if customer.id in row] == []
    assert not system.customer().history()[0]["at"].startswith("2025")


def test_a_browser_sees_the_mailbox_as_a_page(system: System) -> None:
    customer = system.customer()
    customer.say("ile mam do zapłaty?")
    customer.say("helena.mroz@poczta.example")
    page = requests.get(f"{system.url}/dev/mailbox", headers={"Accept": "text/html"}, timeout=5)
    assert page.headers["Content-Type"].startswith("text/html")
    assert system.latest_code("helena.mroz@poczta.example") in page.text
