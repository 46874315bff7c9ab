"""Every query of the channels."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels.models import ChannelAccount, ChannelArrival, Undelivered


async def add_arrivals(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Keeps what is new of it: a platform tells the same thing more than once."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (sqlite if is_sqlite else postgresql).insert(ChannelArrival).on_conflict_do_nothing()
    await session.execute(insert, rows)


async def waiting(session: AsyncSession, channel: str, account_digest: str) -> list[ChannelArrival]:
    """What one account did and nobody has taken yet, in the order in which it was done."""
    query = (
        select(ChannelArrival)
        .where(
            ChannelArrival.done_at.is_(None),
            ChannelArrival.channel == channel,
            ChannelArrival.account_digest == account_digest,
        )
        .order_by(ChannelArrival.sent_at, ChannelArrival.id)
    )
    return list(await session.scalars(query))


async def accounts_with_arrivals(session: AsyncSession) -> list[tuple[str, str]]:
    query = (
        select(ChannelArrival.channel, ChannelArrival.account_digest).where(ChannelArrival.done_at.is_(None)).distinct()
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def arrival(session: AsyncSession, arrival_id: int) -> ChannelArrival | None:
    """The row, if it is still to be taken."""
    query = select(ChannelArrival).where(ChannelArrival.id == arrival_id, ChannelArrival.done_at.is_(None))
    return await session.scalar(query)


async def count_try(session: AsyncSession, arrival_id: int) -> int:
    query = (
        update(ChannelArrival)
        .where(ChannelArrival.id == arrival_id)
        .values(tries=ChannelArrival.tries + 1)
        .returning(ChannelArrival.tries)
    )
    return await session.scalar(query) or 0


async def forget_arrivals(session: AsyncSession, before: dt.datetime) -> None:
    """Removes what was taken so long ago that no platform tells it again."""
    await session.execute(delete(ChannelArrival).where(ChannelArrival.done_at < before))


async def account(session: AsyncSession, channel: str, digest: str) -> ChannelAccount | None:
    query = select(ChannelAccount).where(ChannelAccount.channel == channel, ChannelAccount.digest == digest)
    return await session.scalar(query.with_for_update())


async def undelivered(session: AsyncSession, conversation_id: str) -> list[Undelivered]:
    query = select(Undelivered).where(Undelivered.conversation_id == conversation_id).order_by(Undelivered.seq)
    return list(await session.scalars(query))


async def accounts(session: AsyncSession) -> list[ChannelAccount]:
    return list(await session.scalars(select(ChannelAccount)))
