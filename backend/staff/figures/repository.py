"""What is counted over summaries. The database counts; what comes back is as long as a table on the page."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import JSON, ColumnElement, Row, ScalarSelect, Select, case, column, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers.models import Customer
from backend.staff.conversations.filters import Filters
from backend.staff.conversations.models import ASSUMED, CONFIRMED, Review, Summary, Tag
from backend.staff.conversations.search import facet, seen
from backend.staff.figures.dialects import each_of, each_word

AT_ONCE = 500
"""Rows that are exported in one go: some milliseconds of work."""

SHORTEST_WORD = 3
COMPARED = 2_000
"""Understood conversations that words are compared with."""


@dataclass(frozen=True)
class Counts:
    """What is counted of some conversations. A handover counts in each state that it went through."""

    conversations: int = 0
    messages: int = 0
    fallbacks: int = 0
    missed: int = 0
    thumbs_up: int = 0
    thumbs_down: int = 0
    offered: int = 0
    taken: int = 0
    returned: int = 0
    confirmed: int = 0
    assumed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True)
class Cell:
    """The conversations of one day, channel and team."""

    day: dt.date
    channel: str
    team: str | None
    counts: Counts


@dataclass(frozen=True)
class Times:
    """Milliseconds to answer: of conversations' means the median, and what 95% of them stay within."""

    median: int | None
    p95: int | None


@dataclass(frozen=True)
class Task:
    """How many conversations left a task like this."""

    name: str
    outcome: str
    step: str | None
    conversations: int


async def cells(session: AsyncSession, filters: Filters) -> list[Cell]:
    """Every conversation, counted in one go: whatever is summed up over days, channels or teams comes from here."""
    key = (Summary.day, Summary.channel, Summary.team)
    query = filters.narrow(select(*key, *_counted())).group_by(*key)
    return [Cell(row[0], row[1], row[2], Counts(*row[3:])) for row in await session.execute(query)]


def _counted() -> list[ColumnElement[int]]:
    """In the order of `Counts`."""
    number = func.count()
    return [
        number,
        func.sum(Summary.messages),
        func.sum(Summary.fallbacks),
        number.filter(Summary.fallbacks > 0),
        number.filter(Summary.thumbs_up > 0),
        number.filter(Summary.thumbs_down > 0),
        *(number.filter(_handed(state)) for state in ("offered", "taken", "returned")),
        *(number.filter(Summary.contained == how) for how in (CONFIRMED, ASSUMED)),
    ]


def _handed(state: str) -> ColumnElement[bool]:
    """As the filter has it: whether it was ever in this state."""
    # The words are long; only where there was a handover are they looked at.
    return case((Summary.handover.is_(None), False), else_=seen(Summary, [facet("przekazanie", state)]))


async def times(session: AsyncSession, filters: Filters) -> Times:
    """By nearest rank, from how often each time occurs."""
    each = filters.narrow(select(Summary.milliseconds.label("time"), func.count().label("number")))
    each_ = each.where(Summary.milliseconds.is_not(None)).group_by(Summary.milliseconds).subquery()
    so_far = func.sum(each_.c.number).over(order_by=each_.c.time).label("so_far")
    ranked = select(each_.c.time, so_far, func.sum(each_.c.number).over().label("every")).subquery()
    within = (func.min(ranked.c.time).filter(ranked.c.so_far * 100 >= ranked.c.every * share) for share in (50, 95))
    row = (await session.execute(select(*within))).one()
    return Times(row[0], row[1])


async def topics(session: AsyncSession, filters: Filters, most: int) -> list[tuple[str, int]]:
    """The intents that most conversations hold, each with how many."""
    intent = each_of(Summary.intents).table_valued("value")
    number = func.count()
    query = filters.narrow(select(intent.c.value, number).select_from(Summary).join(intent, true()))
    found = await session.execute(query.group_by(intent.c.value).order_by(number.desc(), intent.c.value).limit(most))
    return [(row[0], row[1]) for row in found]


async def tasks(session: AsyncSession, filters: Filters) -> list[Task]:
    each = func.json_each(Summary.tasks).table_valued("key", column("value", JSON))
    key = (each.c.key, each.c.value["outcome"].as_string(), each.c.value["step"].as_string())
    query = filters.narrow(select(*key, func.count()).select_from(Summary).join(each, true())).group_by(*key)
    return [Task(*row) for row in await session.execute(query)]


async def missed_words(session: AsyncSession, filters: Filters, most: int) -> list[tuple[str, int]]:
    """The words that occur in most conversations in which something was not understood, each with in how many."""
    return await _words(session, filters.narrow(select(Summary.words).where(Summary.fallbacks > 0)), most=most)


async def understood_words(
    session: AsyncSession, filters: Filters, words: Collection[str]
) -> tuple[dict[str, int], int]:
    """In how many of the latest conversations where all was understood these words occur, and how many those are."""
    latest = (
        filters.narrow(select(Summary.words).where(Summary.fallbacks == 0))
        .order_by(Summary.last_activity_at.desc())
        .limit(COMPARED)
    )
    every = await session.scalar(select(func.count()).select_from(latest.subquery()))
    return dict(await _words(session, latest, among=words)), every or 0


async def _words(
    session: AsyncSession, rows: Select[str], *, among: Collection[str] | None = None, most: int | None = None
) -> list[tuple[str, int]]:
    """Each word stands once in a row, so rows are conversations."""
    held = rows.subquery()
    word, number = each_word(held.c.words).table_valued("value"), func.count()
    query = select(word.c.value, number).select_from(held).join(word, true()).group_by(word.c.value)
    if among is not None:
        query = query.where(word.c.value.in_(among))
    else:
        query = query.where(func.length(word.c.value) >= SHORTEST_WORD, ~word.c.value.contains("="))
    found = await session.execute(query.order_by(number.desc(), word.c.value).limit(most))
    return [(row[0], row[1]) for row in found]


async def every(session: AsyncSession, filters: Filters) -> AsyncGenerator[Sequence[Row[Any]]]:
    """All conversations in the order of the list, some at a time: `EXPORTED`, customer number, state and tags."""
    query = filters.narrow(
        select(*EXPORTED, Customer.customer_no, Review.state, _tags().label("tags"))
        .select_from(Summary)
        .outerjoin(Customer, Customer.id == Summary.customer_id)
        .outerjoin(Review, Review.conversation_id == Summary.conversation_id)
    ).order_by(Summary.last_activity_at.desc(), Summary.conversation_id.desc())
    connection = await session.connection()
    found = await connection.stream(query, execution_options={"yield_per": AT_ONCE})
    async with aclosing(_ahead(found.partitions())) as parts:
        async for rows in parts:
            yield rows


async def _ahead(parts: AsyncIterator[Sequence[Row[Any]]]) -> AsyncGenerator[Sequence[Row[Any]]]:
    """Asks for the next part before it gives one out, so that the database works meanwhile."""
    upcoming = asyncio.ensure_future(anext(parts, None))
    try:
        while rows := await upcoming:
            upcoming = asyncio.ensure_future(anext(parts, None))
            await asyncio.sleep(0)
            yield rows
    finally:
        await asyncio.gather(upcoming, return_exceptions=True)


def _tags() -> ScalarSelect[str]:
    of_row = select(Tag.tag).where(Tag.conversation_id == Summary.conversation_id).correlate(Summary).order_by(Tag.tag)
    tag = of_row.subquery().c.tag
    return select(func.aggregate_strings(tag, "; ")).scalar_subquery()


EXPORTED = (
    Summary.conversation_id,
    Summary.opened_at,
    Summary.last_activity_at,
    Summary.channel,
    Summary.team,
    Summary.customer_id,
    Summary.messages,
    Summary.said,
    Summary.intents,
    Summary.confidence,
    Summary.fallbacks,
    Summary.handover,
    Summary.tasks,
    Summary.thumbs_up,
    Summary.thumbs_down,
    Summary.milliseconds,
)
