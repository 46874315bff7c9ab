"""Signing in and out, and the Regulamin."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts import repository
from backend.accounts.changes import Changes
from backend.accounts.parts import Parts
from backend.accounts.recovery import Recovery
from backend.accounts.registration import Registration
from backend.accounts.schemas import SignIn
from backend.audit.service import Kind
from backend.customers import service as customers
from backend.identity.models import PortalSession
from backend.limits.service import Rule

BY_ORIGIN = {
    "sign-in": [Rule(30, dt.timedelta(minutes=15))],
    "letter": [Rule(20, dt.timedelta(minutes=15))],
    "code": [Rule(60, dt.timedelta(minutes=15))],
    "conversation": [Rule(60, dt.timedelta(minutes=15))],
}
"""How often one network address may try. Off in the development profile."""


class Accounts:
    """The customer's account; registering, recovering and changing are in services of their own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.passwords = parts.passwords
        self.sessions = parts.sessions
        self.registration = Registration(parts)
        self.recovery = Recovery(parts)
        self.changes = Changes(parts)

    async def origin_may(self, session: AsyncSession, purpose: str, origin: str) -> bool:
        """Counts one more try of a network address (a digest) for one of `BY_ORIGIN`."""
        if self._parts.settings.development:
            return True
        if await self._parts.limits.take(session, f"origin {purpose}", origin, BY_ORIGIN[purpose]):
            return True
        self._parts.audit.record(session, Kind.LIMITED, None, origin, purpose)
        return False

    async def whom(self, session: AsyncSession, login: str) -> SignIn:
        """Whom a typed login means; known and unknown ones take the same queries."""
        found = await customers.find_by_login(session, login)
        customer_id = found[0].id if found else None
        account = await repository.account(session, customer_id or 0)
        return SignIn(customer_id, account.password_hash if account else None)

    async def sign_in(
        self, session: AsyncSession, who: SignIn, before: PortalSession | None, origin: str, *, right: bool
    ) -> str | None:
        """A new session's token when the password was right; the session `before` on this browser ends."""
        if not right or who.customer_id is None:
            self._parts.audit.record(session, Kind.SIGN_IN_FAILED, who.customer_id, origin)
            return None
        if before:
            await self.sessions.end(session, before.id)
        _, token = await self.sessions.begin(session, who.customer_id)
        self._parts.audit.record(session, Kind.SIGNED_IN, who.customer_id, origin)
        return token

    async def sign_out(self, session: AsyncSession, row: PortalSession, origin: str) -> None:
        await self.sessions.end(session, row.id)
        self._parts.audit.record(session, Kind.SIGNED_OUT, row.customer_id, origin)

    async def terms_accepted(self, session: AsyncSession, customer_id: int) -> bool:
        account = await repository.account(session, customer_id)
        return account is None or account.terms_version == self._parts.settings.terms_version

    async def accept_terms(self, session: AsyncSession, customer_id: int, origin: str) -> None:
        account = await repository.account(session, customer_id)
        if account:
            account.terms_version = self._parts.settings.terms_version
            account.terms_accepted_at = self._parts.clock.now()
            self._parts.audit.record(session, Kind.TERMS_ACCEPTED, customer_id, origin)


async def forget(session: AsyncSession, customer_id: int) -> None:
    """Removes the account and everything that could open it."""
    await repository.remove(session, customer_id)
