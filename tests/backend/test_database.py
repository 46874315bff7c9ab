"""Units of work: what is cancelled in the middle leaves nothing behind, least of all a lock."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from backend.clock import Clock
from backend.database import WRITERS, Database
from backend.limits.models import Limit
from tests.support.waiting import eventually


async def test_a_cancelled_write_is_undone_and_locks_nobody_out(database: Database) -> None:
    written: list[str] = []

    async def write(key: str) -> None:
        async with database.write() as session:
            session.add(Limit(key=key, times=[], changed_at=Clock().now()))
            await session.flush()
            await session.scalar(select(func.count()).select_from(Limit))
        written.append(key)

    for number in range(200):
        cancelled = asyncio.create_task(write(f"cancelled {number}"))
        await asyncio.sleep(random.uniform(0, 0.004))
        cancelled.cancel()
        with suppress(asyncio.CancelledError):
            await cancelled
        async with asyncio.timeout(5):
            await write(f"whole {number}")
    async with database.read() as session:
        kept = set(await session.scalars(select(Limit.key)))
    assert {key for key in kept if key.startswith("whole")} == {f"whole {number}" for number in range(200)}
    assert set(written) <= kept


async def test_who_hurries_writes_before_those_who_wait(tmp_path: Path) -> None:
    database, order = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite'}"), []

    async def write(name: str, *, hurry: bool = False) -> None:
        async with database.write(hurry=hurry):
            order.append(name)
            await asyncio.sleep(0.02)

    writers = [asyncio.create_task(write(name)) for name in ("first", "second", "gives up", "third")]
    await asyncio.sleep(0.01)
    writers[2].cancel()
    writers.append(asyncio.create_task(write("in a hurry", hurry=True)))
    await asyncio.wait(writers)
    await database.close()
    assert order == ["first", "in a hurry", "second", "third"]


async def test_on_postgresql_some_write_at_once_and_who_hurries_waits_for_none(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one place")
    go_on, writing = asyncio.Event(), 0

    async def write() -> None:
        nonlocal writing
        async with database.write():
            writing += 1
            await go_on.wait()

    writers = [asyncio.create_task(write()) for _ in range(WRITERS + 2)]

    async def all_write() -> bool:
        return writing == WRITERS

    await eventually(all_write)
    async with asyncio.timeout(10), database.write(hurry=True) as session:
        await session.execute(text("SELECT 1"))
    await asyncio.sleep(0.1)
    assert writing == WRITERS
    go_on.set()
    await asyncio.wait(writers)
    assert writing == WRITERS + 2
