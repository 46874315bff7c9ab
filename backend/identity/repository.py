from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.models import Grant, IdentityCode


async def codes_sent(session: AsyncSession, address_digest: str, since: dt.datetime) -> int:
    query = select(func.count()).where(IdentityCode.address_digest == address_digest, IdentityCode.made_at > since)
    return await session.scalar(query) or 0


async def latest_code(session: AsyncSession, conversation_id: str) -> IdentityCode | None:
    query = (
        select(IdentityCode)
        .where(
            IdentityCode.conversation_id == conversation_id,
            IdentityCode.used_at.is_(None),
            IdentityCode.replaced_at.is_(None),
        )
        .order_by(IdentityCode.id.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def replace_codes(session: AsyncSession, conversation_id: str, at: dt.datetime) -> None:
    await session.execute(
        update(IdentityCode)
        .where(IdentityCode.conversation_id == conversation_id, IdentityCode.replaced_at.is_(None))
        .values(replaced_at=at)
    )


async def count_try(session: AsyncSession, code_id: int, most: int) -> int | None:
    """Counts a try in one statement before anything is compared, so that parallel tries cannot exceed `most`.

    Returns how many tries there have been, this one included; None when there were `most` already.
    """
    result = await session.execute(
        update(IdentityCode)
        .where(IdentityCode.id == code_id, IdentityCode.tries < most)
        .values(tries=IdentityCode.tries + 1)
        .returning(IdentityCode.tries)
        .execution_options(synchronize_session=False)
    )
    return result.scalar()


async def consume(session: AsyncSession, code_id: int, at: dt.datetime) -> bool:
    """Uses the code up; of several at once exactly one succeeds."""
    result = await session.execute(
        update(IdentityCode)
        .where(IdentityCode.id == code_id, IdentityCode.used_at.is_(None))
        .values(used_at=at)
        .returning(IdentityCode.id)
        .execution_options(synchronize_session=False)
    )
    return result.scalar() is not None


async def live_grant(session: AsyncSession, conversation_id: str, now: dt.datetime) -> Grant | None:
    query = (
        select(Grant)
        .where(Grant.conversation_id == conversation_id, Grant.ended_at.is_(None), Grant.until > now)
        .order_by(Grant.id.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def open_grants(session: AsyncSession, conversation_id: str) -> list[Grant]:
    query = select(Grant).where(Grant.conversation_id == conversation_id, Grant.ended_at.is_(None))
    return list(await session.scalars(query))


async def conversations_past_grant(session: AsyncSession, now: dt.datetime) -> list[str]:
    query = select(Grant.conversation_id).where(Grant.ended_at.is_(None), Grant.until <= now).distinct()
    return list(await session.scalars(query))
