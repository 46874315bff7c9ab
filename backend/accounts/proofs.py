"""Proofs by letter: made alike for known and unknown people, counted, used once, ended by time."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts import repository
from backend.accounts.models import Proof
from backend.accounts.schemas import ProofExpired, ProofRefused, Purpose
from backend.clock import Clock
from backend.secrecy import Cipher, Hasher, new_token, token_digest
from backend.settings import Settings

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\xa0": ""})
LETTERS = 10
KEPT = dt.timedelta(days=2)


def one_time_password() -> str:
    """50 random bits as 10 characters that nobody confuses (Crockford's base 32), in two groups.

    There is always a digit and a letter, so that the vault knows one when it is typed into the chat.
    """
    while True:
        characters = "".join(secrets.choice(_CROCKFORD) for _ in range(LETTERS))
        if not characters.isdigit() and not characters.isalpha():
            return f"{characters[:5]}-{characters[5:]}"


def folded_one_time_password(typed: str) -> str:
    return typed.strip().upper().translate(_READ_AS)


class Proofs:
    def __init__(self, settings: Settings, clock: Clock, hasher: Hasher, cipher: Cipher) -> None:
        self._settings, self._clock, self._hasher, self._cipher = settings, clock, hasher, cipher

    def make(
        self,
        session: AsyncSession,
        purpose: Purpose,
        customer_id: int | None,
        lifetime: dt.timedelta,
        *,
        secret: str | None = None,
        value: str | None = None,
    ) -> str:
        """Adds a proof and returns its handle, which goes into an address. `secret` is what a letter says besides."""
        handle, now = new_token(), self._clock.now()
        session.add(
            Proof(
                purpose=purpose.value,
                handle_digest=token_digest(handle),
                secret_digest=self._secret_digest(handle, secret) if secret else None,
                customer_id=customer_id,
                ciphertext=self._cipher.encrypt(value) if value else None,
                made_at=now,
                expires_at=now + lifetime,
            )
        )
        return handle

    async def find(self, session: AsyncSession, purpose: Purpose, handle: str) -> Proof:
        """An open proof, also one that will prove nothing. Raises ProofExpired."""
        found = await repository.proof(session, purpose.value, token_digest(handle))
        if found is None or found.used_at is not None or found.expires_at <= self._clock.now():
            raise ProofExpired
        return found

    async def use(self, session: AsyncSession, purpose: Purpose, handle: str) -> tuple[Proof, int]:
        """Uses a link up, and tells whose it was. Raises ProofExpired."""
        found = await self.find(session, purpose, handle)
        if found.customer_id is None or not await repository.consume(session, found.id, self._clock.now()):
            raise ProofExpired
        return found, found.customer_id

    async def try_secret(self, session: AsyncSession, purpose: Purpose, handle: str, typed: str) -> tuple[Proof, int]:
        """Uses a proof up with its secret.

        Raises:
            ProofExpired: unknown, used, too late, or tried too often.
            ProofRefused: a wrong secret. The try is counted all the same, so the caller must commit.
        """
        found = await self.find(session, purpose, handle)
        tries = await repository.count_try(session, found.id, self._settings.code_tries)
        if tries is None:
            raise ProofExpired
        right = secrets.compare_digest(found.secret_digest or "", self._secret_digest(handle, typed))
        if not right or found.customer_id is None:
            raise ProofRefused(self._settings.code_tries - tries)
        if not await repository.consume(session, found.id, self._clock.now()):
            raise ProofExpired
        return found, found.customer_id

    async def forget_old(self, session: AsyncSession) -> None:
        """Removes what ended some days ago."""
        await repository.remove_ended(session, self._clock.now() - KEPT)

    def value(self, proof: Proof) -> str:
        return self._cipher.decrypt(proof.ciphertext or b"")

    def _secret_digest(self, handle: str, secret: str) -> str:
        return self._hasher.digest("one-time password", handle, folded_one_time_password(secret))
