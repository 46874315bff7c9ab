"""Every query on summaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVarTuple, Unpack

from sqlalchemy import Select, func, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from backend.clock import WARSAW
from backend.database import UtcDateTime
from backend.staff.conversations.filters import Filters
from backend.staff.conversations.models import Review, Summary, Tag
from backend.staff.conversations.periods import Period, years
from backend.staff.conversations.search import held, seen

WALKED = 5_000
"""So many conversations are looked through one by one before the index is asked."""

FETCHED = 500
"""So many of a year or quarter are fetched from the index and sorted; where there are more it is taken apart."""

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class Place:
    """A place in the list: behind (`newer`: before) the conversation with this last activity and id."""

    at: dt.datetime
    conversation_id: str
    newer: bool = False


async def put(session: AsyncSession, conversation_id: str, values: Mapping[str, object]) -> None:
    """Writes the summary of a conversation, which the caller locked by `note_summarised`."""
    changed = await session.execute(
        update(Summary)
        .where(Summary.conversation_id == conversation_id)
        .values(**values)
        .returning(Summary.id)
        .execution_options(synchronize_session=False)
    )
    if changed.scalar() is None:
        session.add(Summary(conversation_id=conversation_id, **values))


async def listed(session: AsyncSession, filters: Filters, place: Place | None, most: int) -> list[Summary]:
    """The conversations from a place on, the latest first; going to newer ones, the earliest first."""
    if not filters.words and not filters.row:
        every = select(Summary).options(defer(Summary.words))
        return list(await session.scalars(_from(every, filters, place).limit(most)))
    found = list(await session.scalars(_walked(filters, place, most)))
    walked_to = await _end_of_walk(session, filters, place) if len(found) < most else None
    if walked_to is None:
        return found
    ids = await _indexed(session, filters, walked_to, most - len(found))
    more = select(Summary).where(Summary.id.in_(ids)).options(defer(Summary.words))
    return found + list(await session.scalars(_ordered(more, Summary, place)))


def _walked(filters: Filters, place: Place | None, most: int) -> Select[Summary]:
    """Those among the first ones of the list, looked through in its order."""
    row = aliased(Summary, _from(select(Summary), filters, place).limit(WALKED).subquery())
    wanted = select(row).where(seen(row, filters.words), *(condition(row) for condition in filters.row))
    return _ordered(wanted.options(defer(row.words)), row, place).limit(most)


async def _end_of_walk(session: AsyncSession, filters: Filters, place: Place | None) -> Place | None:
    """The last conversation that was walked; None where the list is no longer than that."""
    query = _from(select(Summary.last_activity_at, Summary.conversation_id), filters, place)
    rows = (await session.execute(query.offset(WALKED - 1).limit(1))).all()
    newer = place is not None and place.newer
    return Place(rows[0][0], rows[0][1], newer) if rows else None


async def _indexed(session: AsyncSession, filters: Filters, place: Place, most: int) -> list[int]:
    """The ids of the first ones beyond a place.

    The nearest year comes first. What is rare in it is fetched whole; what is frequent is found in its parts, and in a
    month by sorting. Where a year or quarter may lie partly outside, its parts are asked for, so that little is fetched
    in vain.
    """
    end = func.max(Summary.last_activity_at) if place.newer else func.min(Summary.last_activity_at)
    farthest = await session.scalar(_within(select(end), filters, place)) or place.at
    ends = [at.astimezone(WARSAW).date() for at in (place.at, farthest)]
    ids: list[int] = []
    waiting = list(years(*ends))[::-1]
    while waiting and len(ids) < most:
        period = waiting.pop()
        found = None
        if period.is_month or not any(period.has(day) for day in ends):
            found = await _of_period(session, filters, place, period, most - len(ids))
        if found is None:
            waiting += period.parts()[::-1] if place.newer else period.parts()
        else:
            ids += found
    return ids


async def _of_period(
    session: AsyncSession, filters: Filters, place: Place, period: Period, most: int
) -> list[int] | None:
    """The ids of its first ones; None where there are more than may be fetched."""
    found = select(Summary.id, Summary.last_activity_at, Summary.conversation_id)
    found = found.where(held([*filters.words, period.word]), *(condition(Summary) for condition in filters.row))
    found = _within(found, filters, place).limit(None if period.is_month else FETCHED + 1)
    every = aliased(Summary, found.cte("every").prefix_with("MATERIALIZED"))
    first = _ordered(select(every.id, func.count().over()), every, place).limit(most)
    rows = (await session.execute(first)).all()
    return None if rows and not period.is_month and rows[0][1] > FETCHED else [row[0] for row in rows]


def _from(query: Select[Unpack[Columns]], filters: Filters, place: Place | None) -> Select[Unpack[Columns]]:
    return _ordered(_within(query, filters, place), Summary, place)


def _within(query: Select[Unpack[Columns]], filters: Filters, place: Place | None) -> Select[Unpack[Columns]]:
    """What the span of the filters has beyond a place."""
    return _beyond(query.where(*(condition(Summary) for condition in filters.span)), place)


def _beyond(query: Select[Unpack[Columns]], place: Place | None) -> Select[Unpack[Columns]]:
    if place is None:
        return query
    key = tuple_(Summary.last_activity_at, Summary.conversation_id)
    here = tuple_(literal(place.at, UtcDateTime), literal(place.conversation_id))
    return query.where(key > here if place.newer else key < here)


def _ordered(query: Select[Unpack[Columns]], row: type[Summary], place: Place | None) -> Select[Unpack[Columns]]:
    to_newer = place is not None and place.newer
    return query.order_by(*(one if to_newer else one.desc() for one in (row.last_activity_at, row.conversation_id)))


async def tags_of(session: AsyncSession, conversation_ids: Sequence[str]) -> dict[str, list[str]]:
    query = select(Tag.conversation_id, Tag.tag).where(Tag.conversation_id.in_(conversation_ids)).order_by(Tag.tag)
    found: dict[str, list[str]] = {}
    for conversation_id, tag in await session.execute(query):
        found.setdefault(conversation_id, []).append(tag)
    return found


async def states_of(session: AsyncSession, conversation_ids: Sequence[str]) -> dict[str, str]:
    query = select(Review.conversation_id, Review.state).where(Review.conversation_id.in_(conversation_ids))
    return {row[0]: row[1] for row in await session.execute(query)}
