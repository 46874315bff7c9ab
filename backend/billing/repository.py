from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing.models import DataAsOf, Document, DocumentLine, Payment
from backend.billing.schemas import DocumentFilter

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
    if wanted.kind:
        query = query.where(Document.kind == wanted.kind)
    if wanted.unpaid:
        query = query.where(_LEFT > 0)
    query = query.order_by(Document.issued.desc(), Document.document_no.desc()).offset(offset).limit(limit)
    return (await session.scalars(query)).all()


async def document(session: AsyncSession, customer_id: int, document_no: str) -> Document | None:
    query = select(Document).where(Document.customer_id == customer_id, Document.document_no == document_no)
    return await session.scalar(query)


async def lines(session: AsyncSession, document_no: str) -> Sequence[DocumentLine]:
    query = select(DocumentLine).where(DocumentLine.document_no == document_no).order_by(DocumentLine.position)
    return (await session.scalars(query)).all()


async def first_and_last_issued(session: AsyncSession, customer_id: int) -> tuple[dt.date | None, dt.date | None]:
    query = select(func.min(Document.issued), func.max(Document.issued)).where(Document.customer_id == customer_id)
    first, last = (await session.execute(query)).one()
    return first, last


async def payments(session: AsyncSession, customer_id: int, offset: int, limit: int) -> Sequence[Payment]:
    query = select(Payment).where(Payment.customer_id == customer_id)
    query = query.order_by(Payment.received.desc(), Payment.payment_no.desc()).offset(offset).limit(limit)
    return (await session.scalars(query)).all()


async def every_document(session: AsyncSession, customer_id: int) -> Sequence[Document]:
    return (await session.scalars(select(Document).where(Document.customer_id == customer_id))).all()
