"""Online payments: begun in the portal, collected by a provider, told of by its notifications."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing.schemas import DocumentCard
from backend.clock import Clock
from backend.payments import repository
from backend.payments.models import OnlinePayment
from backend.payments.schemas import (
    RANKS,
    Notice,
    NoticeRefused,
    OnlinePaymentCard,
    Order,
    PaymentRefused,
    Provider,
    State,
)
from backend.settings import Settings

STAYS_OPEN = dt.timedelta(minutes=30)
"""A payment that was begun so long ago and went nowhere is begun anew."""


class Payments:
    def __init__(self, settings: Settings, clock: Clock, provider: Provider | None) -> None:
        self._settings, self._clock, self.provider = settings, clock, provider

    @property
    def offered(self) -> bool:
        return self.provider is not None

    async def begin(self, session: AsyncSession, customer_id: int, document: DocumentCard) -> str:
        """The id of a payment of all that is left on a document that was found for this customer.

        Raises PaymentRefused. Asked twice it is one payment.
        """
        left = document.left - await self.on_way(session, customer_id, document)
        if self.provider is None or left <= 0:
            raise PaymentRefused
        now = self._clock.now()
        for known in await repository.of_document(session, customer_id, document.document_no):
            is_open = known.state == "started" and now - known.began_at < STAYS_OPEN
            if is_open and known.amount_grosze == left:
                return known.payment_id
        payment = OnlinePayment(
            payment_id=f"p_{secrets.token_urlsafe(18)}",
            customer_id=customer_id,
            document_no=document.document_no,
            amount_grosze=left,
            paid_before_grosze=document.paid,
            provider=self.provider.name,
            state="started",
            began_at=now,
            changed_at=now,
        )
        session.add(payment)
        return payment.payment_id

    async def find(self, session: AsyncSession, customer_id: int, payment_id: str) -> OnlinePaymentCard | None:
        """None for one that is not there or another customer's."""
        found = await repository.payment(session, customer_id, payment_id)
        if found is None:
            return None
        return OnlinePaymentCard(found.payment_id, found.document_no, found.amount_grosze, cast(State, found.state))

    async def address(self, payment: OnlinePaymentCard) -> str | None:
        """Where the customer pays; None without a provider."""
        if self.provider is None:
            return None
        back = f"{self._settings.base_url}/faktury/platnosc?id={payment.payment_id}"
        return await self.provider.register(Order(payment.payment_id, payment.amount, payment.document_no, back))

    async def on_way(self, session: AsyncSession, customer_id: int, document: DocumentCard) -> int:
        """Grosze that were paid online on a document and are not in the billing data yet."""
        return sum(
            payment.amount_grosze
            for payment in await repository.of_document(session, customer_id, document.document_no)
            if payment.state in ("pending", "paid")
            and document.paid < payment.paid_before_grosze + payment.amount_grosze
        )

    async def take(self, session: AsyncSession, notice: Notice) -> None:
        """Takes over what the provider tells; what is known already changes nothing. Raises NoticeRefused."""
        payment = await repository.for_notice(session, notice.payment_id)
        if payment is None:
            raise NoticeRefused("unknown")
        if payment.amount_grosze != notice.amount:
            raise NoticeRefused("amount")
        if RANKS[notice.state] > RANKS[cast(State, payment.state)]:
            payment.state, payment.reference = notice.state, notice.reference
            payment.changed_at = self._clock.now()


async def clear(session: AsyncSession) -> None:
    """Throws all away."""
    await repository.clear(session)


async def forget(session: AsyncSession, customer_id: int) -> None:
    """Removes what the customer began; what was paid is told by the billing data."""
    await repository.remove(session, customer_id)
