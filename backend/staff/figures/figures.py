"""The figures of the conversations that a filter finds, put together from what the database counted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from backend.staff.conversations.filters import Filters
from backend.staff.figures import repository
from backend.staff.figures.repository import Cell, Counts, Task, Times

MOST_TOPICS = 25
MOST_WORDS = 20
CANDIDATES = 300
MORE_OFTEN = 1.5
"""How much more often than where all was understood a word occurs that tells what was missed."""

Key = TypeVar("Key")


@dataclass(frozen=True)
class Figures:
    """`days` has every day from the first with conversations to the last; `words` tell what was not understood."""

    whole: Counts
    days: Mapping[dt.date, Counts]
    channels: Mapping[str, Counts]
    teams: Mapping[str | None, Counts]
    times: Times
    topics: list[tuple[str, int]]
    tasks: list[Task]
    words: list[tuple[str, int]]


async def read(session: AsyncSession, filters: Filters) -> Figures:
    cells = await repository.cells(session, filters)
    whole = sum((cell.counts for cell in cells), Counts())
    return Figures(
        whole,
        _each_day(_summed(cells, lambda cell: cell.day)),
        _summed(cells, lambda cell: cell.channel),
        _summed(cells, lambda cell: cell.team),
        await repository.times(session, filters),
        await repository.topics(session, filters, MOST_TOPICS),
        await repository.tasks(session, filters),
        await _telling_words(session, filters, whole.missed),
    )


def _summed(cells: Iterable[Cell], key: Callable[[Cell], Key]) -> dict[Key, Counts]:
    """The most frequent first."""
    found: defaultdict[Key, Counts] = defaultdict(Counts)
    for cell in cells:
        found[key(cell)] += cell.counts
    return dict(sorted(found.items(), key=lambda one: -one[1].conversations))


def _each_day(found: Mapping[dt.date, Counts]) -> dict[dt.date, Counts]:
    if not found:
        return {}
    first, last = min(found), max(found)
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return {day: found.get(day, Counts()) for day in days}


async def _telling_words(session: AsyncSession, filters: Filters, missed: int) -> list[tuple[str, int]]:
    """Words of the `missed` conversations, without those that are about as frequent where all was understood."""
    found = await repository.missed_words(session, filters, CANDIDATES)
    elsewhere, understood = await repository.understood_words(session, filters, [word for word, _ in found])
    telling = [
        (word, number)
        for word, number in found
        if number * understood >= elsewhere.get(word, 0) * missed * MORE_OFTEN and not word.isdigit()
    ]
    return telling[:MOST_WORDS]
