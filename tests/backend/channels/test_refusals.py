"""Messages that a platform accepted and could not deliver: matched to what was said, and noted once."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
from sqlalchemy import select

from backend.channels import people, repository
from backend.channels.models import ChannelAccount, ChannelSent, ChannelTalk, Undelivered
from backend.channels.refusals import Refusals
from backend.channels.schemas import LateRefusal
from backend.chat.models import Conversation
from backend.clock import Clock
from backend.database import Database
from backend.secrecy import Hasher

WAMID, TALK, SEQ = "wamid.HBgLNDg2MDAwMDAwMDE=", "c_1", 4
WINDOW, BLOCKED = LateRefusal(WAMID, "window"), LateRefusal(WAMID, "blocked")


@pytest.fixture
async def refusals(database: Database) -> Refusals:
    now = Clock().now()
    async with database.write() as session:
        session.add(Conversation(id=TALK, token_digest="x", channel="whatsapp", opened_at=now, last_activity_at=now))
    return Refusals(database, Clock(), Hasher("klucz"))


async def remember(database: Database, refusals: Refusals, platform_id: str = WAMID) -> None:
    async with database.write() as session:
        await refusals.remember(session, "whatsapp", platform_id, TALK, SEQ)


async def noted(database: Database) -> list[tuple[str, int, str]]:
    async with database.read() as session:
        return [(row.conversation_id, row.seq, row.reason) for row in await session.scalars(select(Undelivered))]


async def test_a_refusal_is_noted_with_the_message_it_is_about(database: Database, refusals: Refusals) -> None:
    await remember(database, refusals)
    assert await noted(database) == []
    await refusals.note("whatsapp", [WINDOW])
    assert await noted(database) == [(TALK, SEQ, "window")]


async def test_a_refusal_told_before_we_know_the_id_is_noted_then(database: Database, refusals: Refusals) -> None:
    await refusals.note("whatsapp", [WINDOW])
    assert await noted(database) == []
    await remember(database, refusals)
    assert await noted(database) == [(TALK, SEQ, "window")]


async def test_a_refusal_told_again_is_noted_and_logged_once(
    database: Database, refusals: Refusals, caplog: pytest.LogCaptureFixture
) -> None:
    await remember(database, refusals)
    await remember(database, refusals, "wamid.druga-czesc")
    with caplog.at_level(logging.ERROR, "mojbok.channels"):
        for told in ([WINDOW, WINDOW], [BLOCKED], [LateRefusal("wamid.druga-czesc", "blocked")]):
            await refusals.note("whatsapp", told)
    assert await noted(database) == [(TALK, SEQ, "window")]
    assert caplog.messages == [f"whatsapp: message {SEQ} of {TALK} is not delivered after all: window"]


async def test_a_refusal_of_what_we_did_not_send_is_left_alone(database: Database, refusals: Refusals) -> None:
    await remember(database, refusals)
    await refusals.note("whatsapp", [LateRefusal("wamid.obca", "blocked")])
    await refusals.note("messenger", [WINDOW])
    await refusals.note("whatsapp", [])
    assert await noted(database) == []


async def test_the_platforms_id_is_not_kept_and_its_digest_for_some_days(
    database: Database, refusals: Refusals
) -> None:
    await remember(database, refusals)
    async with database.write() as session:
        (kept,) = await session.scalars(select(ChannelSent))
        assert WAMID not in repr(vars(kept))
        await repository.forget_sent(session, kept.at)
        assert await session.scalar(select(ChannelSent.seq)) == SEQ
        await repository.forget_sent(session, kept.at + dt.timedelta(seconds=1))
        assert await session.scalar(select(ChannelSent.seq)) is None


async def test_an_account_is_removed_with_what_was_sent_to_it(database: Database, refusals: Refusals) -> None:
    await remember(database, refusals)
    async with database.write() as session:
        account = ChannelAccount(channel="whatsapp", digest="y", address=b"", heard_at=Clock().now())
        session.add(account)
        await session.flush()
        session.add(ChannelTalk(account_id=account.id, conversation_id=TALK))
        assert await people.forget_account(session, account) == {TALK}
        assert await session.scalar(select(ChannelSent.seq)) is None
