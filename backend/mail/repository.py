from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.mail.models import Letter


async def waiting(session: AsyncSession, now: dt.datetime, limit: int) -> list[Letter]:
    """Letters whose time to be tried has come, the oldest first."""
    query = select(Letter).where(Letter.done_at.is_(None), Letter.next_try_at <= now).order_by(Letter.id).limit(limit)
    return list(await session.scalars(query))


async def mark_done(session: AsyncSession, ids: list[int], at: dt.datetime) -> None:
    await session.execute(update(Letter).where(Letter.id.in_(ids)).values(done_at=at))


async def remove(session: AsyncSession, letter_id: int) -> None:
    await session.execute(delete(Letter).where(Letter.id == letter_id))


async def try_again(session: AsyncSession, letter_id: int, tries: int, at: dt.datetime) -> None:
    await session.execute(update(Letter).where(Letter.id == letter_id).values(tries=tries, next_try_at=at))


async def addressed(session: AsyncSession) -> list[Letter]:
    query = select(Letter).where(Letter.recipient.is_not(None)).order_by(Letter.id)
    return list(await session.scalars(query))


async def remove_of(session: AsyncSession, customer_id: int) -> None:
    await session.execute(delete(Letter).where(Letter.customer_id == customer_id))
