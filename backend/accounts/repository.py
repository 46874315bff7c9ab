from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts.models import Account, Proof


async def account(session: AsyncSession, customer_id: int) -> Account | None:
    return await session.get(Account, customer_id)


async def accounts(session: AsyncSession, customer_ids: list[int]) -> list[Account]:
    return list(await session.scalars(select(Account).where(Account.customer_id.in_(customer_ids))))


async def proof(session: AsyncSession, purpose: str, handle_digest: str) -> Proof | None:
    query = select(Proof).where(Proof.handle_digest == handle_digest, Proof.purpose == purpose)
    return await session.scalar(query)


async def count_try(session: AsyncSession, proof_id: int, most: int) -> int | None:
    """Counts a try in one statement before anything is compared; None when there were `most` already."""
    result = await session.execute(
        update(Proof)
        .where(Proof.id == proof_id, Proof.tries < most)
        .values(tries=Proof.tries + 1)
        .returning(Proof.tries)
        .execution_options(synchronize_session=False)
    )
    return result.scalar()


async def consume(session: AsyncSession, proof_id: int, at: dt.datetime) -> bool:
    """Uses the proof up; of several at once exactly one succeeds."""
    result = await session.execute(
        update(Proof)
        .where(Proof.id == proof_id, Proof.used_at.is_(None))
        .values(used_at=at)
        .returning(Proof.id)
        .execution_options(synchronize_session=False)
    )
    return result.scalar() is not None


async def end_proofs(session: AsyncSession, customer_id: int, at: dt.datetime, *purposes: str) -> None:
    """Ends what is still open for a customer; of these purposes only, where some are named."""
    query = update(Proof).where(Proof.customer_id == customer_id, Proof.used_at.is_(None))
    if purposes:
        query = query.where(Proof.purpose.in_(purposes))
    await session.execute(query.values(used_at=at))


async def resets(session: AsyncSession) -> list[Proof]:
    """Resets that were asked for by somebody with an account, the newest last."""
    query = select(Proof).where(Proof.purpose == "reset", Proof.customer_id.is_not(None)).order_by(Proof.id)
    return list(await session.scalars(query))


async def remove(session: AsyncSession, customer_id: int) -> None:
    for model in (Proof, Account):
        await session.execute(delete(model).where(model.customer_id == customer_id))


async def remove_ended(session: AsyncSession, before: dt.datetime) -> None:
    await session.execute(delete(Proof).where(Proof.expires_at < before))
