"""Keeping nothing longer than its time (GDPR, art. 5(1)(e)): what has served it is removed, in small steps.

A conversation stays while it is under legal hold, while a customer identified in it is, and while a ticket that was
written in it is open. Accounting documents have their own time (`backend.erasure`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.callbacks import service as callbacks
from backend.channels import people
from backend.chat import erasure as chat
from backend.chat import repository as conversations
from backend.clock import Clock
from backend.customers import erasure as customers
from backend.database import Database
from backend.erasure import wipe_free_pages
from backend.identity import erasure as identity
from backend.settings import Settings
from backend.staff import erasure as staff
from backend.tickets import erasure as tickets

PAUSE = dt.timedelta(days=1).total_seconds()
AT_ONCE = 100
"""Conversations in one transaction, so that nobody waits long for the one who writes."""

NOBODY = 0
"""No customer has this number: a customer's own things stay until their own time is over."""


@dataclass
class Removed:
    """How many of each kind."""

    conversations: int = 0
    tickets: int = 0
    callbacks: int = 0
    security_events: int = 0

    def __bool__(self) -> bool:
        return any(vars(self).values())


async def retain(database: Database, settings: Settings, clock: Clock) -> Removed:
    """Removes everything whose time is over."""
    removed, now = Removed(), clock.now()
    office = staff.Erasure(clock)
    removed.conversations = await _conversations(database, office, now - settings.retention_conversations)
    removed.tickets = await _tickets(database, now - settings.retention_tickets)
    async with database.write() as session:
        held = await customers.held(session), await chat.held(session)
        removed.callbacks = await callbacks.forget_before(session, now - settings.retention_callbacks, *held)
    async with database.write() as session:
        removed.security_events = await audit.forget_before(session, now - settings.retention_security_events)
        await identity.forget_ended(session, now - settings.retention_callbacks)
    if removed:
        await wipe_free_pages(database)
    return removed


async def _tickets(database: Database, before: dt.datetime) -> int:
    removed = 0
    while True:
        async with database.write() as session:
            held = await customers.held(session), await chat.held(session)
            gone = await tickets.forget_closed(session, before, *held)
        if not gone:
            return removed
        removed += gone


async def _conversations(database: Database, office: staff.Erasure, before: dt.datetime) -> int:
    removed, after = 0, ""
    while True:
        async with database.write() as session:
            found = await conversations.idle_since(session, before, after, AT_ONCE)
            gone = await _without_reason_to_stay(session, set(found))
            await people.forget_talks(session, gone, before)
            await identity.forget(session, NOBODY, gone)
            await office.forget(session, NOBODY, gone)
            await chat.forget(session, gone)
        if not found:
            return removed
        removed, after = removed + len(gone), found[-1]


async def _without_reason_to_stay(session: AsyncSession, found: set[str]) -> set[str]:
    found -= await tickets.still_open(session, found)
    for customer_id in await identity.customers_of(session, found):
        if await customers.hold(session, customer_id):
            found -= await identity.conversations_of(session, customer_id)
    return found
