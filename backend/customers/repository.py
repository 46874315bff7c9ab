from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers.models import Customer


async def by_email(session: AsyncSession, folded: str) -> Sequence[Customer]:
    query = select(Customer).where(Customer.folded_email == folded).order_by(Customer.customer_no)
    return (await session.scalars(query)).all()


async def by_login(session: AsyncSession, folded: str, digits: str) -> Sequence[Customer]:
    query = select(Customer).where(
        or_(Customer.folded_login == folded, Customer.pesel == digits, Customer.nip == digits)
    )
    return (await session.scalars(query.order_by(Customer.customer_no))).all()


async def by_ids(session: AsyncSession, ids: list[int]) -> Sequence[Customer]:
    return (await session.scalars(select(Customer).where(Customer.id.in_(ids)))).all()
