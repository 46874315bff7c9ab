"""The second factor: time-based codes of an authenticator app (RFC 6238: SHA-1, 6 digits, 30 seconds)."""

from __future__ import annotations

import base64
import secrets

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECONDS = 30
TOLERATED = 1
"""So many steps a clock may be early or late (RFC 6238, 5.2)."""


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 recommends and authenticators read."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_of(secret: str, code: str, now: float, last_step: int) -> int | None:
    """The step (`now` is seconds since 1970) whose code this is; None for a wrong one and for one already used."""
    if not (code.isascii() and code.isdigit()):
        return None
    present = int(now) // SECONDS
    for step in range(max(present - TOLERATED, last_step + 1), present + TOLERATED + 1):
        try:
            totp(secret).verify(code.encode(), step * SECONDS)
        except InvalidToken:
            continue
        return step
    return None


def address(secret: str, login: str, issuer: str) -> str:
    """What the QR code holds."""
    return totp(secret).get_provisioning_uri(login, issuer)


def totp(secret: str) -> TOTP:
    """The generator that an authenticator with this secret is."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), SECONDS)  # noqa: S303 - what authenticators know
