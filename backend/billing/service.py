"""What customers owe, to the grosz."""

from __future__ import annotations

import datetime as dt

import holidays
from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing import repository
from backend.billing.schemas import Balance
from backend.clock import WARSAW

_HOLIDAYS = holidays.country_holidays("PL", language="pl")
_SATURDAY = 5


async def balance(session: AsyncSession, customer_id: int, now: dt.datetime) -> Balance:
    """The customer's balance as the newest import has it."""
    total, overdue, count, next_due = await repository.sums(session, customer_id, now.astimezone(WARSAW).date())
    next_amount = await repository.left_to_pay_on(session, customer_id, next_due) if next_due else 0
    as_of = await repository.as_of(session)
    local = as_of.astimezone(WARSAW) if as_of else None
    return Balance(total, overdue, count, next_due, next_amount, local, local is not None and is_stale(local, now))


def is_stale(as_of: dt.datetime, now: dt.datetime) -> bool:
    """Whether more than one working day lies between: data of Friday 18:00 are fresh until Monday 18:00."""
    local = as_of.astimezone(WARSAW)
    return now > dt.datetime.combine(_next_working_day(local.date()), local.timetz())


def _next_working_day(day: dt.date) -> dt.date:
    day += dt.timedelta(days=1)
    while day.weekday() >= _SATURDAY or day in _HOLIDAYS:
        day += dt.timedelta(days=1)
    return day
