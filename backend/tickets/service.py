"""Zgłoszenia: opened and answered by customers, with files; the office and the customer get a letter."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Sequence
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncSession

from backend import quantities
from backend.clock import Clock
from backend.customers import service as customers
from backend.customers.schemas import CustomerCard
from backend.limits.service import Limits, Rule
from backend.mail import letters
from backend.mail.service import Outbox
from backend.secrecy import Cipher
from backend.settings import Settings
from backend.tickets import deadlines, files, reading, repository, states
from backend.tickets.models import Ticket, TicketFile, TicketMessage
from backend.tickets.schemas import (
    KINDS,
    Contact,
    Draft,
    FileCard,
    FileRefused,
    Kind,
    Thread,
    TicketCard,
    TicketMissing,
    TooMany,
    Upload,
)

A_DAY = dt.timedelta(days=1)
LETTERS_TO_STRANGERS = [Rule(3, A_DAY)]
TICKETS_OF_ONE = [Rule(20, A_DAY)]
MOST_WAITING = 10
"""Files of one conversation that wait for a ticket."""


class Tickets:
    def __init__(self, settings: Settings, clock: Clock, cipher: Cipher, outbox: Outbox, limits: Limits) -> None:
        self._settings, self._clock, self._cipher = settings, clock, cipher
        self._outbox, self._limits = outbox, limits

    async def all(self, session: AsyncSession, customer_id: int) -> list[TicketCard]:
        """The newest first."""
        return [reading.card(ticket) for ticket in await repository.tickets(session, customer_id)]

    async def thread(self, session: AsyncSession, customer_id: int, ticket_no: str) -> Thread:
        """Raises TicketMissing."""
        ticket = await repository.ticket(session, customer_id, ticket_no)
        if ticket is None:
            raise TicketMissing
        return Thread(reading.card(ticket), *await reading.contents(session, ticket_no))

    async def open(self, session: AsyncSession, who: CustomerCard | Contact, draft: Draft) -> str:
        """Opens a ticket of a customer, or of somebody who only left an address, and returns its number.

        Raises TooMany; FileRefused for more files than a ticket takes.
        """
        customer = who if isinstance(who, CustomerCard) else None
        subject = customer.customer_no if customer else draft.conversation_id or ""
        if not await self._limits.take(session, "ticket", subject, TICKETS_OF_ONE):
            raise TooMany
        ticket = Ticket(
            ticket_no=await self._number(session),
            customer_id=customer.id if customer else None,
            contact=self._cipher.encrypt(who.email) if isinstance(who, Contact) else None,
            team=who.team,
            kind=draft.kind,
            status="new",
            opened=self._clock.today(),
            subject=draft.subject or _subject(draft),
            text=draft.text,
            document_no=draft.document_no,
            contract_no=draft.contract_no,
            conversation_id=draft.conversation_id,
            opened_at=self._clock.now(),
        )
        session.add(ticket)
        await session.flush()
        await self._take_waiting(session, ticket.ticket_no, draft.conversation_id, draft.files)
        if isinstance(who, CustomerCard):
            await self._write_to_customer(session, who, ticket.ticket_no, draft.kind)
        else:
            await self._write_to_stranger(session, who.email, ticket.ticket_no)
        await self._write_to_office(session, ticket, who, draft)
        return ticket.ticket_no

    async def answer(self, session: AsyncSession, customer_id: int, ticket_no: str, text: str) -> None:
        """Adds what the customer says; a ticket that waited for it, or was closed, is in progress again.

        Raises TicketMissing.
        """
        ticket = await repository.ticket(session, customer_id, ticket_no, lock=True)
        if ticket is None:
            raise TicketMissing
        session.add(TicketMessage(ticket_no=ticket_no, author="customer", at=self._clock.now(), text=text))
        ticket.version += 1
        if ticket.status in ("waiting_for_customer", "closed"):
            states.wait_anew(ticket, self._clock.today())
            states.change(ticket, "in_progress", self._clock.today())
        team = ticket.team or (await customers.cards(session, [customer_id]))[0].team
        letter = letters.office_answer(ticket_no, text, self._settings.company)
        await self._outbox.put(session, self._settings.mailbox(team), letter, customer_id=customer_id)

    async def attach(self, session: AsyncSession, customer_id: int, ticket_no: str, upload: Upload) -> None:
        """Adds a file, encrypted. Raises TicketMissing, or FileRefused where there are enough."""
        ticket = await repository.ticket(session, customer_id, ticket_no, lock=True)
        if ticket is None:
            raise TicketMissing
        await room_for(session, ticket_no, 1)
        session.add(self.new_file(upload, ticket_no=ticket_no))
        ticket.version += 1

    async def keep(self, session: AsyncSession, conversation_id: str, upload: Upload) -> int:
        """Keeps a file until the ticket that is written in the conversation is sent; its id.

        Raises FileRefused 409 when too many wait already.
        """
        if len(await repository.waiting_files(session, conversation_id)) >= MOST_WAITING:
            raise FileRefused(409, "Czeka tu już zbyt wiele plików. Najpierw wyślij zgłoszenie, do którego należą.")
        file = self.new_file(upload, conversation_id=conversation_id)
        session.add(file)
        await session.flush()
        return file.id

    async def waiting(self, session: AsyncSession, conversation_id: str) -> dict[int, FileCard]:
        """The files of a conversation that belong to no ticket, by id."""
        return {file.id: reading.file_card(file) for file in await repository.waiting_files(session, conversation_id)}

    async def waiting_file(self, session: AsyncSession, conversation_id: str, file_id: int) -> tuple[FileCard, bytes]:
        """One of them and its content. Raises TicketMissing."""
        found = await repository.waiting_file(session, conversation_id, file_id)
        if found is None:
            raise TicketMissing
        return reading.file_card(found), self._cipher.decrypt_bytes(found.ciphertext)

    async def attach_waiting(
        self, session: AsyncSession, customer_id: int, ticket_no: str, conversation_id: str, waiting: Sequence[int]
    ) -> None:
        """Files of a conversation go to a ticket of the customer. Raises TicketMissing, FileRefused."""
        ticket = await repository.ticket(session, customer_id, ticket_no, lock=True)
        if ticket is None:
            raise TicketMissing
        ticket.version += 1
        await self._take_waiting(session, ticket_no, conversation_id, waiting)

    async def file(self, session: AsyncSession, customer_id: int, file_id: int) -> tuple[FileCard, bytes]:
        """A file and its content. Raises TicketMissing."""
        found = await repository.file(session, customer_id, file_id)
        if found is None:
            raise TicketMissing
        content = self._cipher.decrypt_bytes(found.ciphertext)
        return reading.file_card(found), content

    async def forget_waiting(self, session: AsyncSession) -> None:
        """Throws away files whose ticket was never sent."""
        await repository.remove_waiting(session, self._clock.now() - A_DAY)

    async def _take_waiting(
        self, session: AsyncSession, ticket_no: str, conversation_id: str | None, wanted: Sequence[int]
    ) -> None:
        if not wanted or conversation_id is None:
            return
        await room_for(session, ticket_no, len(wanted))
        for file in await repository.waiting_files(session, conversation_id):
            if file.id in wanted:
                file.ticket_no, file.conversation_id = ticket_no, None

    def new_file(
        self,
        upload: Upload,
        *,
        ticket_no: str | None = None,
        conversation_id: str | None = None,
        member_id: int | None = None,
    ) -> TicketFile:
        return TicketFile(
            ticket_no=ticket_no,
            conversation_id=conversation_id,
            member_id=member_id,
            name=upload.name,
            mime=upload.mime,
            size=len(upload.content),
            at=self._clock.now(),
            ciphertext=self._cipher.encrypt_bytes(upload.content),
        )

    async def _write_to_customer(self, session: AsyncSession, customer: CustomerCard, number: str, kind: Kind) -> None:
        letter = letters.ticket_opened(
            number, KINDS[kind], portal_address(self._settings, number), self._settings.company
        )
        await self._outbox.put(session, customer.email, letter, customer_id=customer.id)

    async def _write_to_stranger(self, session: AsyncSession, email: str, number: str) -> None:
        if await self._limits.take(session, "ticket letter", email.casefold(), LETTERS_TO_STRANGERS):
            await self._outbox.put(session, email, letters.ticket_number(number, self._settings.company))

    async def _write_to_office(
        self, session: AsyncSession, ticket: Ticket, who: CustomerCard | Contact, draft: Draft
    ) -> None:
        facts = [("Rodzaj", KINDS[draft.kind])]
        if isinstance(who, Contact):
            facts.append(("Tożsamość niepotwierdzona, adres do odpowiedzi", who.email))
        else:
            facts.append(("Klient", who.customer_no))
        if about := draft.document_no or draft.contract_no:
            facts.append(("Dotyczy", about))
        if draft.files:
            facts.append(("Pliki", str(len(draft.files))))
        due = deadlines.due(draft.kind, ticket.opened, self._settings.answer_days)
        facts.append(("Termin odpowiedzi", quantities.long_date(due)))
        letter = letters.office_ticket(ticket.ticket_no, facts, draft.text, draft.talk, self._settings.company)
        await self._outbox.put(session, self._settings.mailbox(who.team), letter, customer_id=ticket.customer_id)

    async def _number(self, session: AsyncSession) -> str:
        """Random, so that nobody learns from a number how many there are."""
        while True:
            number = f"Z/{self._clock.today().year}/{secrets.randbelow(10**8):08d}"
            if not await repository.is_taken(session, number):
                return number


async def room_for(session: AsyncSession, ticket_no: str, more: int, *, of_office: bool = False) -> None:
    """Raises FileRefused 409 where a ticket would have more files of the customer, or of the office, than it may."""
    if await repository.count_files(session, ticket_no, of_office=of_office) + more > files.MOST:
        raise FileRefused(409, f"Do zgłoszenia można dołączyć najwyżej {files.MOST} plików.")


def _subject(draft: Draft) -> str:
    about = draft.document_no or draft.contract_no
    return f"{KINDS[draft.kind]}: {about}" if about else KINDS[draft.kind]


def portal_address(settings: Settings, ticket_no: str) -> str:
    """Where the customer reads the ticket."""
    return f"{settings.base_url}/zgloszenia/zgloszenie?numer={quote(ticket_no, safe='')}"


async def made_here(session: AsyncSession) -> tuple[Sequence[Ticket], Sequence[TicketFile]]:
    """Every ticket that was not imported and every file that belongs to one, the newest last."""
    return await repository.made_here(session), await repository.all_files(session)


async def back_to_imported(session: AsyncSession) -> None:
    """Throws away what was added here."""
    await repository.back_to_imported(session)


async def forget(session: AsyncSession, customer_id: int, conversation_ids: Collection[str]) -> None:
    """Removes the customer's tickets and those that were written in one of these conversations, with all in them."""
    await repository.remove(session, customer_id, conversation_ids)
