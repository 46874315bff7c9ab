from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from backend.billing.models import DataAsOf, Document, DocumentLine, Payment
from backend.billing.schemas import DocumentCard, DocumentFilter

_LEFT = Document.amount_grosze - Document.paid_grosze


async def sums(session: AsyncSession, customer_id: int, today: dt.date) -> tuple[int, int, int, dt.date | None]:
    """Balance, overdue sum and count, and the nearest due date not yet past."""
    late = and_(Document.due < today, _LEFT > 0)
    to_come = and_(Document.due >= today, _LEFT > 0)
    query = select(
        func.coalesce(func.sum(_LEFT), 0),
        func.coalesce(func.sum(case((late, _LEFT), else_=0)), 0),
        func.coalesce(func.sum(case((late, 1), else_=0)), 0),
        func.min(case((to_come, Document.due))),
    ).where(Document.customer_id == customer_id)
    total, overdue, count, next_due = (await session.execute(query)).one()
    return int(total), int(overdue), int(count), next_due


async def left_to_pay_on(session: AsyncSession, customer_id: int, due: dt.date) -> int:
    query = select(func.sum(_LEFT)).where(Document.customer_id == customer_id, Document.due == due, _LEFT > 0)
    return int(await session.scalar(query) or 0)


async def as_of(session: AsyncSession) -> dt.datetime | None:
    row = await session.get(DataAsOf, 1)
    return row.at if row else None


async def documents(
    session: AsyncSession, customer_id: int, wanted: DocumentFilter, offset: int, limit: int
) -> Sequence[Document]:
    query = select(Document).where(Document.customer_id == customer_id)
    if wanted.year:
        query = query.where(Document.issued.between(dt.date(wanted.year, 1, 1), dt.date(wanted.year, 12, 31)))
    if wanted.last:
        query = query.where(func.coalesce(Document.period_from, Document.issued) <= wanted.last)
    if wanted.first:
        query = query.where(func.coalesce(Document.period_to, Document.issued) >= wanted.first)
    if wanted.kind:
        query = query.where(Document.kind == wanted.kind)
    if wanted.due_before:
        query = query.where(Document.due < wanted.due_before)
    if wanted.unpaid:
        query = query.where(_LEFT > 0)
    query = query.order_by(Document.issued.desc(), Document.document_no.desc()).offset(offset).limit(limit)
    return (await session.scalars(query)).all()


async def document(session: AsyncSession, customer_id: int, document_no: str) -> Document | None:
    query = select(Document).where(Document.customer_id == customer_id, Document.document_no == document_no)
    return await session.scalar(query)


async def numbered(session: AsyncSession, customer_id: int, numbers: Sequence[str]) -> Sequence[Document]:
    query = select(Document).where(Document.customer_id == customer_id, Document.document_no.in_(numbers))
    return (await session.scalars(query.order_by(Document.issued.desc(), Document.document_no.desc()))).all()


async def next_to(session: AsyncSession, customer_id: int, card: DocumentCard, *, older: bool) -> Document | None:
    """The document of the same kind that was issued right before this one, or right after it."""
    same_day = and_(Document.issued == card.issued, _is_before(Document.document_no, card.document_no, before=older))
    query = (
        select(Document)
        .where(Document.customer_id == customer_id, Document.kind == card.kind)
        .where(or_(_is_before(Document.issued, card.issued, before=older), same_day))
    )
    order = (Document.issued, Document.document_no)
    return await session.scalar(query.order_by(*(o.desc() if older else o for o in order)).limit(1))


def _is_before(column: InstrumentedAttribute, value: object, *, before: bool) -> ColumnElement[bool]:
    return column < value if before else column > value


async def document_numbers(session: AsyncSession, customer_id: int) -> Sequence[str]:
    query = select(Document.document_no).where(Document.customer_id == customer_id)
    return (await session.scalars(query.order_by(Document.issued.desc(), Document.document_no.desc()))).all()


async def lines(session: AsyncSession, document_no: str) -> Sequence[DocumentLine]:
    query = select(DocumentLine).where(DocumentLine.document_no == document_no).order_by(DocumentLine.position)
    return (await session.scalars(query)).all()


async def first_and_last_issued(session: AsyncSession, customer_id: int) -> tuple[dt.date | None, dt.date | None]:
    query = select(func.min(Document.issued), func.max(Document.issued)).where(Document.customer_id == customer_id)
    first, last = (await session.execute(query)).one()
    return first, last


async def payments(
    session: AsyncSession,
    customer_id: int,
    offset: int,
    limit: int,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> Sequence[Payment]:
    query = _received(select(Payment), customer_id, first, last)
    query = query.order_by(Payment.received.desc(), Payment.payment_no.desc()).offset(offset).limit(limit)
    return (await session.scalars(query)).all()


async def paid(session: AsyncSession, customer_id: int, first: dt.date | None, last: dt.date | None) -> tuple[int, int]:
    query = select(func.coalesce(func.sum(Payment.amount_grosze), 0), func.count())
    total, count = (await session.execute(_received(query, customer_id, first, last))).one()
    return int(total), int(count)


def _received(query: Select, customer_id: int, first: dt.date | None, last: dt.date | None) -> Select:
    query = query.where(Payment.customer_id == customer_id)
    if first:
        query = query.where(Payment.received >= first)
    return query.where(Payment.received <= last) if last else query


async def every_document(session: AsyncSession, customer_id: int) -> Sequence[Document]:
    return (await session.scalars(select(Document).where(Document.customer_id == customer_id))).all()
