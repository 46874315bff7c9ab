from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.models import Grant, IdentityCode, PortalSession


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


async def customers_shown(session: AsyncSession, conversation_id: str) -> list[int]:
    query = select(Grant.customer_id).where(Grant.conversation_id == conversation_id, Grant.customer_id.is_not(None))
    return [int(one) for one in await session.scalars(query.order_by(Grant.id)) if one is not None]


async def conversations_past_grant(session: AsyncSession, now: dt.datetime) -> list[str]:
    query = select(Grant.conversation_id).where(Grant.ended_at.is_(None), Grant.until <= now).distinct()
    return list(await session.scalars(query))


async def open_codes(session: AsyncSession, now: dt.datetime) -> list[IdentityCode]:
    """Codes of everybody that could still be used: those of the last minutes."""
    query = select(IdentityCode).where(
        IdentityCode.expires_at > now, IdentityCode.used_at.is_(None), IdentityCode.replaced_at.is_(None)
    )
    return list(await session.scalars(query))


async def session_by_digest(session: AsyncSession, digest: str) -> PortalSession | None:
    return await session.scalar(select(PortalSession).where(PortalSession.token_digest == digest))


async def session_by_id(session: AsyncSession, session_id: int) -> PortalSession | None:
    return await session.get(PortalSession, session_id, with_for_update=True)


async def set_grants_of_session(session: AsyncSession, session_id: int, until: dt.datetime) -> None:
    await session.execute(
        update(Grant).where(Grant.session_id == session_id, Grant.ended_at.is_(None)).values(until=until)
    )


async def end_sessions(session: AsyncSession, customer_id: int, keep: int | None, at: dt.datetime) -> None:
    query = update(PortalSession).where(PortalSession.customer_id == customer_id, PortalSession.until > at)
    await session.execute(query.where(PortalSession.id != (keep or 0)).values(until=at))


async def end_grants(session: AsyncSession, customer_id: int, keep: int | None, at: dt.datetime) -> None:
    """Ends the customer's grants, and those that wait for a choice among several with this one."""
    query = update(Grant).where(Grant.customer_id == customer_id, Grant.ended_at.is_(None), Grant.until > at)
    others = or_(Grant.session_id.is_(None), Grant.session_id != (keep or 0))
    await session.execute(query.where(others).values(until=at))
    undecided = await session.scalars(
        select(Grant).where(Grant.customer_id.is_(None), Grant.ended_at.is_(None), Grant.until > at)
    )
    for grant in undecided:
        if customer_id in grant.candidates:
            grant.until = at


async def conversations_of(session: AsyncSession, customer_id: int) -> set[str]:
    """Conversations in which this customer was, or might have been, identified."""
    found = set()
    for row in (Grant, IdentityCode):
        asked = Grant.candidates if row is Grant else IdentityCode.customer_ids
        for conversation_id, ids in await session.execute(select(row.conversation_id, asked)):
            if customer_id in ids:
                found.add(conversation_id)
    return found


async def remove(session: AsyncSession, customer_id: int, conversation_ids: set[str]) -> None:
    for model in (Grant, IdentityCode):
        for conversation_id in conversation_ids:
            await session.execute(delete(model).where(model.conversation_id == conversation_id))
    await session.execute(delete(PortalSession).where(PortalSession.customer_id == customer_id))


async def identified(session: AsyncSession, conversation_ids: Collection[str]) -> list[tuple[str, int]]:
    query = select(Grant.conversation_id, Grant.customer_id)
    query = query.where(Grant.conversation_id.in_(conversation_ids), Grant.customer_id.is_not(None))
    return [(row[0], row[1]) for row in await session.execute(query) if row[1] is not None]


async def customers_of(session: AsyncSession, conversation_ids: set[str]) -> set[int]:
    query = select(Grant.customer_id).where(Grant.conversation_id.in_(conversation_ids), Grant.customer_id.is_not(None))
    return {int(one) for one in await session.scalars(query) if one is not None}


async def remove_ended(session: AsyncSession, before: dt.datetime) -> None:
    """Grants tell who was identified in a conversation: they go with it, and only their session goes before."""
    ended = select(PortalSession.id).where(PortalSession.until < before)
    await session.execute(update(Grant).where(Grant.session_id.in_(ended)).values(session_id=None))
    await session.execute(delete(PortalSession).where(PortalSession.until < before))
