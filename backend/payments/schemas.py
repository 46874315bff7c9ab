from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

State = Literal["started", "pending", "failed", "paid"]
RANKS: dict[State, int] = {"started": 0, "pending": 1, "failed": 2, "paid": 3}
"""A payment only ever rises: so a notification that is repeated or comes late changes nothing."""


class PaymentRefused(Exception):
    """There is nothing left to pay on the document, or it is on its way."""


class NoticeRefused(Exception):
    """A notification is not taken. `reason`: forged, stale, unknown or amount."""

    def __init__(self, reason: Literal["forged", "stale", "unknown", "amount"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Order:
    """What the provider is asked to collect, in grosze; `back` is where the customer returns to."""

    payment_id: str
    amount: int
    title: str
    back: str


@dataclass(frozen=True)
class Notice:
    """What a provider tells of a payment."""

    payment_id: str
    state: State
    amount: int
    reference: str


@dataclass(frozen=True)
class OnlinePaymentCard:
    payment_id: str
    document_no: str
    amount: int
    state: State


class Provider(Protocol):
    """A payment provider's adapter (docs/payments.md says what a real one must do)."""

    name: str

    async def register(self, order: Order) -> str:
        """The address at which the customer pays. The same order again is the same payment."""

    def read(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """The notification in a call. Raises NoticeRefused (forged or stale) before anything of it is believed."""
