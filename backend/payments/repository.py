"""Queries on online payments; what belongs to one customer takes that customer's id first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.payments.models import OnlinePayment


async def payment(session: AsyncSession, customer_id: int, payment_id: str) -> OnlinePayment | None:
    query = select(OnlinePayment).where(
        OnlinePayment.customer_id == customer_id, OnlinePayment.payment_id == payment_id
    )
    return await session.scalar(query)


async def of_document(session: AsyncSession, customer_id: int, document_no: str) -> Sequence[OnlinePayment]:
    query = select(OnlinePayment).where(
        OnlinePayment.customer_id == customer_id, OnlinePayment.document_no == document_no
    )
    return (await session.scalars(query.order_by(OnlinePayment.began_at))).all()


async def for_notice(session: AsyncSession, payment_id: str) -> OnlinePayment | None:
    return await session.get(OnlinePayment, payment_id, with_for_update=True)


async def clear(session: AsyncSession) -> None:
    await session.execute(delete(OnlinePayment))


async def remove(session: AsyncSession, customer_id: int) -> None:
    await session.execute(delete(OnlinePayment).where(OnlinePayment.customer_id == customer_id))
