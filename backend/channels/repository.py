"""Every query of the channels."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels.models import ChannelAccount, ChannelArrival, ChannelSent, Undelivered
from backend.database import Base


async def add_arrivals(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Keeps what is new of it: a platform tells the same thing more than once."""
    await session.execute(_insert(session, ChannelArrival).on_conflict_do_nothing(), rows)


def _insert(session: AsyncSession, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(model) if is_sqlite else postgresql.insert(model)


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


async def arrival(session: AsyncSession, row: ChannelArrival) -> ChannelArrival | None:
    """The row as it is now, if it is still to be taken."""
    query = select(ChannelArrival).where(_same(row), ChannelArrival.done_at.is_(None))
    return await session.scalar(query)


def _same(row: ChannelArrival) -> ColumnElement[bool]:
    """By more than its number: SQLite gives the number of a deleted row to another."""
    return and_(ChannelArrival.id == row.id, ChannelArrival.platform_digest == row.platform_digest)


async def was_heard_since(session: AsyncSession, row: ChannelArrival, since: dt.datetime) -> bool:
    """Whether something else of the same account was taken since then."""
    query = select(ChannelArrival.id).where(
        ChannelArrival.channel == row.channel,
        ChannelArrival.account_digest == row.account_digest,
        ChannelArrival.id != row.id,
        ChannelArrival.done_at > since,
    )
    return await session.scalar(query.limit(1)) is not None


async def count_try(session: AsyncSession, row: ChannelArrival) -> int:
    query = (
        update(ChannelArrival).where(_same(row)).values(tries=ChannelArrival.tries + 1).returning(ChannelArrival.tries)
    )
    return await session.scalar(query) or 0


async def forget_arrivals(session: AsyncSession, before: dt.datetime) -> None:
    """Removes what came so long ago that no platform tells it again, taken or not."""
    await session.execute(delete(ChannelArrival).where(ChannelArrival.arrived_at < before))


async def complete_sent(session: AsyncSession, digest: str, at: dt.datetime, known: dict[str, Any]) -> ChannelSent:
    """Adds what is known now of a message that was sent; all that is known of it."""
    insert = _insert(session, ChannelSent).values(digest=digest, at=at, **known)
    put = insert.on_conflict_do_update(index_elements=["digest"], set_=known).returning(ChannelSent)
    return (await session.scalars(put, execution_options={"populate_existing": True})).one()


async def add_undelivered(session: AsyncSession, row: dict[str, Any]) -> bool:
    """False if it was noted before."""
    insert = _insert(session, Undelivered).values(row).on_conflict_do_nothing().returning(Undelivered.seq)
    return await session.scalar(insert) is not None


async def forget_sent(session: AsyncSession, before: dt.datetime) -> None:
    """Removes what was sent so long ago that no platform tells of it any more."""
    await session.execute(delete(ChannelSent).where(ChannelSent.at < before))


async def account(session: AsyncSession, channel: str, digest: str) -> ChannelAccount | None:
    query = select(ChannelAccount).where(ChannelAccount.channel == channel, ChannelAccount.digest == digest)
    return await session.scalar(query.with_for_update())


async def note_sent(session: AsyncSession, account: ChannelAccount, seq: int, part: int) -> bool:
    """How far the account's conversation got on its way out; False where it has another one by now."""
    values = {"sent_part": part, "tries": 0, "next_try_at": None} | ({} if part else {"sent_seq": seq})
    moved = await session.execute(
        update(ChannelAccount)
        .where(ChannelAccount.id == account.id, ChannelAccount.conversation_id == account.conversation_id)
        .values(values)
        .returning(ChannelAccount.id)
        .execution_options(synchronize_session=False)
    )
    return moved.scalar() is not None


async def accounts_heard_since(session: AsyncSession, since: dt.datetime) -> list[ChannelAccount]:
    """Those with whom a conversation may go on."""
    query = select(ChannelAccount).where(ChannelAccount.conversation_id.is_not(None), ChannelAccount.heard_at > since)
    return list(await session.scalars(query))


async def undelivered(session: AsyncSession, conversation_id: str, first: int, last: int) -> dict[int, str]:
    """Why messages of these seqs did not get there."""
    query = select(Undelivered.seq, Undelivered.reason).where(
        Undelivered.conversation_id == conversation_id, Undelivered.seq.between(first, last)
    )
    return {row[0]: row[1] for row in await session.execute(query)}
