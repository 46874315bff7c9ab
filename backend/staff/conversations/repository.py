"""Every query on summaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVarTuple, Unpack

from sqlalchemy import Select, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from backend.database import UtcDateTime
from backend.staff.conversations.filters import Filters
from backend.staff.conversations.models import Review, Summary, Tag
from backend.staff.conversations.search import seen

WALKED = 20_000
"""So many conversations are looked through one by one before the index is asked.

What is found less than fifty times among them is, in a million conversations, found some 2,500 times in all: few enough
to fetch every one and sort. So neither way is ever long, whatever is asked for.
"""

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
    if len(found) == most or not await _goes_on(session, filters, place):
        return found
    return list(await session.scalars(_fetched(filters, place, most)))


def _walked(filters: Filters, place: Place | None, most: int) -> Select[Summary]:
    """Those among the first ones of the list, looked through in its order."""
    row = aliased(Summary, _from(select(Summary), filters, place).limit(WALKED).subquery())
    wanted = select(row).where(seen(row, filters.words), *(condition(row) for condition in filters.row))
    return _ordered(wanted.options(defer(row.words)), row, place).limit(most)


async def _goes_on(session: AsyncSession, filters: Filters, place: Place | None) -> bool:
    """Whether the list is longer than what was walked."""
    query = _from(select(Summary.last_activity_at), filters, place).offset(WALKED).limit(1)
    return await session.scalar(query) is not None


def _fetched(filters: Filters, place: Place | None, most: int) -> Select[Summary]:
    """The first ones of all that the index finds, sorted afterwards."""
    found = filters.narrow(select(Summary.id, Summary.last_activity_at, Summary.conversation_id))
    every = aliased(Summary, _beyond(found, place).cte("every").prefix_with("MATERIALIZED"))
    first = _ordered(select(every.id), every, place).limit(most)
    return _ordered(select(Summary).where(Summary.id.in_(first)).options(defer(Summary.words)), Summary, place)


def _from(query: Select[Unpack[Columns]], filters: Filters, place: Place | None) -> Select[Unpack[Columns]]:
    narrowed = query.where(*(condition(Summary) for condition in filters.span))
    return _ordered(_beyond(narrowed, place), Summary, place)


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
