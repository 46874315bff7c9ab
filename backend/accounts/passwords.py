"""Passwords: which are taken, and how they are kept (NIST SP 800-63B-4, 3.1.1; OWASP ASVS 5.0, 6.2 and 11.4)."""

from __future__ import annotations

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST, LONGEST = 8, 128
"""Characters. There are no rules of composition: length and the list of common ones decide."""

HASHES_AT_ONCE = 2
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
_GUESSED_FIRST = ("mojbok", "polenergia", "haslo", "hasło", "ebok", "qwerty", "energia", "zaq12wsx", "polska")
"""Alone or with digits and marks around them."""


class WeakPassword(Exception):
    """The password is not taken; the message is a Polish sentence that says why."""


def normalised(password: str) -> str:
    """The same password typed on another keyboard is the same: NFC, as NIST asks."""
    return unicodedata.normalize("NFC", password)


def check(password: str, *about: str | None) -> None:
    """Raises WeakPassword. `about` are the customer's own values, which a password must not be."""
    password = normalised(password)
    if len(password) < SHORTEST:
        raise WeakPassword(f"Hasło jest za krótkie. Potrzeba co najmniej {SHORTEST} znaków.")
    if len(password) > LONGEST:
        raise WeakPassword(f"Hasło jest za długie. Może mieć najwyżej {LONGEST} znaków.")
    folded = password.casefold()
    own = {value.casefold() for value in about if value}
    bare = folded.strip("0123456789!?.@#$%&*-_ ")
    if folded in _COMMON or bare in (*_GUESSED_FIRST, "") or folded in own or bare in own or len(set(folded)) < 4:
        raise WeakPassword("To hasło jest zbyt łatwe do odgadnięcia. Wybierz inne, na przykład kilka słów.")


class Passwords:
    """Argon2id hashes, made in threads and only a few at once, so that they never stop everything else."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
        self._places = asyncio.Semaphore(HASHES_AT_ONCE)
        self._nobodys = self._hasher.hash("nobody's password")

    async def hash(self, password: str) -> str:
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, normalised(password))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one that was kept; where nothing was (None), as much work is done for nothing."""
        async with self._places:
            right = await asyncio.to_thread(self._matches, kept or self._nobodys, normalised(password[: LONGEST * 4]))
        return right and kept is not None

    def _matches(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False
