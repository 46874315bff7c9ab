from __future__ import annotations

import datetime as dt

from sqlalchemy import and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing.models import DataAsOf, Document

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
