from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.mail.models import Letter


async def waiting(session: AsyncSession, limit: int) -> list[Letter]:
    query = select(Letter).where(Letter.done_at.is_(None)).order_by(Letter.id).limit(limit)
    return list(await session.scalars(query))


async def mark_done(session: AsyncSession, ids: list[int], at: dt.datetime) -> None:
    await session.execute(update(Letter).where(Letter.id.in_(ids)).values(done_at=at))


async def addressed(session: AsyncSession) -> list[Letter]:
    query = select(Letter).where(Letter.recipient.is_not(None)).order_by(Letter.id)
    return list(await session.scalars(query))
