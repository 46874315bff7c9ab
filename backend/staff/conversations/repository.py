"""Every query on summaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVarTuple, Unpack

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from backend.clock import WARSAW
from backend.database import UtcDateTime
from backend.staff.conversations.filters import Filters
from backend.staff.conversations.models import Review, Summary, Tag
from backend.staff.conversations.periods import ALWAYS
from backend.staff.conversations.search import held, seen

WALKED = 5_000
"""So many conversations are looked through one by one before the index is asked."""

FETCHED = 500
"""So many of a year, or of all time, are taken from the index at once; where there are more its parts are asked for."""

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
    walked = {one.id for one in found}
    more = await _beyond_walk(session, filters, walked_to, most)
    # One that came between the queries has pushed the end of the walk into what was walked.
    return (found + [one for one in more if one.id not in walked])[:most]


async def _beyond_walk(session: AsyncSession, filters: Filters, place: Place, most: int) -> list[Summary]:
    """What is rare is fetched whole. Of what is frequent the years and months are asked for, the nearest first: most
    have few or none, and in one that has many enough are found.
    """
    days = [at.astimezone(WARSAW).date() for at in (place.at, await _farthest(session, filters, place))]
    found: list[Summary] = []
    waiting = [ALWAYS]
    while waiting and len(found) < most:
        period = waiting.pop()
        words = [*filters.words, *period.words]
        few = await _few(session, words) if not period.is_month else None
        if few:
            found += await session.scalars(_first_of(Summary.id.in_(few), filters, place, most - len(found)))
        elif period.is_month:
            found += await session.scalars(_first_of(held(words), filters, place, most - len(found)))
        elif few is None:
            waiting += reversed(period.parts(*days))
    return found


async def _few(session: AsyncSession, words: Sequence[str]) -> list[int] | None:
    """The ids of all that have the words; None where these are more than may be fetched."""
    ids = list(await session.scalars(select(_every(held(words)).id).limit(FETCHED + 1)))
    return ids if len(ids) <= FETCHED else None


def _first_of(these: ColumnElement[bool], filters: Filters, place: Place, most: int) -> Select[Summary]:
    """All of these are sorted before any is read."""
    every = _every(these)
    wanted = _within(select(every.id), filters, place, every).where(*(condition(every) for condition in filters.row))
    first = _ordered(wanted, every, place).limit(most)
    return _ordered(select(Summary).where(Summary.id.in_(first)).options(defer(Summary.words)), Summary, place)


def _every(these: ColumnElement[bool]) -> type[Summary]:
    """These, with what the filters' conditions look at and no more.

    Apart from all conditions: a database that knew of them, or how few are wanted, might read the table instead of the
    index.
    """
    columns = (Summary.id, Summary.last_activity_at, Summary.conversation_id, Summary.confidence)
    return aliased(Summary, select(*columns).where(these).cte("every").prefix_with("MATERIALIZED"))


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


async def _farthest(session: AsyncSession, filters: Filters, place: Place) -> dt.datetime:
    """The last activity of the last conversation in the list."""
    end = func.max(Summary.last_activity_at) if place.newer else func.min(Summary.last_activity_at)
    return await session.scalar(_within(select(end), filters, place)) or place.at


def _from(query: Select[Unpack[Columns]], filters: Filters, place: Place | None) -> Select[Unpack[Columns]]:
    return _ordered(_within(query, filters, place), Summary, place)


def _within(
    query: Select[Unpack[Columns]], filters: Filters, place: Place | None, row: type[Summary] = Summary
) -> Select[Unpack[Columns]]:
    """What the span of the filters has beyond a place."""
    query = query.where(*(condition(row) for condition in filters.span))
    if place is None:
        return query
    key = tuple_(row.last_activity_at, row.conversation_id)
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
