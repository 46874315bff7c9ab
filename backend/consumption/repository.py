"""Queries on delivery points and what they took. A point belongs to the customer whose signed contract it is in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.consumption.models import DeliveryPoint, MonthlyConsumption
from backend.customers.models import Contract


def _own(query: Select, customer_id: int) -> Select:
    return query.join(Contract, Contract.contract_no == DeliveryPoint.contract_no).where(
        Contract.customer_id == customer_id, Contract.status != "unsigned"
    )


async def points(session: AsyncSession, customer_id: int) -> Sequence[DeliveryPoint]:
    query = _own(select(DeliveryPoint), customer_id).order_by(DeliveryPoint.label, DeliveryPoint.ppe)
    return (await session.scalars(query)).all()


async def point(session: AsyncSession, customer_id: int, ppe: str) -> DeliveryPoint | None:
    found: DeliveryPoint | None = await session.scalar(
        _own(select(DeliveryPoint), customer_id).where(DeliveryPoint.ppe == ppe)
    )
    return found


async def months(
    session: AsyncSession, customer_id: int, ppe: str | None, first: str, last: str
) -> Sequence[Row[str, Decimal, int]]:
    """Month, kWh, how many of the readings are estimated; all points together, or one of them."""
    kwh = func.sum(MonthlyConsumption.kwh)
    estimated = func.count().filter(MonthlyConsumption.kind == "estimated")
    query = select(MonthlyConsumption.month, kwh, estimated).join(
        DeliveryPoint, DeliveryPoint.ppe == MonthlyConsumption.ppe
    )
    query = _own(query, customer_id).where(MonthlyConsumption.month.between(first, last))
    if ppe:
        query = query.where(MonthlyConsumption.ppe == ppe)
    return (await session.execute(query.group_by(MonthlyConsumption.month))).all()


async def first_and_last_month(session: AsyncSession, customer_id: int) -> tuple[str | None, str | None]:
    query = select(func.min(MonthlyConsumption.month), func.max(MonthlyConsumption.month)).join(
        DeliveryPoint, DeliveryPoint.ppe == MonthlyConsumption.ppe
    )
    first, last = (await session.execute(_own(query, customer_id))).one()
    return first, last


async def remove(session: AsyncSession, customer_id: int) -> None:
    contracts = select(Contract.contract_no).where(Contract.customer_id == customer_id)
    own = select(DeliveryPoint.ppe).where(DeliveryPoint.contract_no.in_(contracts))
    await session.execute(delete(MonthlyConsumption).where(MonthlyConsumption.ppe.in_(own)))
    await session.execute(delete(DeliveryPoint).where(DeliveryPoint.contract_no.in_(contracts)))
