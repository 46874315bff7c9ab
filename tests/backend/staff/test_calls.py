"""Callbacks as the office sees them: by team, the next one first, and what came of a call written once."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from backend.callbacks.models import Callback
from backend.callbacks.schemas import CallbackMissing, Stale
from backend.callbacks.service import PAGE, Callbacks
from backend.clock import Clock
from backend.database import Database
from backend.limits.service import Limits
from backend.mail.service import Outbox
from backend.secrecy import Cipher, Hasher
from backend.settings import Profile, Settings

CLOCK = Clock()
CIPHER = Cipher(Fernet.generate_key().decode())
PHONE = "+48601222333"


@pytest.fixture
def callbacks(tmp_path: Path) -> Callbacks:
    settings = Settings(profile=Profile.DEVELOPMENT, data_dir=tmp_path)
    return Callbacks(settings, CLOCK, CIPHER, Outbox(CIPHER, CLOCK), Limits(CLOCK, Hasher("klucz")))


def wish(number: str, in_hours: float, **values: Any) -> Callback:
    begins = CLOCK.now() + dt.timedelta(hours=in_hours)
    defaults = {
        "callback_no": f"T/{number}",
        "conversation_id": "k_1",
        "team": "cok",
        "phone": CIPHER.encrypt(PHONE),
        "begins": begins,
        "ends": begins + dt.timedelta(hours=2),
        "made_at": CLOCK.now(),
    }
    return Callback(**(defaults | values))


async def add(database: Database, *wishes: Callback) -> None:
    async with database.write() as session:
        session.add_all(wishes)


async def listed(database: Database, callbacks: Callbacks, team: str = "cok", **wanted: Any) -> list[str]:
    async with database.read() as session:
        found, _ = await callbacks.page(session, team, **({"done": False} | wanted))
    return [card.callback_no for card in found]


async def test_a_team_sees_its_own_calls_the_next_one_first_and_late_ones_marked(
    database: Database, callbacks: Callbacks
) -> None:
    await add(database, wish("jutro", 24), wish("teraz", -1), wish("wczoraj", -24), wish("cudze", 1, team="bok"))
    assert await listed(database, callbacks) == ["T/wczoraj", "T/teraz", "T/jutro"]
    assert await listed(database, callbacks, overdue=True) == ["T/wczoraj"]
    assert await listed(database, callbacks, "bok") == ["T/cudze"]
    async with database.read() as session:
        assert await callbacks.overdue(session, "cok") == 1


async def test_another_teams_call_and_none_are_the_same(database: Database, callbacks: Callbacks) -> None:
    await add(database, wish("cudze", 1, team="bok"))
    for number in ("T/cudze", "T/nie-ma"):
        async with database.write() as session:
            for attempt in (
                callbacks.one(session, "cok", number),
                callbacks.phone(session, "cok", number),
                callbacks.note(session, "cok", number, 0, "tak", done=True),
            ):
                with pytest.raises(CallbackMissing):
                    await attempt


async def test_of_two_notes_at_once_one_is_kept(database: Database, callbacks: Callbacks) -> None:
    await add(database, wish("1", -1))

    async def note(text: str) -> bool:
        try:
            async with database.write() as session:
                await callbacks.note(session, "cok", "T/1", 0, text, done=True)
        except Stale:
            return False
        return True

    assert sorted(await asyncio.gather(note("załatwione"), note("nie odbiera"))) == [False, True]
    assert await listed(database, callbacks) == []
    assert await listed(database, callbacks, done=True) == ["T/1"]


async def test_who_did_not_answer_is_called_again(database: Database, callbacks: Callbacks) -> None:
    await add(database, wish("1", -24))
    async with database.write() as session:
        await callbacks.note(session, "cok", "T/1", 0, "nie odbiera", done=False)
        card = await callbacks.one(session, "cok", "T/1")
        assert (card.note, card.done_at, card.overdue, card.version) == ("nie odbiera", None, True, 1)
        assert await callbacks.phone(session, "cok", "T/1") == PHONE


@pytest.mark.parametrize("done", [False, True])
async def test_pages_follow_one_another(database: Database, callbacks: Callbacks, done: bool) -> None:
    made = CLOCK.now() if done else None
    await add(database, *(wish(f"{number:03}", number // 3, done_at=made) for number in range(PAGE + 5)))
    async with database.read() as session:
        first, place = await callbacks.page(session, "cok", done=done)
        second, end = await callbacks.page(session, "cok", done=done, after=place)
    assert end is None
    assert len({card.callback_no for card in [*first, *second]}) == len(first) + len(second) == PAGE + 5
