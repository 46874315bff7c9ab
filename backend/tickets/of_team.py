"""Queries of the office; each takes the team first, so that another team's ticket is never found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from backend.customers.models import Customer
from backend.tickets import deadlines
from backend.tickets.models import Ticket, TicketFile
from backend.tickets.schemas import ALL, NEWEST_FIRST, OPEN, Wanted

_team = func.coalesce(Ticket.team, case((Customer.kind == "business", "bok"), else_="cok"))
_since = func.coalesce(Ticket.waits_since, Ticket.opened)

SOON = 15
"""Days, today the first, in the order of which tickets are due."""
LATER, PAUSED = SOON + 1, SOON + 2

_UNFINISHED = ("new", "in_progress", "waiting_for_customer")
_COMPLAINT = Ticket.kind == "complaint"
_IS_WAITED_FOR = or_(
    Ticket.status.in_(("new", "in_progress")), and_(_COMPLAINT, Ticket.status == "waiting_for_customer")
)


def _of(team: str) -> Select[Ticket]:
    return select(Ticket).outerjoin(Customer, Customer.id == Ticket.customer_id).where(_team == team)


async def ticket(session: AsyncSession, team: str, ticket_no: str, *, lock: bool = False) -> Ticket | None:
    query = _of(team).where(Ticket.ticket_no == ticket_no)
    if lock:
        query = query.with_for_update(of=Ticket).execution_options(populate_existing=True)
    found: Ticket | None = await session.scalar(query)
    return found


async def file(session: AsyncSession, team: str, file_id: int) -> TicketFile | None:
    query = select(TicketFile).where(
        TicketFile.id == file_id,
        TicketFile.ticket_no.in_(_of(team).with_only_columns(Ticket.ticket_no)),
    )
    return await session.scalar(query.options(undefer(TicketFile.ciphertext)))


async def page(
    session: AsyncSession, team: str, wanted: Wanted, today: dt.date, answer_days: int, most: int
) -> Sequence[tuple[Ticket, str, int]]:
    """Tickets with their team and how urgent they are: of open ones what is due first, of others the newest first."""
    urgency = _urgency(today, answer_days)
    query = _narrowed(_of(team), wanted, today, answer_days).with_only_columns(Ticket, _team, urgency)
    after = wanted.after
    if wanted.status in NEWEST_FIRST:
        newest = (Ticket.opened, Ticket.ticket_no)
        query = query.order_by(*(column.desc() for column in newest))
        query = query.where(tuple_(*newest) < tuple_(after.since, after.ticket_no)) if after else query
    else:
        first = (urgency, _since, Ticket.ticket_no)
        query = query.order_by(*first)
        query = query.where(tuple_(*first) > tuple_(after.urgency, after.since, after.ticket_no)) if after else query
    return [(row[0], row[1], row[2]) for row in await session.execute(query.limit(most))]


async def count_overdue(session: AsyncSession, team: str, today: dt.date, answer_days: int) -> int:
    late = _narrowed(_of(team), Wanted(OPEN, overdue=True), today, answer_days)
    return await session.scalar(late.with_only_columns(func.count())) or 0


def _narrowed(query: Select[Any], wanted: Wanted, today: dt.date, answer_days: int) -> Select[Any]:
    if wanted.status == OPEN:
        query = query.where(Ticket.status.in_(_UNFINISHED))
    elif wanted.status != ALL:
        query = query.where(Ticket.status == wanted.status)
    if wanted.kind:
        query = query.where(Ticket.kind == wanted.kind)
    if wanted.overdue:
        query = query.where(_IS_WAITED_FOR, _due_by(today - dt.timedelta(days=1), answer_days))
    for word in wanted.words:
        query = query.where(Ticket.folded.contains(word, autoescape=True))
    return query


def _due_by(day: dt.date, answer_days: int) -> ColumnElement[bool]:
    """Whether a ticket is due on that day or before."""
    return or_(
        and_(_COMPLAINT, _since <= deadlines.latest("complaint", day, answer_days)),
        and_(~_COMPLAINT, _since <= deadlines.latest("query", day, answer_days)),
    )


def _urgency(today: dt.date, answer_days: int) -> ColumnElement[int]:
    days = [today + dt.timedelta(days=number - 1) for number in range(SOON + 1)]
    return case(
        (~_IS_WAITED_FOR, PAUSED),
        *((_due_by(day, answer_days), number) for number, day in enumerate(days)),
        else_=LATER,
    )
