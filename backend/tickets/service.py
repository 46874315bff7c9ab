"""Zgłoszenia: opened and answered by customers, with files."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import Clock
from backend.secrecy import Cipher
from backend.tickets import files, repository
from backend.tickets.models import Ticket, TicketFile, TicketMessage
from backend.tickets.schemas import FileCard, FileRefused, Kind, Said, Thread, TicketCard, Upload


class TicketMissing(Exception):
    """There is no such ticket, or it is another customer's."""


class Tickets:
    def __init__(self, clock: Clock, cipher: Cipher) -> None:
        self._clock, self._cipher = clock, cipher

    async def all(self, session: AsyncSession, customer_id: int) -> list[TicketCard]:
        """The newest first."""
        return [_card(ticket) for ticket in await repository.tickets(session, customer_id)]

    async def thread(self, session: AsyncSession, customer_id: int, ticket_no: str) -> Thread:
        """Raises TicketMissing."""
        ticket = await repository.ticket(session, customer_id, ticket_no)
        if ticket is None:
            raise TicketMissing
        said = [Said(m.author, m.at, m.text) for m in await repository.messages(session, ticket_no)]
        kept = [FileCard(f.id, f.name, f.mime, f.size) for f in await repository.files(session, ticket_no)]
        return Thread(_card(ticket), said, kept)

    async def open(self, session: AsyncSession, customer_id: int, kind: Kind, subject: str, text: str) -> str:
        """Opens a ticket and returns its number."""
        ticket_no = await self._number(session)
        session.add(
            Ticket(
                ticket_no=ticket_no,
                customer_id=customer_id,
                kind=kind,
                status="new",
                opened=self._clock.today(),
                subject=subject,
                text=text,
            )
        )
        await session.flush()
        return ticket_no

    async def answer(self, session: AsyncSession, customer_id: int, ticket_no: str, text: str) -> None:
        """Adds what the customer says; a ticket that waited for it, or was closed, is in progress again.

        Raises TicketMissing.
        """
        ticket = await repository.ticket(session, customer_id, ticket_no, lock=True)
        if ticket is None:
            raise TicketMissing
        session.add(TicketMessage(ticket_no=ticket_no, author="customer", at=self._clock.now(), text=text))
        if ticket.status in ("waiting_for_customer", "closed"):
            if ticket.row_digest:
                ticket.imported_status = ticket.imported_status or ticket.status
            ticket.status = "in_progress"

    async def attach(self, session: AsyncSession, customer_id: int, ticket_no: str, upload: Upload) -> None:
        """Adds a file, encrypted. Raises TicketMissing, or FileRefused where there are enough."""
        if await repository.ticket(session, customer_id, ticket_no, lock=True) is None:
            raise TicketMissing
        if await repository.count_files(session, ticket_no) >= files.MOST:
            raise FileRefused(409, f"Do zgłoszenia można dołączyć najwyżej {files.MOST} plików.")
        session.add(
            TicketFile(
                ticket_no=ticket_no,
                name=upload.name,
                mime=upload.mime,
                size=len(upload.content),
                at=self._clock.now(),
                ciphertext=self._cipher.encrypt_bytes(upload.content),
            )
        )

    async def file(self, session: AsyncSession, customer_id: int, file_id: int) -> tuple[FileCard, bytes]:
        """A file and its content. Raises TicketMissing."""
        found = await repository.file(session, customer_id, file_id)
        if found is None:
            raise TicketMissing
        content = self._cipher.decrypt_bytes(found.ciphertext)
        return FileCard(found.id, found.name, found.mime, found.size), content

    async def _number(self, session: AsyncSession) -> str:
        """Random, so that nobody learns from a number how many there are."""
        while True:
            number = f"Z/{self._clock.today().year}/{secrets.randbelow(10**8):08d}"
            if not await repository.is_taken(session, number):
                return number


def _card(ticket: Ticket) -> TicketCard:
    kind = cast(Kind, ticket.kind)
    return TicketCard(ticket.ticket_no, kind, ticket.status, ticket.opened, ticket.subject, ticket.text)


async def made_here(session: AsyncSession) -> tuple[Sequence[Ticket], Sequence[TicketFile]]:
    """Every ticket and file that was not imported, the newest last."""
    return await repository.made_here(session), await repository.all_files(session)


async def back_to_imported(session: AsyncSession) -> None:
    """Throws away what was added here."""
    await repository.back_to_imported(session)


async def forget(session: AsyncSession, customer_id: int) -> None:
    """Removes the customer's tickets with everything in them."""
    await repository.remove(session, customer_id)
