"""Erasing a person everywhere (GDPR, art. 17), but for what the law makes us keep (docs/privacy.md)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts import service as accounts
from backend.audit.service import Audit, Kind
from backend.billing import erasure as billing
from backend.callbacks import service as callbacks
from backend.channels import binding, people
from backend.chat import erasure as chat
from backend.clock import Clock
from backend.consumption import service as consumption
from backend.customers import erasure as customers
from backend.customers import service as registry
from backend.customers.schemas import CustomerCard
from backend.database import Database
from backend.identity import erasure as identity
from backend.mail import service as mail
from backend.payments import service as payments
from backend.secrecy import Cipher
from backend.settings import Settings
from backend.staff import erasure as staff
from backend.staff.conversations import search
from backend.tickets import erasure as strangers
from backend.tickets import service as tickets


class NotErased(Exception):
    """Nothing was erased; the message says why."""


@dataclass(frozen=True)
class Erased:
    """Under which number what had to stay is kept, and how much there was."""

    pseudonym: str
    conversations: int
    documents_removed: int
    documents_kept: int


async def erase(database: Database, settings: Settings, clock: Clock, customer_no: str) -> Erased:
    """Erases a customer in one transaction. Raises NotErased: there is none, or a legal hold."""
    cipher = Cipher(settings.vault_keys.get_secret_value())
    async with database.write() as session:
        customer = await registry.find_by_number(session, customer_no)
        if customer is None:
            raise NotErased(f"There is no customer {customer_no}.")
        if reason := await customers.hold(session, customer.id):
            raise NotErased(f"{customer_no} is under legal hold: {reason}")
        done = await _erase(session, settings, clock, cipher, customer)
    await wipe_free_pages(database)
    return done


async def _erase(
    session: AsyncSession, settings: Settings, clock: Clock, cipher: Cipher, customer: CustomerCard
) -> Erased:
    own = [customer.customer_no, customer.pesel, customer.nip, customer.email, customer.phone, customer.login]
    talks = await identity.conversations_of(session, customer.id)
    talks |= await chat.conversations_that_hold(session, cipher, [value for value in own if value])
    await chat.lock(session, talks)
    talks |= await people.forget(session, customer.id, talks)
    if talks & await chat.held(session):
        raise NotErased(f"A conversation of {customer.customer_no} is under legal hold.")
    await binding.forget(session, customer.id)
    await identity.forget(session, customer.id, talks)
    await staff.Erasure(clock).forget(session, customer.id, talks)
    await chat.forget(session, talks)
    await accounts.forget(session, customer.id)
    await mail.forget(session, cipher, customer.id, customer.email)
    await tickets.forget(session, customer.id, talks)
    await strangers.forget_of(session, cipher, customer.email)
    await callbacks.forget(session, customer.id, talks)
    await callbacks.forget_number(session, cipher, customer.phone)
    await payments.forget(session, customer.id)
    await consumption.forget(session, customer.id)
    renamed = await customers.pseudonymise_contracts(session, customer.id)
    removed, kept = await billing.forget(session, customer.id, renamed, clock.today(), settings.document_years)
    await customers.remove_contracts(session, customer.id, set(renamed))
    pseudonym = await customers.pseudonymise(session, customer, customers.erased_digests(settings), clock.now())
    Audit(clock).record(session, Kind.ERASED, customer.id)
    return Erased(pseudonym, len(talks), removed, kept)


async def wipe_free_pages(database: Database) -> None:
    """SQLite leaves what was deleted in the file until it is written anew."""
    if database.engine.dialect.name != "sqlite":
        return
    async with database.write() as session:
        await search.settle(session)
    async with database.engine.connect() as connection:
        await connection.execute(text("VACUUM"))
        await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
