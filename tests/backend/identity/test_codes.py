"""Codes and grants below the conversation: parallel tries, and the same work for the known and the unknown."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import event, func, select

from backend.audit.service import Audit
from backend.clock import Clock
from backend.customers.models import Customer
from backend.database import Database
from backend.identity.models import Grant, IdentityCode
from backend.identity.schemas import CodeRefused
from backend.identity.service import Identity
from backend.identity.sessions import Sessions
from backend.limits.service import Limits
from backend.mail.models import Letter
from backend.mail.service import Outbox
from backend.secrecy import Cipher, Hasher
from backend.settings import Profile, Settings

EMAIL = "jan.pajak@poczta.example"


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(Cipher(Fernet.generate_key().decode()), Clock())


@pytest.fixture
async def identity(database: Database, outbox: Outbox, tmp_path: Path) -> Identity:
    async with database.write() as session:
        session.add(
            Customer(
                customer_no="K1",
                kind="individual",
                name="Jan Pająk",
                email=EMAIL,
                folded_email=EMAIL,
                active=True,
                consent_email=True,
                consent_phone=True,
                row_digest="",
            )
        )
    settings = Settings(profile=Profile.DEVELOPMENT, data_dir=tmp_path)
    clock, hasher = Clock(), Hasher("klucz")
    return Identity(settings, clock, hasher, outbox, Limits(clock, hasher), Audit(clock), Sessions(settings, clock))


async def send(database: Database, identity: Identity, identifier: str, conversation: str = "k_1") -> None:
    async with database.write() as session:
        await identity.send_code(session, conversation, identifier)


async def confirm(database: Database, identity: Identity, code: str) -> str:
    """What came of a try; a refusal is committed too, since the try counts."""
    async with database.write() as session:
        try:
            await identity.confirm(session, "k_1", code)
        except CodeRefused as refused:
            return refused.reason.value
        return "confirmed"


async def letter_code(database: Database, outbox: Outbox) -> str:
    async with database.read() as session:
        letter = (await outbox.caught(session))[-1]
    return re.findall(r"\b\d{6}\b", letter.text)[0]


async def test_of_twenty_tries_at_once_with_the_right_code_one_confirms(
    database: Database, identity: Identity, outbox: Outbox
) -> None:
    await send(database, identity, EMAIL)
    code = await letter_code(database, outbox)
    results = await asyncio.gather(*(confirm(database, identity, code) for _ in range(20)))
    assert results.count("confirmed") == 1
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Grant)) == 1


async def test_twenty_wrong_tries_at_once_lock_the_code(database: Database, identity: Identity, outbox: Outbox) -> None:
    await send(database, identity, EMAIL)
    code = await letter_code(database, outbox)
    wrong = "000000" if code != "000000" else "000001"
    results = await asyncio.gather(*(confirm(database, identity, wrong) for _ in range(20)))
    assert results.count("wrong") == 4
    assert results.count("locked") == 16
    assert await confirm(database, identity, code) == "locked"


async def test_known_and_unknown_take_the_same_statements_and_rows(database: Database, identity: Identity) -> None:
    statements: list[str] = []
    event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    taken = []
    for conversation, identifier in (("k_1", EMAIL), ("k_2", "nikt@poczta.example")):
        statements.clear()
        await send(database, identity, identifier, conversation)
        taken.append(list(statements))
    assert taken[0] == taken[1]
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(IdentityCode)) == 2
        letters = list(await session.scalars(select(Letter).order_by(Letter.id)))
    assert [letter.recipient is None for letter in letters] == [False, True]
    assert len(letters[0].text) == len(letters[1].text)
    assert len(letters[0].html) == len(letters[1].html)
