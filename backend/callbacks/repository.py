"""Queries on callbacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.callbacks.models import Callback
from backend.callbacks.schemas import Place


async def every(session: AsyncSession) -> Sequence[Callback]:
    return (await session.scalars(select(Callback).order_by(Callback.made_at, Callback.callback_no))).all()


async def one(session: AsyncSession, team: str, callback_no: str, *, lock: bool = False) -> Callback | None:
    query = select(Callback).where(Callback.team == team, Callback.callback_no == callback_no)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(query)


async def page(
    session: AsyncSession, team: str, *, done: bool, ended_before: dt.datetime | None, after: Place | None, most: int
) -> Sequence[Callback]:
    """Those to be made, the first one first; or those made, the latest first."""
    query = select(Callback).where(Callback.team == team)
    query = query.where(Callback.done_at.is_not(None) if done else Callback.done_at.is_(None))
    if ended_before:
        query = query.where(Callback.ends < ended_before)
    key = (Callback.begins, Callback.callback_no)
    if after:
        place = tuple_(literal(after.begins, Callback.begins.type), after.callback_no)
        query = query.where(tuple_(*key) < place if done else tuple_(*key) > place)
    query = query.order_by(*(column.desc() if done else column for column in key)).limit(most)
    return (await session.scalars(query)).all()


async def count_overdue(session: AsyncSession, team: str, now: dt.datetime) -> int:
    query = select(func.count()).where(Callback.team == team, Callback.done_at.is_(None), Callback.ends < now)
    return await session.scalar(query) or 0


async def is_taken(session: AsyncSession, callback_no: str) -> bool:
    return await session.get(Callback, callback_no) is not None


async def remove(session: AsyncSession, customer_id: int, conversation_ids: Collection[str]) -> None:
    theirs = or_(
        Callback.customer_id == customer_id,
        Callback.customer_id.is_(None) & Callback.conversation_id.in_(conversation_ids),
    )
    await session.execute(delete(Callback).where(theirs))


async def clear(session: AsyncSession) -> None:
    await session.execute(delete(Callback))


async def remove_before(
    session: AsyncSession, before: dt.datetime, held: Collection[int], held_talks: Collection[str]
) -> int:
    query = delete(Callback).where(
        Callback.ends < before,
        or_(Callback.customer_id.is_(None), Callback.customer_id.not_in(held)),
        Callback.conversation_id.not_in(held_talks),
    )
    return len((await session.execute(query.returning(Callback.callback_no))).all())


async def phones_of_strangers(session: AsyncSession) -> list[tuple[str, bytes]]:
    """Numbers of strangers' callbacks with the encrypted telephones."""
    query = select(Callback.callback_no, Callback.phone).where(Callback.customer_id.is_(None))
    return [(row[0], row[1]) for row in await session.execute(query)]


async def remove_by_number(session: AsyncSession, numbers: Collection[str]) -> None:
    await session.execute(delete(Callback).where(Callback.callback_no.in_(numbers)))
