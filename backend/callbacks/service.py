"""Telephone calls that customers ask for: kept for the team and told to it by letter."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from backend import quantities
from backend.callbacks import repository
from backend.callbacks.models import Callback
from backend.callbacks.schemas import CallbackCard, CallbackRefused, Wish
from backend.clock import WARSAW, Clock
from backend.limits.service import Limits, Rule
from backend.mail.letters import office_callback
from backend.mail.service import Outbox
from backend.secrecy import Cipher
from backend.settings import Settings

FOR_ONE_NUMBER = [Rule(3, dt.timedelta(days=1))]
"""So that nobody has somebody else called again and again."""


class Callbacks:
    def __init__(self, settings: Settings, clock: Clock, cipher: Cipher, outbox: Outbox, limits: Limits) -> None:
        self._settings, self._clock, self._cipher = settings, clock, cipher
        self._outbox, self._limits = outbox, limits

    async def ask(self, session: AsyncSession, wish: Wish) -> str:
        """Keeps the wish, tells the team, and returns its number. Raises CallbackRefused."""
        phone, now = dialled(wish.phone), self._clock.now()
        if phone is None:
            raise CallbackRefused("phone")
        if wish.ends <= now:
            raise CallbackRefused("past")
        if not await self._limits.take(session, "callback", phone, FOR_ONE_NUMBER):
            raise CallbackRefused("many")
        number = await self._number(session)
        session.add(
            Callback(
                callback_no=number,
                customer_id=wish.customer_id,
                conversation_id=wish.conversation_id,
                team=wish.team,
                phone=self._cipher.encrypt(phone),
                begins=wish.begins,
                ends=wish.ends,
                made_at=now,
            )
        )
        begins, ends = wish.begins.astimezone(WARSAW), wish.ends.astimezone(WARSAW)
        facts = [("Telefon", phone), ("Kiedy", f"{quantities.moment(begins)}–{ends.hour}:{ends.minute:02d}")]
        mailbox = self._settings.bok_email if wish.team == "bok" else self._settings.cok_email
        letter = office_callback(number, facts, self._settings.company)
        await self._outbox.put(session, mailbox, letter, customer_id=wish.customer_id)
        return number

    async def all(self, session: AsyncSession) -> list[CallbackCard]:
        """Every callback, the newest last."""
        return [
            CallbackCard(
                row.callback_no,
                row.customer_id,
                self._cipher.decrypt(row.phone),
                row.begins.astimezone(WARSAW),
                row.ends.astimezone(WARSAW),
            )
            for row in await repository.every(session)
        ]

    async def _number(self, session: AsyncSession) -> str:
        while True:
            number = f"T/{self._clock.today().year}/{secrets.randbelow(10**8):08d}"
            if not await repository.is_taken(session, number):
                return number


def dialled(typed: str) -> str | None:
    """A number as it is dialled (E.164): `+48` before nine digits; None for what is none."""
    bare = re.sub(r"[^\d+]", "", typed)
    digits = re.sub(r"\D", "", bare).removeprefix("00")
    if len(digits) == 9:
        return f"+48{digits}"
    if len(digits) == 11 and digits.startswith("48"):
        return f"+{digits}"
    abroad = bare.startswith(("+", "00")) and 8 <= len(digits) <= 15
    return f"+{digits}" if abroad else None


async def clear(session: AsyncSession) -> None:
    """Throws all away."""
    await repository.clear(session)


async def forget(session: AsyncSession, customer_id: int, conversation_ids: Collection[str]) -> None:
    """Removes the customer's wishes and those of these conversations."""
    await repository.remove(session, customer_id, conversation_ids)
