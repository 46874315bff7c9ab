"""Tickets whose time is over, and what still needs its conversation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from backend.tickets import repository


async def still_open(session: AsyncSession, conversation_ids: Collection[str]) -> set[str]:
    """Those of the conversations in which a ticket was written that is not closed."""
    return await repository.conversations_of_open(session, conversation_ids)


async def forget_closed(session: AsyncSession, before: dt.datetime, held: Collection[int]) -> int:
    """Removes tickets closed and untouched since, but not of customers in `held`; how many."""
    numbers = await repository.closed_since(session, before, held)
    await repository.remove_by_number(session, numbers)
    return len(numbers)
