from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend.customers.schemas import CustomerCard
from backend.identity.models import Grant


class Refusal(StrEnum):
    """Why a code did not confirm anything; the same for known and unknown addresses."""

    WRONG = "wrong"
    EXPIRED = "expired"
    LOCKED = "locked"


class CodeRefused(Exception):
    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


class IdentityRequired(Exception):
    """Nobody's data may be read: no grant lives, or the customer has not been chosen yet."""


@dataclass(frozen=True)
class Confirmation:
    """A live grant and the customers it may be for: one, or several to choose from."""

    grant: Grant
    customers: list[CustomerCard]
