"""Finding customers by what they know of themselves."""

from __future__ import annotations

import re
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import repository
from backend.customers.models import Customer
from backend.customers.schemas import CustomerCard, Kind


def folded_email(email: str) -> str:
    """The form in which addresses are compared: without case and spaces."""
    return re.sub(r"\s", "", email).casefold()


def folded_login(login: str) -> str:
    return login.strip().casefold()


async def find_by_email(session: AsyncSession, email: str) -> list[CustomerCard]:
    """Customers with this registered address, by customer number; several may share one."""
    return [_card(customer) for customer in await repository.by_email(session, folded_email(email))]


async def find_by_login(session: AsyncSession, typed: str) -> list[CustomerCard]:
    """The customer with this login: the chosen one, the PESEL, or the NIP with or without dashes and "PL"."""
    digits = re.sub(r"[\s-]", "", typed.strip()).upper().removeprefix("PL")
    return [_card(customer) for customer in await repository.by_login(session, folded_login(typed), digits)]


async def cards(session: AsyncSession, ids: list[int]) -> list[CustomerCard]:
    """The customers with these ids, in the order of `ids`."""
    found = {customer.id: customer for customer in await repository.by_ids(session, ids)}
    return [_card(found[id_]) for id_ in ids if id_ in found]


def _card(customer: Customer) -> CustomerCard:
    kind = cast(Kind, customer.kind)
    return CustomerCard(customer.id, customer.customer_no, kind, customer.name, customer.email, customer.phone)
