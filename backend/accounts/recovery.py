"""Getting back in: a reminder of the login, and a one-time password that opens the page for a new one."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts import proofs, repository
from backend.accounts.models import Account
from backend.accounts.parts import Parts
from backend.accounts.schemas import ProofRefused, Purpose
from backend.audit.service import Kind
from backend.customers import service as customers
from backend.customers.schemas import CustomerCard
from backend.mail import letters


class Recovery:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def remind_login(self, session: AsyncSession, email: str, origin: str | None) -> None:
        """Puts a letter with the login into the outbox; for nobody where no account has this address."""
        parts = self._parts
        allowed = await parts.may_write(session, email)
        found = await parts.with_account(session, await customers.find_by_email(session, email))
        known = found if allowed else []
        named = [(customer.customer_no[-3:], customer.login_words) for customer in known]
        letter = letters.login_reminder(named, parts.page("logowanie"), parts.settings.company)
        recipient, customer_id = (known[0].email, known[0].id) if known else (None, None)
        await parts.outbox.put(session, recipient, letter, customer_id=customer_id)
        parts.audit.record(session, Kind.LOGIN_REMINDED, customer_id, origin)

    async def ask_reset(self, session: AsyncSession, typed: str, origin: str | None) -> str:
        """Puts a one-time password into the outbox; returns the handle of the page where it is typed.

        `typed` is a login or an e-mail address. For who is unknown the same rows are written, and nothing is sent.
        """
        parts, company = self._parts, self._parts.settings.company
        allowed = await parts.may_write(session, typed)
        by_login = await customers.find_by_login(session, typed)
        by_email = await customers.find_by_email(session, typed)
        found = await parts.with_account(session, by_login or by_email)
        known = found if allowed else []
        customer_id = known[0].id if len(known) == 1 else None
        password, lifetime = proofs.one_time_password(), parts.settings.code_lifetime
        handle = parts.proofs.make(session, Purpose.RESET, customer_id, lifetime, secret=password)
        link, minutes = parts.page(f"haslo-jednorazowe/{handle}"), lifetime // dt.timedelta(minutes=1)
        letter = letters.one_time_password(password, link, minutes, company)
        if len(known) > 1:
            letter = letters.which_account(parts.page("nie-pamietam-hasla"), company)
        await parts.outbox.put(
            session,
            known[0].email if known else None,
            letter,
            customer_id=known[0].id if known else None,
            good_until=parts.clock.now() + lifetime,
        )
        parts.audit.record(session, Kind.RESET_ASKED, customer_id, origin)
        return handle

    async def is_open(self, session: AsyncSession, handle: str) -> None:
        """Raises ProofExpired when no one-time password can be typed for this handle (any more)."""
        await self._parts.proofs.find(session, Purpose.RESET, handle)

    async def enter(self, session: AsyncSession, handle: str, typed: str, origin: str) -> str:
        """Takes the one-time password; returns the handle of the page that sets a new one, good as long.

        Raises ProofExpired or ProofRefused; the try is counted all the same, so the caller must commit.
        """
        parts = self._parts
        try:
            proof, customer_id = await parts.proofs.try_secret(session, Purpose.RESET, handle, typed)
        except ProofRefused:
            parts.audit.record(session, Kind.RESET_CODE_FAILED, None, origin)
            raise
        parts.audit.record(session, Kind.RESET_CODE_RIGHT, customer_id, origin)
        left = proof.expires_at - parts.clock.now()
        return parts.proofs.make(session, Purpose.NEW_PASSWORD, customer_id, left)

    async def owner(self, session: AsyncSession, handle: str) -> CustomerCard:
        """Who may set a new password with this handle. Raises ProofExpired."""
        proof = await self._parts.proofs.find(session, Purpose.NEW_PASSWORD, handle)
        return (await customers.cards(session, [proof.customer_id or 0]))[0]

    async def set_password(self, session: AsyncSession, handle: str, password_hash: str, origin: str) -> None:
        """Sets the new password; whoever was signed in is signed out. Raises ProofExpired."""
        _, customer_id = await self._parts.proofs.use(session, Purpose.NEW_PASSWORD, handle)
        await keep_password(session, self._parts, customer_id, password_hash)
        self._parts.audit.record(session, Kind.PASSWORD_SET, customer_id, origin)


async def keep_password(
    session: AsyncSession, parts: Parts, customer_id: int, password_hash: str, keep: int | None = None
) -> None:
    """Keeps a hash, ends everything that was open for the customer but session `keep`, and writes to them."""
    now = parts.clock.now()
    account = await repository.account(session, customer_id)
    if account is None:
        session.add(Account(customer_id=customer_id, password_hash=password_hash, password_set_at=now))
    else:
        account.password_hash, account.password_set_at = password_hash, now
    await parts.sessions.end_all(session, customer_id, keep=keep)
    await repository.end_proofs(session, customer_id, now)
    customer = (await customers.cards(session, [customer_id]))[0]
    letter = letters.password_changed(parts.contact, parts.settings.company)
    await parts.outbox.put(session, customer.email, letter, customer_id=customer_id)


async def resets(session: AsyncSession) -> list[int]:
    """The customers for whose account a reset was asked, the newest last."""
    return [proof.customer_id for proof in await repository.resets(session) if proof.customer_id]
