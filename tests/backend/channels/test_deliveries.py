"""What goes out to a platform: everything once and in order, whatever the platform says in between."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

import backend.models  # noqa: F401 - the tables refer to one another
from backend.audit.service import Audit
from backend.channels.capabilities import TELEGRAM
from backend.channels.deliveries import Deliveries
from backend.channels.models import ChannelAccount, ChannelTalk, Undelivered
from backend.channels.people import People
from backend.channels.refusals import Refusals
from backend.channels.schemas import Call, Refused, Shown, TryAgain
from backend.chat.events import Events
from backend.chat.hub import Hub
from backend.chat.models import Conversation, Event
from backend.chat.vault import Vault
from backend.clock import Clock
from backend.database import Database
from backend.identity.links import Links
from backend.identity.service import Identity
from backend.identity.sessions import Sessions
from backend.limits.service import Limits
from backend.mail.service import Outbox
from backend.secrecy import Cipher, Hasher
from backend.settings import Profile, Settings
from backend.wording import load_wording
from tests.support.waiting import eventually

TALK, NEXT_TALK = "k_pierwsza", "k_druga"


class Platform:
    """Outside of us: takes each text, or does with it what a test has told it to."""

    name, capabilities = "telegram", TELEGRAM

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.does: dict[str, Any] = {}

    def render(self, shown: Shown) -> list[Call]:
        return [Call("sendMessage", {"text": part}) for part in shown.text.split("|")]

    async def send(self, address: str, call: Call) -> str:
        text = call.body["text"]
        if deed := self.does.pop(text, None):
            if isinstance(deed, Exception):
                raise deed
            await deed()
        self.heard.append(f"{address}: {text}")
        return f"id of {text}"


class Home:
    """Deliveries on a database with one account, whose conversation has three messages."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        settings = Settings(profile=Profile.DEVELOPMENT, data_dir=data_dir)
        self.clock, hasher, self.cipher = Clock(), Hasher("klucz"), Cipher(Fernet.generate_key().decode())
        wording, limits, outbox = load_wording(settings), Limits(self.clock, hasher), Outbox(self.cipher, self.clock)
        identity = Identity(
            settings, self.clock, hasher, outbox, limits, Audit(self.clock), Sessions(settings, self.clock)
        )
        links = Links(settings, self.clock, self.cipher)
        events = Events(self.clock, wording, Vault(self.cipher, []), identity, links)
        people = People(self.clock, self.cipher, hasher, events, None, "")  # type: ignore[arg-type]
        self.database, self.platform = database, Platform()
        self.deliveries = Deliveries(
            database,
            self.clock,
            {"telegram": self.platform},  # type: ignore[dict-item]
            people,
            Refusals(database, self.clock, hasher),
            events,
            None,  # type: ignore[arg-type] - no message here has a link or a picture
            None,  # type: ignore[arg-type]
            None,  # type: ignore[arg-type]
            Hub(),
        )

    async def fill(self, *texts: str) -> None:
        now = self.clock.now()
        async with self.database.write() as session:
            for talk in (TALK, NEXT_TALK):
                session.add(
                    Conversation(
                        id=talk, token_digest="-", channel="telegram", opened_at=now, last_activity_at=now, last_seq=9
                    )
                )
            await session.flush()
            account = ChannelAccount(
                channel="telegram", digest="d", address=self.cipher.encrypt("7"), conversation_id=TALK, heard_at=now
            )
            session.add(account)
            await session.flush()
            session.add(ChannelTalk(account_id=account.id, conversation_id=TALK))
            for seq, text in enumerate(texts, 1):
                body = {"from": "bot", "text": text}
                session.add(Event(conversation_id=TALK, seq=seq, type="message", at=now, body=body))
        self.deliveries.follow(TALK, account.id)

    async def account(self) -> ChannelAccount:
        async with self.database.read() as session:
            return (await session.scalars(select(ChannelAccount))).one()

    async def undelivered(self) -> list[tuple[int, str]]:
        async with self.database.read() as session:
            rows = await session.scalars(select(Undelivered).order_by(Undelivered.seq))
            return [(row.seq, row.reason) for row in rows]

    async def has_heard(self, *texts: str) -> None:
        async def enough() -> bool:
            return len(self.platform.heard) >= len(texts)

        await eventually(enough)
        await asyncio.sleep(0.2)
        assert self.platform.heard == [f"7: {text}" for text in texts]


@pytest.fixture
async def home(database: Database, tmp_path: Path) -> AsyncIterator[Home]:
    home = Home(database, tmp_path)
    yield home
    await home.deliveries.drop()


async def test_all_that_waits_goes_out_in_order_and_once(home: Home) -> None:
    await home.fill("raz", "dwa|i pół", "trzy")
    for _ in range(3):
        home.deliveries.wake(TALK)
    await home.has_heard("raz", "dwa", "i pół", "trzy")
    home.deliveries.wake(TALK)
    await home.has_heard("raz", "dwa", "i pół", "trzy")
    assert (await home.account()).sent_seq == 3


async def test_what_a_platform_cannot_take_now_waits_with_all_that_follows(home: Home) -> None:
    await home.fill("raz", "dwa|i pół", "trzy")
    home.platform.does["i pół"] = TryAgain(0.5)
    home.deliveries.wake(TALK)
    await home.has_heard("raz", "dwa")
    waiting = await home.account()
    assert (waiting.sent_seq, waiting.sent_part, waiting.tries) == (1, 1, 1)
    await home.has_heard("raz", "dwa", "i pół", "trzy")
    done = await home.account()
    assert (done.sent_seq, done.sent_part, done.tries, done.next_try_at) == (3, 0, 0, None)


async def test_what_is_refused_is_noted_and_the_rest_goes_on(home: Home) -> None:
    await home.fill("raz", "dwa", "trzy")
    home.platform.does["dwa"] = Refused("refused")
    home.deliveries.wake(TALK)
    await home.has_heard("raz", "trzy")
    assert await home.undelivered() == [(2, "refused")]


async def test_nothing_is_tried_with_who_has_blocked_us(home: Home) -> None:
    await home.fill("raz", "dwa", "trzy")
    home.platform.does |= {"raz": Refused("blocked"), "dwa": AssertionError("tried"), "trzy": AssertionError("tried")}
    home.deliveries.wake(TALK)
    await eventually_undelivered(home, [(1, "blocked"), (2, "blocked"), (3, "blocked")])
    assert home.platform.heard == []
    assert (await home.account()).blocked_at is not None


@pytest.mark.parametrize("where", ["raz", "dwa"], ids=["between messages", "between parts"])
async def test_a_conversation_that_was_replaced_goes_out_no_further(home: Home, where: str) -> None:
    await home.fill("raz", "dwa|i pół", "trzy")

    async def begin_another() -> None:
        async with home.database.write() as session:
            account = (await session.scalars(select(ChannelAccount))).one()
            account.conversation_id, account.sent_seq, account.sent_part = NEXT_TALK, 0, 0

    home.platform.does[where] = begin_another
    home.deliveries.wake(TALK)
    await home.has_heard(*["raz", "dwa"][: ["raz", "dwa"].index(where) + 1])
    assert (await home.account()).sent_seq == 0


async def test_what_came_too_late_is_not_sent(home: Home) -> None:
    await home.fill("raz")
    home.platform.capabilities = replace(TELEGRAM, window=dt.timedelta(hours=24))
    async with home.database.write() as session:
        (await session.scalars(select(ChannelAccount))).one().heard_at -= dt.timedelta(hours=25)
    home.deliveries.wake(TALK)
    await eventually_undelivered(home, [(1, "window")])
    assert home.platform.heard == []


async def eventually_undelivered(home: Home, expected: list[tuple[int, str]]) -> None:
    async def enough() -> bool:
        return len(await home.undelivered()) >= len(expected)

    await eventually(enough)
    assert await home.undelivered() == expected
