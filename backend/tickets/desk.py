"""Zgłoszenia as the office works on them: found by team, answered, closed, handed over; nobody overwrites another."""

from __future__ import annotations

import datetime as dt
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend import quantities
from backend.clock import Clock
from backend.customers import service as customers
from backend.customers.schemas import Team
from backend.mail import letters
from backend.mail.service import Outbox
from backend.secrecy import Cipher
from backend.settings import Settings
from backend.tickets import deadlines, of_team, reading, states
from backend.tickets.models import Ticket, TicketMessage
from backend.tickets.schemas import (
    KINDS,
    NEWEST_FIRST,
    Case,
    FileCard,
    FileRefused,
    Kind,
    OfficeCard,
    OfficePage,
    Place,
    Reply,
    Stale,
    TicketMissing,
    Wanted,
)
from backend.tickets.service import Tickets, portal_address, room_for

PAGE = 50


class Desk:
    def __init__(self, settings: Settings, clock: Clock, cipher: Cipher, outbox: Outbox, tickets: Tickets) -> None:
        self._settings, self._clock, self._cipher = settings, clock, cipher
        self._outbox, self._tickets = outbox, tickets

    async def page(self, session: AsyncSession, team: str, wanted: Wanted) -> OfficePage:
        """So many tickets of the team from a place on."""
        today, days = self._clock.today(), self._settings.answer_days
        found = await of_team.page(session, team, wanted, today, days, PAGE + 1)
        cards = [self._card(ticket, team) for ticket, team, _ in found[:PAGE]]
        if len(found) <= PAGE:
            return OfficePage(cards, None)
        last, _, urgency = found[PAGE - 1]
        since = _since(last) if wanted.status not in NEWEST_FIRST else last.opened
        return OfficePage(cards, Place(urgency, since, last.ticket_no))

    async def overdue(self, session: AsyncSession, team: str) -> int:
        """How many answers of the team are late."""
        return await of_team.count_overdue(session, team, self._clock.today(), self._settings.answer_days)

    async def case(self, session: AsyncSession, team: str, ticket_no: str) -> Case:
        """Raises TicketMissing."""
        ticket = await of_team.ticket(session, team, ticket_no)
        if ticket is None:
            raise TicketMissing
        return Case(
            self._card(ticket, team),
            *await reading.contents(session, ticket_no),
            self._cipher.decrypt(ticket.contact) if ticket.contact else None,
        )

    async def conversation_of(self, session: AsyncSession, team: str, ticket_no: str) -> str | None:
        """The conversation in which it was written. Raises TicketMissing."""
        ticket = await of_team.ticket(session, team, ticket_no)
        if ticket is None:
            raise TicketMissing
        return ticket.conversation_id

    async def reply(self, session: AsyncSession, team: str, ticket_no: str, reply: Reply) -> OfficeCard:
        """Adds an answer, and writes to whoever waits for it. Raises TicketMissing, Stale, FileRefused."""
        ticket = await self._read(session, team, ticket_no, reply.version)
        if reply.upload and ticket.customer_id is None:
            raise FileRefused(409, "Ta osoba nie ma konta w portalu, więc plik do niej nie dotrze.")
        if reply.upload:
            await room_for(session, ticket_no, 1, of_office=True)
            session.add(self._tickets.new_file(reply.upload, ticket_no=ticket_no, member_id=reply.member_id))
        now = self._clock.now()
        session.add(
            TicketMessage(ticket_no=ticket_no, author="staff", member_id=reply.member_id, at=now, text=reply.text)
        )
        if reply.status != ticket.status:
            states.change(ticket, reply.status, self._clock.today())
        await self._write_answer(session, ticket, reply.text)
        return self._card(ticket, team)

    async def change_status(self, session: AsyncSession, team: str, ticket_no: str, version: int, status: str) -> None:
        """Raises TicketMissing, Stale."""
        ticket = await self._read(session, team, ticket_no, version)
        states.change(ticket, status, self._clock.today())

    async def hand_over(self, session: AsyncSession, team: str, ticket_no: str, version: int, note: str) -> Team:
        """Gives the ticket to the other team, which gets a letter with `note`. Raises TicketMissing, Stale."""
        ticket = await self._read(session, team, ticket_no, version)
        other: Team = "cok" if team == "bok" else "bok"
        ticket.team = other
        card = self._card(ticket, other)
        facts = [("Rodzaj", KINDS[card.ticket.kind])]
        if card.due:
            facts.append(("Termin odpowiedzi", quantities.long_date(card.due)))
        letter = letters.office_handed_over(ticket_no, facts, note, self._settings.company)
        await self._outbox.put(session, self._settings.mailbox(other), letter, customer_id=ticket.customer_id)
        return other

    async def file(self, session: AsyncSession, team: str, file_id: int) -> tuple[FileCard, bytes, str]:
        """A file, its content and the number of its ticket. Raises TicketMissing."""
        found = await of_team.file(session, team, file_id)
        if found is None or found.ticket_no is None:
            raise TicketMissing
        return reading.file_card(found), self._cipher.decrypt_bytes(found.ciphertext), found.ticket_no

    async def _read(self, session: AsyncSession, team: str, ticket_no: str, version: int) -> Ticket:
        """The ticket for a change by whoever read this version of it; of two at once the second is too late.

        The row is locked before versions are compared, so the second sees what the first has made of it.
        """
        ticket = await of_team.ticket(session, team, ticket_no, lock=True)
        if ticket is None:
            raise TicketMissing
        if ticket.version != version:
            raise Stale
        ticket.version += 1
        return ticket

    async def _write_answer(self, session: AsyncSession, ticket: Ticket, text: str) -> None:
        """A customer reads the answer in the portal; who has no account gets it to the address that was left."""
        number, company = ticket.ticket_no, self._settings.company
        if ticket.customer_id is not None:
            customer = (await customers.cards(session, [ticket.customer_id]))[0]
            letter = letters.ticket_answered(number, portal_address(self._settings, number), company)
            await self._outbox.put(session, customer.email, letter, customer_id=customer.id)
        elif ticket.contact:
            letter = letters.ticket_answer(number, text, company)
            await self._outbox.put(session, self._cipher.decrypt(ticket.contact), letter)

    def _card(self, ticket: Ticket, team: str) -> OfficeCard:
        kind = cast(Kind, ticket.kind)
        due = None
        if ticket.status != "closed":
            due = deadlines.due(kind, _since(ticket), self._settings.answer_days)
        late = due is not None and due < self._clock.today() and states.is_waited_for(kind, ticket.status)
        return OfficeCard(
            reading.card(ticket),
            ticket.customer_id,
            cast(Team, team),
            due,
            late,
            ticket.conversation_id,
            ticket.version,
        )


def _since(ticket: Ticket) -> dt.date:
    return ticket.waits_since or ticket.opened
