"""Tickets whose time is over, strangers' tickets of somebody who is erased, and what still needs its conversation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from backend.secrecy import Cipher
from backend.tickets import repository

AT_ONCE = 500


async def still_open(session: AsyncSession, conversation_ids: Collection[str]) -> set[str]:
    """Those of the conversations in which a ticket was written that is not closed."""
    return await repository.conversations_of_open(session, conversation_ids)


async def forget_closed(
    session: AsyncSession, before: dt.datetime, held: Collection[int], held_talks: Collection[str]
) -> int:
    """Removes tickets closed and untouched since, some hundreds at once; how many.

    Those of customers in `held`, and those written in conversations in `held_talks`, stay.
    """
    numbers = await repository.closed_since(session, before, held, held_talks, AT_ONCE)
    await repository.remove_by_number(session, numbers)
    return len(numbers)


async def forget_of(session: AsyncSession, cipher: Cipher, email: str) -> None:
    """Removes tickets of somebody who was not known and left this address."""
    left = await repository.contacts(session)
    mine = [number for number, contact in left if cipher.decrypt(contact).casefold() == email.casefold()]
    await repository.remove_by_number(session, mine)
