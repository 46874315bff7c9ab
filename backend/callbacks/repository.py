"""Queries on callbacks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.callbacks.models import Callback


async def every(session: AsyncSession) -> Sequence[Callback]:
    return (await session.scalars(select(Callback).order_by(Callback.made_at, Callback.callback_no))).all()


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
