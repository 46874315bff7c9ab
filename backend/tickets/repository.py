"""Queries on tickets; each takes the customer's id first, so nobody else's is ever found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from backend.tickets.models import Ticket, TicketFile, TicketMessage


async def tickets(session: AsyncSession, customer_id: int) -> Sequence[Ticket]:
    query = select(Ticket).where(Ticket.customer_id == customer_id)
    return (await session.scalars(query.order_by(Ticket.opened.desc(), Ticket.ticket_no.desc()))).all()


async def ticket(session: AsyncSession, customer_id: int, ticket_no: str, *, lock: bool = False) -> Ticket | None:
    query = select(Ticket).where(Ticket.customer_id == customer_id, Ticket.ticket_no == ticket_no)
    return await session.scalar(query.with_for_update() if lock else query)


async def messages(session: AsyncSession, ticket_no: str) -> Sequence[TicketMessage]:
    query = select(TicketMessage).where(TicketMessage.ticket_no == ticket_no).order_by(TicketMessage.id)
    return (await session.scalars(query)).all()


async def files(session: AsyncSession, ticket_no: str) -> Sequence[TicketFile]:
    query = select(TicketFile).where(TicketFile.ticket_no == ticket_no).order_by(TicketFile.id)
    return (await session.scalars(query)).all()


async def file(session: AsyncSession, customer_id: int, file_id: int) -> TicketFile | None:
    query = select(TicketFile).join(Ticket, Ticket.ticket_no == TicketFile.ticket_no)
    query = query.where(Ticket.customer_id == customer_id, TicketFile.id == file_id)
    return await session.scalar(query.options(undefer(TicketFile.ciphertext)))


async def count_files(session: AsyncSession, ticket_no: str, *, of_office: bool) -> int:
    whose = TicketFile.member_id.is_not(None) if of_office else TicketFile.member_id.is_(None)
    return await session.scalar(select(func.count()).where(TicketFile.ticket_no == ticket_no, whose)) or 0


async def is_taken(session: AsyncSession, ticket_no: str) -> bool:
    return await session.get(Ticket, ticket_no) is not None


async def made_here(session: AsyncSession) -> Sequence[Ticket]:
    return (
        await session.scalars(
            select(Ticket).where(Ticket.row_digest.is_(None)).order_by(Ticket.opened_at, Ticket.ticket_no)
        )
    ).all()


async def all_files(session: AsyncSession) -> Sequence[TicketFile]:
    query = select(TicketFile).where(TicketFile.ticket_no.is_not(None)).order_by(TicketFile.id)
    return (await session.scalars(query)).all()


async def waiting_files(session: AsyncSession, conversation_id: str) -> Sequence[TicketFile]:
    query = select(TicketFile).where(TicketFile.conversation_id == conversation_id, TicketFile.ticket_no.is_(None))
    return (await session.scalars(query.order_by(TicketFile.id))).all()


async def waiting_file(session: AsyncSession, conversation_id: str, file_id: int) -> TicketFile | None:
    query = select(TicketFile).where(
        TicketFile.conversation_id == conversation_id, TicketFile.ticket_no.is_(None), TicketFile.id == file_id
    )
    return await session.scalar(query.options(undefer(TicketFile.ciphertext)))


async def remove_waiting(session: AsyncSession, before: dt.datetime) -> None:
    await session.execute(delete(TicketFile).where(TicketFile.ticket_no.is_(None), TicketFile.at < before))


async def back_to_imported(session: AsyncSession) -> None:
    await session.execute(delete(TicketFile))
    await session.execute(delete(TicketMessage))
    await session.execute(delete(Ticket).where(Ticket.row_digest.is_(None)))
    changed = update(Ticket).where(Ticket.imported_status.is_not(None))
    await session.execute(changed.values(status=Ticket.imported_status))
    touched = or_(Ticket.version > 0, Ticket.imported_status.is_not(None))
    await session.execute(
        update(Ticket).where(touched).values(imported_status=None, team=None, waits_since=None, version=0)
    )


async def remove(session: AsyncSession, customer_id: int, conversation_ids: Collection[str]) -> None:
    theirs = or_(
        Ticket.customer_id == customer_id,
        Ticket.customer_id.is_(None) & Ticket.conversation_id.in_(conversation_ids),
    )
    own = select(Ticket.ticket_no).where(theirs)
    await session.execute(delete(TicketFile).where(TicketFile.conversation_id.in_(conversation_ids)))
    for model in (TicketFile, TicketMessage):
        await session.execute(delete(model).where(model.ticket_no.in_(own)))
    await session.execute(delete(Ticket).where(theirs))


async def conversations_of_open(session: AsyncSession, conversation_ids: Collection[str]) -> set[str]:
    query = select(Ticket.conversation_id).where(
        Ticket.conversation_id.in_(conversation_ids), Ticket.status != "closed"
    )
    return {one for one in await session.scalars(query) if one is not None}


async def closed_since(
    session: AsyncSession, before: dt.datetime, held: Collection[int], held_talks: Collection[str], most: int
) -> list[str]:
    """Numbers of tickets closed before then and to which nothing was added since."""
    query = select(Ticket.ticket_no).where(
        Ticket.status == "closed",
        func.coalesce(Ticket.closed_on, Ticket.opened) < before.date(),
        *(
            ~exists().where(part.ticket_no == Ticket.ticket_no, part.at >= before)
            for part in (TicketMessage, TicketFile)
        ),
        or_(Ticket.customer_id.is_(None), Ticket.customer_id.not_in(held)),
        or_(Ticket.conversation_id.is_(None), Ticket.conversation_id.not_in(held_talks)),
    )
    return list(await session.scalars(query.limit(most)))


async def contacts(session: AsyncSession) -> list[tuple[str, bytes]]:
    """Numbers of strangers' tickets with the encrypted addresses they left."""
    query = select(Ticket.ticket_no, Ticket.contact).where(Ticket.customer_id.is_(None))
    return [(row[0], row[1]) for row in await session.execute(query) if row[1] is not None]


async def remove_by_number(session: AsyncSession, numbers: Collection[str]) -> None:
    for model in (TicketFile, TicketMessage, Ticket):
        await session.execute(delete(model).where(model.ticket_no.in_(numbers)))
