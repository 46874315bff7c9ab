from __future__ import annotations

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import insert_unless_there
from backend.limits.models import Limit


async def locked(session: AsyncSession, key: str, now: dt.datetime) -> Limit:
    """The row of this key, made if need be; nobody else counts under the key until this transaction ends."""
    await insert_unless_there(session, Limit, key=key, times=[], changed_at=now)
    return await session.get_one(Limit, key, with_for_update=True, populate_existing=True)


async def delete_older(session: AsyncSession, than: dt.datetime) -> None:
    await session.execute(delete(Limit).where(Limit.changed_at < than))
