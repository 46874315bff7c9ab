"""What customers change themselves: password, e-mail, phone, login, consents; each asks the password again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts import repository
from backend.accounts.parts import Parts
from backend.accounts.recovery import keep_password
from backend.accounts.schemas import Purpose
from backend.audit.service import Kind
from backend.customers import service as customers
from backend.customers.schemas import CustomerCard
from backend.identity.models import PortalSession
from backend.limits.service import Rule
from backend.mail import letters

WRONG_PASSWORDS = [Rule(5, dt.timedelta(minutes=15))]
"""After so many the session is ended: somebody else may be sitting at it."""


class Changes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def password_hash(self, session: AsyncSession, customer_id: int) -> str | None:
        account = await repository.account(session, customer_id)
        return account.password_hash if account else None

    async def password_was_wrong(self, session: AsyncSession, row: PortalSession, origin: str) -> bool:
        """Counts a wrong password; True if the session was ended for it."""
        self._parts.audit.record(session, Kind.PASSWORD_ASKED_FAILED, row.customer_id, origin)
        if await self._parts.limits.take(session, "password", str(row.id), WRONG_PASSWORDS):
            return False
        await self._parts.sessions.end(session, row.id)
        return True

    async def change_password(self, session: AsyncSession, row: PortalSession, password_hash: str, origin: str) -> None:
        await keep_password(session, self._parts, row.customer_id, password_hash, keep=row.id)
        self._parts.audit.record(session, Kind.PASSWORD_CHANGED, row.customer_id, origin)

    async def ask_email(self, session: AsyncSession, customer: CustomerCard, email: str, origin: str) -> None:
        """Writes to the new address; nothing changes until the link there is opened."""
        parts = self._parts
        await repository.end_proofs(session, customer.id, parts.clock.now(), Purpose.NEW_EMAIL.value)
        lifetime = parts.settings.activation_lifetime
        handle = parts.proofs.make(session, Purpose.NEW_EMAIL, customer.id, lifetime, value=email)
        letter = letters.new_email(parts.page(f"nowy-email/{handle}"), parts.settings.company)
        allowed = await parts.may_write(session, email)
        good_until = parts.clock.now() + lifetime
        await parts.outbox.put(
            session, email if allowed else None, letter, customer_id=customer.id, good_until=good_until
        )
        parts.audit.record(session, Kind.EMAIL_CHANGE_ASKED, customer.id, origin)

    async def email_link_is_open(self, session: AsyncSession, handle: str) -> None:
        """Raises ProofExpired."""
        await self._parts.proofs.find(session, Purpose.NEW_EMAIL, handle)

    async def confirm_email(self, session: AsyncSession, handle: str, row: PortalSession | None, origin: str) -> None:
        """The new address counts from now on, the old one is told. `row`: who opens the link. Raises ProofExpired."""
        parts = self._parts
        proof, customer_id = await parts.proofs.use(session, Purpose.NEW_EMAIL, handle)
        before = (await customers.cards(session, [customer_id]))[0]
        await customers.change(session, customer_id, email=parts.proofs.value(proof))
        own = row.id if row and row.customer_id == customer_id else None
        await parts.sessions.end_all(session, customer_id, keep=own)
        await repository.end_proofs(session, customer_id, parts.clock.now())
        letter = letters.email_changed(parts.contact, parts.settings.company)
        await parts.outbox.put(session, before.email, letter, customer_id=customer_id)
        parts.audit.record(session, Kind.EMAIL_CHANGED, customer_id, origin)

    async def change_login(self, session: AsyncSession, customer: CustomerCard, login: str, origin: str) -> None:
        """Raises LoginTaken."""
        await customers.change(session, customer.id, login=login.strip())
        letter = letters.login_changed(self._parts.contact, self._parts.settings.company)
        await self._parts.outbox.put(session, customer.email, letter, customer_id=customer.id)
        self._parts.audit.record(session, Kind.LOGIN_CHANGED, customer.id, origin)

    async def change_phone(self, session: AsyncSession, customer_id: int, phone: str | None, origin: str) -> None:
        await customers.change(session, customer_id, phone=phone)
        self._parts.audit.record(session, Kind.PHONE_CHANGED, customer_id, origin)

    async def change_consents(
        self, session: AsyncSession, customer_id: int, origin: str, *, by_email: bool, by_phone: bool
    ) -> None:
        await customers.change(session, customer_id, consent_email=by_email, consent_phone=by_phone)
        self._parts.audit.record(session, Kind.CONSENTS_CHANGED, customer_id, origin)
