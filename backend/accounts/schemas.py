from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a proof opens."""

    ACTIVATION = "activation"
    RESET = "reset"
    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a purpose
    NEW_EMAIL = "new_email"


class ProofExpired(Exception):
    """The link or code is unknown, used, or too late."""


class ProofRefused(Exception):
    """The one-time password is wrong; `left` tries remain."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class PasswordWrong(Exception):
    """The password that was asked again is not the customer's."""


@dataclass(frozen=True)
class SignIn:
    """Whom a typed login may mean, and the hash to compare with: none where nobody can sign in with it."""

    customer_id: int | None
    password_hash: str | None
