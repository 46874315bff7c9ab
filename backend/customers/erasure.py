"""Forgetting a customer: what must stay for the accounts stays under a pseudonym."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import repository
from backend.customers.models import Contract, ErasedPerson, LegalHold
from backend.customers.schemas import CustomerCard
from backend.secrecy import Hasher
from backend.settings import Settings

GONE = "(dane usunięte)"


ErasedDigest = Callable[[str, str], str]
"""From the name of a number (customer_no, pesel, nip) and its value to what `erased_people` keeps."""


def erased_digests(settings: Settings) -> ErasedDigest:
    """How an import tells that a number is that of somebody who was erased."""
    return partial(Hasher(settings.hash_key.get_secret_value()).digest, "erased")


async def hold(session: AsyncSession, customer_id: int) -> str | None:
    """Why this customer's data must not be erased; None where they may."""
    found = await repository.hold(session, customer_id)
    return found.reason if found else None


async def held(session: AsyncSession) -> set[int]:
    """Customers under legal hold."""
    return await repository.held(session)


async def set_hold(session: AsyncSession, customer_id: int, reason: str | None, now: dt.datetime) -> None:
    """Puts a customer under legal hold, or takes the hold away (None)."""
    found = await repository.hold(session, customer_id)
    if found:
        await session.delete(found)
        await session.flush()
    if reason:
        session.add(LegalHold(customer_id=customer_id, reason=reason, since=now))


async def pseudonymise_contracts(session: AsyncSession, customer_id: int) -> dict[str, str]:
    """Adds a nameless contract for each of the customer's; returns the new numbers by the old ones."""
    renamed = {}
    for contract in await repository.every_contract(session, customer_id):
        renamed[contract.contract_no] = f"U-{secrets.token_hex(6)}"
        session.add(
            Contract(
                contract_no=renamed[contract.contract_no],
                customer_id=customer_id,
                status=contract.status,
                begins=contract.begins,
                ends=contract.ends,
                place=GONE,
                tariff=contract.tariff,
                row_digest="",
            )
        )
    await session.flush()
    return renamed


async def remove_contracts(session: AsyncSession, customer_id: int, numbers: set[str]) -> None:
    for contract in await repository.every_contract(session, customer_id):
        if contract.contract_no in numbers:
            await session.delete(contract)


async def pseudonymise(session: AsyncSession, customer: CustomerCard, digest: ErasedDigest, now: dt.datetime) -> str:
    """Leaves a row that says nothing of the person, and returns its number; imports know the person by hashes."""
    for kind in ("customer_no", "pesel", "nip"):
        if value := getattr(customer, kind):
            await session.merge(ErasedPerson(digest=digest(kind, value), erased_at=now))
    row = await repository.for_change(session, customer.id)
    pseudonym = f"usunięty-{secrets.token_hex(6)}"
    row.customer_no, row.name, row.email, row.folded_email = pseudonym, GONE, "", pseudonym
    row.pesel = row.nip = row.phone = row.login = row.folded_login = row.imported = None
    row.active = row.consent_email = row.consent_phone = False
    row.row_digest = ""
    return pseudonym
