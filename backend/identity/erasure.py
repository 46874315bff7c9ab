"""Forgetting who somebody was shown to be."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity import repository


async def conversations_of(session: AsyncSession, customer_id: int) -> set[str]:
    """Conversations in which this customer was, or might have been, identified."""
    return await repository.conversations_of(session, customer_id)


async def customers_of(session: AsyncSession, conversation_ids: set[str]) -> set[int]:
    """Customers who were identified in one of these conversations."""
    return await repository.customers_of(session, conversation_ids)


async def forget(session: AsyncSession, customer_id: int, conversation_ids: set[str]) -> None:
    """Removes sessions, grants and codes."""
    await repository.remove(session, customer_id, conversation_ids)


async def forget_ended(session: AsyncSession, before: dt.datetime) -> None:
    """Removes sessions that ended long ago."""
    await repository.remove_ended(session, before)
