"""Letters go into the outbox in the transaction that caused them; a worker takes them from there."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import WARSAW, Clock
from backend.mail import repository
from backend.mail.models import Letter
from backend.mail.schemas import CaughtLetter, LetterText
from backend.secrecy import Cipher


class Outbox:
    def __init__(self, cipher: Cipher, clock: Clock) -> None:
        self._cipher, self._clock = cipher, clock

    async def put(
        self,
        session: AsyncSession,
        recipient: str | None,
        letter: LetterText,
        *,
        customer_id: int | None = None,
        good_until: dt.datetime | None = None,
    ) -> None:
        """Queues a letter. For an unknown person (None) the same work is done and nothing is sent."""
        now = self._clock.now()
        session.add(
            Letter(
                customer_id=customer_id,
                recipient=self._cipher.encrypt(recipient) if recipient else None,
                subject=letter.subject,
                text=self._cipher.encrypt(letter.text),
                html=self._cipher.encrypt(letter.html),
                written_at=now,
                good_until=good_until,
                next_try_at=now,
            )
        )

    async def caught(self, session: AsyncSession) -> list[CaughtLetter]:
        """Every letter with a recipient, the newest last: what the local mailbox shows."""
        return [self.open(letter) for letter in await repository.addressed(session)]

    def open(self, letter: Letter) -> CaughtLetter:
        return CaughtLetter(
            to=self._cipher.decrypt(letter.recipient or b""),
            subject=letter.subject,
            text=self._cipher.decrypt(letter.text),
            html=self._cipher.decrypt(letter.html),
            at=letter.written_at.astimezone(WARSAW).isoformat(timespec="seconds"),
        )


async def forget(session: AsyncSession, cipher: Cipher, customer_id: int, email: str) -> None:
    """Removes the customer's letters, sent or not, and those that name the address without knowing whose it is."""
    await repository.remove_of(session, customer_id)
    named = email.casefold()
    for letter in await repository.addressed(session):
        told = cipher.decrypt(letter.recipient or b"") + cipher.decrypt(letter.text)
        if named in told.casefold():
            await repository.remove(session, letter.id)
