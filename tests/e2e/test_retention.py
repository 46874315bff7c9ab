"""`mojbok retention`: what has served its time is gone from every table, what has a reason to stay is there."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from backend.database import Database
from tests.support.client import Customer
from tests.support.system import ROOT, System
from tests.support.waiting import until

HELENA, KAZIMIERZ = "helena.mroz@poczta.example", "kazimierz.jez@poczta.example"
MOJBOK = str(Path(sys.executable).with_name("mojbok"))


@pytest.fixture
def later(system: System) -> Iterator[System]:
    """A system whose clock a test may move."""
    yield system
    system.set_clock(None)


def mojbok(system: System, *arguments: str) -> str:
    done = subprocess.run(
        [MOJBOK, *arguments], cwd=ROOT, env=os.environ | system.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def move(system: System, days: int) -> None:
    system.set_clock((dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).isoformat())


def places(system: System, customer: Customer) -> set[str]:
    """The tables in which the conversation's id stands."""
    return {table for table, rows in system.tables().items() if any(customer.id in map(str, row) for row in rows)}


def let_identity_end(system: System, *customers: Customer) -> None:
    """Two days pass: who was identified is so no longer, and is told."""
    move(system, 2)
    for customer in customers:
        until(lambda customer=customer: _ended(customer))


def _ended(customer: Customer) -> bool:
    return any(event["type"] == "identity" and event["state"] == "anonymous" for event in customer.history())


def put_under_hold(system: System, customer: Customer) -> None:
    async def put() -> None:
        database = Database(system.database_url)
        async with database.write() as session:
            query = text("UPDATE conversations SET hold = 'I C 12/26' WHERE id = :id")
            await session.execute(query, {"id": customer.id})
        await database.close()

    asyncio.run(put())


def write_ticket(customer: Customer) -> None:
    for words in ("chcę złożyć reklamację", "licznik pokazuje mniej niż faktura", "gotowe", "Żadnego z nich", "tak"):
        answer = customer.say(words)
    assert "Numer zgłoszenia" in answer.text


def test_conversations_go_after_their_time_unless_there_is_a_reason(later: System) -> None:
    old = later.customer()
    old.say("jak założyć konto?")
    identified = later.identified(KAZIMIERZ)
    writing = later.identified(HELENA)
    write_ticket(writing)
    held = later.customer()
    held.say("ile to kosztuje?")
    put_under_hold(later, held)
    let_identity_end(later, identified, writing)
    move(later, 200)
    fresh = later.customer()
    fresh.say("jak założyć konto?")
    assert "0 conversations" in mojbok(later, "retention")
    assert "dialogue_states" in places(later, old)

    move(later, 370)
    assert "2 conversations" in mojbok(later, "retention")
    assert places(later, old) == places(later, identified) == {"staff_acts"}, "that it was removed is on record"
    for kept in (writing, held, fresh):
        assert {"conversations", "events", "dialogue_states"} <= places(later, kept)
    assert "0 conversations" in mojbok(later, "retention")


def test_a_customer_under_legal_hold_keeps_their_conversations(later: System) -> None:
    identified = later.identified(KAZIMIERZ)
    let_identity_end(later, identified)
    mojbok(later, "hold", "--customer", "K0000102", "--reason", "sprawa I C 12/26")
    try:
        move(later, 400)
        assert "0 conversations" in mojbok(later, "retention")
        assert "conversations" in places(later, identified)
    finally:
        mojbok(later, "hold", "--customer", "K0000102", "--release")
    assert "1 conversations" in mojbok(later, "retention")
    assert places(later, identified) == {"staff_acts"}


def test_calls_and_security_events_go_after_their_own_time(later: System) -> None:
    later.identified(KAZIMIERZ).say("oddzwońcie jutro rano na 501 000 102")
    move(later, 89)
    assert ", 0 callbacks, 0 security events" in mojbok(later, "retention")
    move(later, 95)
    assert ", 1 callbacks, 0 security events" in mojbok(later, "retention")
    move(later, 735)
    mojbok(later, "retention")
    assert later.tables()["security_events"] == []


def test_a_held_conversation_is_not_erased_with_its_person(later: System) -> None:
    identified = later.identified(KAZIMIERZ)
    put_under_hold(later, identified)
    done = subprocess.run(
        [MOJBOK, "erase", "--customer", "K0000102"],
        cwd=ROOT,
        env=os.environ | later.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "under legal hold" in done.stderr
    assert "conversations" in places(later, identified)
