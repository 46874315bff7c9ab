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
from backend.callbacks.schemas import (
    CallbackCard,
    CallbackMissing,
    CallbackRefused,
    OfficeCallback,
    Place,
    Stale,
    Wish,
)
from backend.clock import WARSAW, Clock
from backend.limits.service import Limits, Rule
from backend.mail.letters import office_callback
from backend.mail.service import Outbox
from backend.secrecy import Cipher
from backend.settings import Settings

FOR_ONE_NUMBER = [Rule(3, dt.timedelta(days=1))]
"""So that nobody has somebody else called again and again."""

PAGE = 50


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
        letter = office_callback(number, facts, self._settings.company)
        await self._outbox.put(session, self._settings.mailbox(wish.team), letter, customer_id=wish.customer_id)
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

    async def page(
        self, session: AsyncSession, team: str, *, done: bool, overdue: bool = False, after: Place | None = None
    ) -> tuple[list[OfficeCallback], Place | None]:
        """Callbacks of the team from a place on, and where the next page begins; None on the last."""
        late = self._clock.now() if overdue else None
        rows = await repository.page(session, team, done=done, ended_before=late, after=after, most=PAGE + 1)
        cards = [self._card(row) for row in rows[:PAGE]]
        return cards, cards[-1].place if len(rows) > PAGE else None

    async def overdue(self, session: AsyncSession, team: str) -> int:
        """How many calls of the team were not made in time."""
        return await repository.count_overdue(session, team, self._clock.now())

    async def one(self, session: AsyncSession, team: str, callback_no: str) -> OfficeCallback:
        """Raises CallbackMissing."""
        row = await repository.one(session, team, callback_no)
        if row is None:
            raise CallbackMissing
        return self._card(row)

    async def phone(self, session: AsyncSession, team: str, callback_no: str) -> str:
        """The number to dial. Raises CallbackMissing."""
        row = await repository.one(session, team, callback_no)
        if row is None:
            raise CallbackMissing
        return self._cipher.decrypt(row.phone)

    async def note(
        self, session: AsyncSession, team: str, callback_no: str, version: int, note: str, *, done: bool
    ) -> None:
        """Keeps what came of a call, and whether that was all. Raises CallbackMissing, Stale."""
        row = await repository.one(session, team, callback_no, lock=True)
        if row is None:
            raise CallbackMissing
        if row.version != version:
            raise Stale
        row.version += 1
        row.note, row.done_at = note, self._clock.now() if done else None

    def _card(self, row: Callback) -> OfficeCallback:
        return OfficeCallback(
            row.callback_no,
            row.customer_id,
            row.conversation_id,
            row.begins.astimezone(WARSAW),
            row.ends.astimezone(WARSAW),
            row.made_at,
            row.done_at,
            row.done_at is None and row.ends < self._clock.now(),
            row.note,
            row.version,
        )

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


async def forget_before(
    session: AsyncSession, before: dt.datetime, held: Collection[int], held_talks: Collection[str]
) -> int:
    """Removes calls asked for until then, but not of customers in `held` or conversations in `held_talks`; how many."""
    return await repository.remove_before(session, before, held, held_talks)


async def forget_number(session: AsyncSession, cipher: Cipher, phone: str | None) -> None:
    """Removes calls that somebody who was not known asked for to this telephone."""
    wanted = phone and dialled(phone)
    asked = await repository.phones_of_strangers(session) if wanted else []
    await repository.remove_by_number(session, [number for number, kept in asked if cipher.decrypt(kept) == wanted])
