"""Queries on customers and contracts. What belongs to one customer takes that customer's id first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers.models import Contract, Customer, LegalHold

_SIGNED = Contract.status != "unsigned"


async def by_email(session: AsyncSession, folded: str) -> Sequence[Customer]:
    query = select(Customer).where(Customer.folded_email == folded).order_by(Customer.customer_no)
    return (await session.scalars(query)).all()


async def by_login(session: AsyncSession, folded: str, digits: str) -> Sequence[Customer]:
    """Each column by its own index: for an `OR` of them SQLite may walk all customers."""
    wanted = (Customer.folded_login == folded, Customer.pesel == digits, Customer.nip == digits)
    ids = union_all(*(select(Customer.id).where(condition) for condition in wanted))
    query = select(Customer).where(Customer.id.in_(ids)).order_by(Customer.customer_no)
    return (await session.scalars(query)).all()


async def by_number(session: AsyncSession, customer_no: str) -> Customer | None:
    return await session.scalar(select(Customer).where(Customer.customer_no == customer_no))


async def by_ids(session: AsyncSession, ids: list[int]) -> Sequence[Customer]:
    return (await session.scalars(select(Customer).where(Customer.id.in_(ids)))).all()


async def numbers(session: AsyncSession, ids: list[int]) -> dict[int, str]:
    found = await session.execute(select(Customer.id, Customer.customer_no).where(Customer.id.in_(ids)))
    return {row[0]: row[1] for row in found}


async def for_change(session: AsyncSession, customer_id: int) -> Customer:
    return await session.get_one(Customer, customer_id, with_for_update=True, populate_existing=True)


async def changed_here(session: AsyncSession) -> Sequence[Customer]:
    return (await session.scalars(select(Customer).where(Customer.imported.is_not(None)))).all()


async def contracts(session: AsyncSession, customer_id: int) -> Sequence[Contract]:
    query = select(Contract).where(Contract.customer_id == customer_id, _SIGNED)
    return (await session.scalars(query.order_by(Contract.status, Contract.contract_no))).all()


async def contract(session: AsyncSession, customer_id: int, contract_no: str) -> Contract | None:
    query = select(Contract).where(Contract.customer_id == customer_id, Contract.contract_no == contract_no, _SIGNED)
    return await session.scalar(query)


async def hold(session: AsyncSession, customer_id: int) -> LegalHold | None:
    return await session.get(LegalHold, customer_id)


async def held(session: AsyncSession) -> set[int]:
    return set(await session.scalars(select(LegalHold.customer_id)))


async def every_contract(session: AsyncSession, customer_id: int) -> Sequence[Contract]:
    return (await session.scalars(select(Contract).where(Contract.customer_id == customer_id))).all()
