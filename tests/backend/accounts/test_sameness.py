"""For known and unknown people the same statements, hashes and rows (OWASP ASVS 5.0, 6.3.8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts.passwords import Passwords
from backend.accounts.service import Accounts
from backend.database import Database

KNOWN = {"number": "00000000001", "customer_no": "K1", "email": "k1@poczta.example"}
UNKNOWN = {"number": "00000000009", "customer_no": "K9", "email": "k9@poczta.example"}

Work = Callable[[Accounts, AsyncSession, dict[str, str]], Awaitable[Any]]


async def register(accounts: Accounts, session: AsyncSession, who: dict[str, str]) -> None:
    await accounts.registration.ask(session, who["number"], who["customer_no"], who["email"], "stąd")


async def remind(accounts: Accounts, session: AsyncSession, who: dict[str, str]) -> None:
    await accounts.recovery.remind_login(session, who["email"], "stąd")


async def reset(accounts: Accounts, session: AsyncSession, who: dict[str, str]) -> None:
    await accounts.recovery.ask_reset(session, who["number"], "stąd")


async def sign_in(accounts: Accounts, session: AsyncSession, who: dict[str, str]) -> None:
    found = await accounts.whom(session, who["number"])
    right = await accounts.passwords.verify(found.password_hash, "nie to hasło")
    await accounts.sign_in(session, found, None, "stąd", right=right)


@pytest.mark.parametrize("work", [register, remind, reset, sign_in])
async def test_v6_3_8_the_same_statements_hashes_and_rows(
    database: Database, accounts: Accounts, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []
    hashes: list[int] = []
    matches = Passwords._matches

    def counted(self: Passwords, kept: str, password: str) -> bool:
        hashes.append(len(kept))
        return matches(self, kept, password)

    monkeypatch.setattr(Passwords, "_matches", counted)
    event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda _c, _cur, sql, *_rest: statements.append(sql)
    )
    seen = []
    for who in (KNOWN, UNKNOWN):
        statements.clear()
        hashes.clear()
        async with database.write() as session:
            await work(accounts, session, who)
        seen.append((list(statements), list(hashes)))
    assert seen[0] == seen[1]
    assert len(seen[0][0]) >= 3
    assert len(seen[0][1]) == (1 if work is sign_in else 0)
