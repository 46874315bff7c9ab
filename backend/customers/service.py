"""Customers and their contracts: found by what they know of themselves, changed by themselves."""

from __future__ import annotations

import re
from typing import Any, Literal, cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import repository
from backend.customers.models import Contract, Customer
from backend.customers.schemas import ContractCard, CustomerCard, Kind, LoginTaken


def folded_email(email: str) -> str:
    """The form in which addresses are compared: without case and spaces."""
    return re.sub(r"\s", "", email).casefold()


def folded_login(login: str) -> str:
    return login.strip().casefold()


def folded_number(typed: str) -> str:
    """A PESEL or NIP as it is kept, from one with spaces, dashes or "PL"."""
    return re.sub(r"[\s-]", "", typed.strip()).upper().removeprefix("PL")


def folded_identifier(typed: str) -> str:
    """An e-mail address or a login, written in any way, as limits count it."""
    bare = re.sub(r"\s", "", typed).casefold()
    digits = bare.replace("-", "").removeprefix("pl")
    return digits if digits.isdigit() else bare


async def find_by_email(session: AsyncSession, email: str) -> list[CustomerCard]:
    """Customers with this registered address, by customer number; several may share one."""
    return [_card(customer) for customer in await repository.by_email(session, folded_email(email))]


async def find_by_login(session: AsyncSession, typed: str) -> list[CustomerCard]:
    """The customer with this login: the chosen one, the PESEL, or the NIP with or without dashes and "PL"."""
    found = await repository.by_login(session, folded_login(typed), folded_number(typed))
    return [_card(customer) for customer in found]


async def find_by_number(session: AsyncSession, customer_no: str) -> CustomerCard | None:
    customer = await repository.by_number(session, customer_no.strip().upper())
    return _card(customer) if customer else None


async def cards(session: AsyncSession, ids: list[int]) -> list[CustomerCard]:
    """The customers with these ids, in the order of `ids`."""
    found = {customer.id: customer for customer in await repository.by_ids(session, ids)}
    return [_card(found[id_]) for id_ in ids if id_ in found]


async def change(session: AsyncSession, customer_id: int, **values: Any) -> None:
    """Changes columns of a customer; what the import had brought is kept beside them until it brings something new.

    Raises LoginTaken when `login` is another's.
    """
    customer = await repository.for_change(session, customer_id)
    if "email" in values:
        values["folded_email"] = folded_email(values["email"])
    if "login" in values:
        values["folded_login"] = folded_login(values["login"])
        others = await repository.by_login(session, values["folded_login"], folded_number(values["login"]))
        if any(other.id != customer_id for other in others):
            raise LoginTaken
    changed = {name: getattr(customer, name) for name, value in values.items() if getattr(customer, name) != value}
    customer.imported = changed | (customer.imported or {}) or None
    for name, value in values.items():
        setattr(customer, name, value)


async def numbers(session: AsyncSession, ids: list[int]) -> dict[int, str]:
    """Customer numbers by id."""
    return await repository.numbers(session, ids)


async def back_to_imported(session: AsyncSession) -> None:
    """Undoes what customers changed themselves."""
    for customer in await repository.changed_here(session):
        for name, value in (customer.imported or {}).items():
            setattr(customer, name, value)
        customer.imported = None


async def contracts(session: AsyncSession, customer_id: int) -> list[ContractCard]:
    """All but unsigned ones, active ones first."""
    return [_contract(contract) for contract in await repository.contracts(session, customer_id)]


async def contract(session: AsyncSession, customer_id: int, contract_no: str) -> ContractCard | None:
    """None for one that is not there, unsigned or another customer's."""
    found = await repository.contract(session, customer_id, contract_no)
    return _contract(found) if found else None


def _card(customer: Customer) -> CustomerCard:
    return CustomerCard(
        id=customer.id,
        customer_no=customer.customer_no,
        kind=cast(Kind, customer.kind),
        name=customer.name,
        pesel=customer.pesel,
        nip=customer.nip,
        email=customer.email,
        phone=customer.phone,
        login=customer.login,
        active=customer.active,
        consent_email=customer.consent_email,
        consent_phone=customer.consent_phone,
    )


def _contract(contract: Contract) -> ContractCard:
    return ContractCard(
        contract_no=contract.contract_no,
        status=cast(Literal["active", "ended"], contract.status),
        begins=contract.begins,
        ends=contract.ends,
        place=contract.place,
        tariff=contract.tariff,
    )
