"""From rows to what others see of a ticket."""

from __future__ import annotations

from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend.tickets import repository
from backend.tickets.models import Ticket, TicketFile
from backend.tickets.schemas import FileCard, Kind, Said, TicketCard


def card(ticket: Ticket) -> TicketCard:
    kind = cast(Kind, ticket.kind)
    about = ticket.document_no or ticket.contract_no
    return TicketCard(ticket.ticket_no, kind, ticket.status, ticket.opened, ticket.subject, ticket.text, about)


def file_card(file: TicketFile) -> FileCard:
    return FileCard(file.id, file.name, file.mime, file.size, file.member_id)


async def contents(session: AsyncSession, ticket_no: str) -> tuple[list[Said], list[FileCard]]:
    """The messages and the files of a ticket, the newest last."""
    said = [Said(m.id, m.author, m.member_id, m.at, m.text) for m in await repository.messages(session, ticket_no)]
    return said, [file_card(file) for file in await repository.files(session, ticket_no)]
