"""Registering: the data must agree with the imported ones, and the link goes only to the address in them."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts import passwords, repository
from backend.accounts.models import Account
from backend.accounts.parts import Parts
from backend.accounts.schemas import Purpose
from backend.audit.service import Kind
from backend.customers import service as customers
from backend.customers.schemas import CustomerCard
from backend.mail import letters


class Registration:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def ask(self, session: AsyncSession, number: str, customer_no: str, email: str, origin: str) -> None:
        """Puts a letter into the outbox: a link, or the news that there is an account; for nobody where data differ.

        `number` is a PESEL or NIP. Whether the three agree changes neither the queries nor the rows.
        """
        parts, company = self._parts, self._parts.settings.company
        # All three together: who knows only one of them cannot use up somebody's letters.
        allowed = await parts.may_write(session, f"{number}|{customer_no}|{email}")
        found = await customers.find_by_number(session, customer_no)
        agrees = found is not None and _agree(found, number, email) and allowed
        account = await repository.account(session, found.id if found else 0)
        customer = found if agrees else None
        handle = parts.proofs.make(
            session,
            Purpose.ACTIVATION,
            customer.id if customer and not account else None,
            parts.settings.activation_lifetime,
            value=parts.settings.terms_version,
        )
        letter = letters.activation(parts.page(f"aktywacja/{handle}"), company)
        if account:
            words = found.login_words if found else ""
            letter = letters.account_exists(words, parts.page("nie-pamietam-hasla"), company)
        await parts.outbox.put(
            session,
            customer.email if customer else None,
            letter,
            customer_id=customer.id if customer else None,
            good_until=parts.clock.now() + parts.settings.activation_lifetime,
        )
        parts.audit.record(session, Kind.REGISTRATION_ASKED, customer.id if customer else None, origin)

    async def owner(self, session: AsyncSession, handle: str) -> CustomerCard:
        """Whom an activation link is for. Raises ProofExpired."""
        proof = await self._parts.proofs.find(session, Purpose.ACTIVATION, handle)
        return (await customers.cards(session, [proof.customer_id or 0]))[0]

    async def activate(self, session: AsyncSession, handle: str, password_hash: str, origin: str) -> None:
        """Opens the account with its first password. Raises ProofExpired."""
        parts, now = self._parts, self._parts.clock.now()
        proof, customer_id = await parts.proofs.use(session, Purpose.ACTIVATION, handle)
        await repository.end_proofs(session, customer_id, now)
        await session.merge(
            Account(
                customer_id=customer_id,
                password_hash=password_hash,
                password_set_at=now,
                terms_version=parts.proofs.value(proof),
                terms_accepted_at=proof.made_at,
            )
        )
        await customers.change(session, customer_id, active=True)
        parts.audit.record(session, Kind.ACTIVATED, customer_id, origin)


def check_for(customer: CustomerCard, password: str) -> None:
    """Raises WeakPassword."""
    own = (customer.name, customer.pesel, customer.nip, customer.email, customer.login, customer.customer_no)
    passwords.check(password, *own, customer.email.partition("@")[0], customer.phone)


def _agree(customer: CustomerCard, number: str, email: str) -> bool:
    own = customer.nip if customer.kind == "business" else customer.pesel
    same_number = own is not None and customers.folded_number(number) in (own, customer.nip)
    return same_number and customers.folded_email(email) == customers.folded_email(customer.email)
