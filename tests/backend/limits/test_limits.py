"""Counting how often something was done: within the time, not beyond it, and right when many ask at once."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import text

from backend.clock import Clock
from backend.database import Database
from backend.limits.service import KEPT, Limits, Rule
from backend.secrecy import Hasher

RULES = [Rule(3, dt.timedelta(minutes=15)), Rule(5, dt.timedelta(days=1))]


class MovedClock(Clock):
    moved = dt.timedelta()

    def now(self) -> dt.datetime:
        return super().now() + self.moved


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def limits(clock: MovedClock) -> Limits:
    return Limits(clock, Hasher("klucz"))


async def take(database: Database, limits: Limits, subject: str = "ktoś") -> bool:
    async with database.write() as session:
        return await limits.take(session, "letter", subject, RULES)


async def test_three_in_a_quarter_of_an_hour_and_five_a_day(
    database: Database, limits: Limits, clock: MovedClock
) -> None:
    assert [await take(database, limits) for _ in range(4)] == [True, True, True, False]
    clock.moved = dt.timedelta(minutes=15, seconds=1)
    assert [await take(database, limits) for _ in range(3)] == [True, True, False]
    clock.moved = dt.timedelta(days=1, minutes=16)
    assert await take(database, limits)


async def test_everybody_is_counted_apart(database: Database, limits: Limits) -> None:
    assert [await take(database, limits, subject) for subject in "aaab"] == [True] * 4
    assert not await take(database, limits, "a")


async def test_of_twenty_at_once_three_are_allowed(database: Database, limits: Limits) -> None:
    assert sum(await asyncio.gather(*(take(database, limits) for _ in range(20)))) == 3


async def test_times_of_a_clock_that_was_set_back_count_for_nothing(
    database: Database, limits: Limits, clock: MovedClock
) -> None:
    clock.moved = dt.timedelta(days=3)
    assert [await take(database, limits) for _ in range(4)] == [True, True, True, False]
    clock.moved = dt.timedelta()
    assert await take(database, limits)


async def test_what_is_old_is_forgotten(database: Database, limits: Limits, clock: MovedClock) -> None:
    await take(database, limits, "stary")
    clock.moved = KEPT + dt.timedelta(seconds=1)
    await take(database, limits, "nowy")
    async with database.write() as session:
        await limits.forget_old(session)
    async with database.read() as session:
        assert len((await session.execute(text("SELECT * FROM limits"))).all()) == 1
