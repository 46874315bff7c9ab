"""Every query on the office's people, their sessions and what they did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, delete, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import UtcDateTime
from backend.staff.models import Act, Member, StaffSession


async def member(session: AsyncSession, member_id: int, *, lock: bool = False) -> Member | None:
    return await session.get(Member, member_id, with_for_update=lock or None)


async def member_by_login(session: AsyncSession, login: str) -> Member | None:
    return await session.scalar(select(Member).where(Member.login == login))


async def member_by_invitation(session: AsyncSession, digest: str, *, lock: bool = False) -> Member | None:
    query = select(Member).where(Member.invitation_digest == digest)
    return await session.scalar(query.with_for_update() if lock else query)


async def members(session: AsyncSession) -> Sequence[Member]:
    return (await session.scalars(select(Member).order_by(Member.login))).all()


async def session_by_digest(session: AsyncSession, digest: str, *, lock: bool = False) -> StaffSession | None:
    query = select(StaffSession).where(StaffSession.token_digest == digest)
    return await session.scalar(query.with_for_update() if lock else query)


async def forget_sessions(session: AsyncSession, before: dt.datetime) -> None:
    await session.execute(delete(StaffSession).where(StaffSession.until < before))


async def end_session(session: AsyncSession, session_id: int, now: dt.datetime) -> None:
    await session.execute(update(StaffSession).where(StaffSession.id == session_id).values(until=now))


async def end_sessions(session: AsyncSession, member_id: int, now: dt.datetime) -> None:
    query = update(StaffSession).where(StaffSession.member_id == member_id, StaffSession.until > now)
    await session.execute(query.values(until=now))


async def acts(
    session: AsyncSession, conditions: Iterable[ColumnElement[bool]], place: Act | None, most: int, *, newer: bool
) -> list[tuple[Act, str | None]]:
    """Acts and who did them from a place on, the latest first; going to newer ones, the earliest first."""
    order = (Act.at, Act.id) if newer else (Act.at.desc(), Act.id.desc())
    query = select(Act, Member.name).outerjoin(Member).where(*conditions).order_by(*order).limit(most)
    if place is not None:
        key, here = tuple_(Act.at, Act.id), tuple_(literal(place.at, UtcDateTime), literal(place.id))
        query = query.where(key > here if newer else key < here)
    return [(row[0], row[1]) for row in await session.execute(query)]


async def act(session: AsyncSession, act_id: int) -> Act | None:
    return await session.get(Act, act_id)


async def names(session: AsyncSession, member_ids: Collection[int]) -> dict[int, str]:
    rows = await session.execute(select(Member.id, Member.name).where(Member.id.in_(member_ids)))
    return {row[0]: row[1] for row in rows}
