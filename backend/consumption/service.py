"""What the customer's points took, month by month, beside the year before (EU directive 2019/944, annex I)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from backend.consumption import repository
from backend.consumption.models import DeliveryPoint
from backend.consumption.schemas import Comparison, MonthPair, PointCard, Reading

MONTHS = 12


async def points(session: AsyncSession, customer_id: int) -> list[PointCard]:
    return [_card(point) for point in await repository.points(session, customer_id)]


async def point(session: AsyncSession, customer_id: int, ppe: str) -> PointCard | None:
    """None for one that is not there or another customer's."""
    found = await repository.point(session, customer_id, ppe)
    return _card(found) if found else None


async def years(session: AsyncSession, customer_id: int, cutover: dt.date) -> list[int]:
    """The years with something to show, the newest first."""
    first, last = await repository.first_and_last_month(session, customer_id)
    if first is None or last is None or last < f"{cutover:%Y-%m}":
        return []
    return list(range(int(last[:4]), max(int(first[:4]), cutover.year) - 1, -1))


async def compare(
    session: AsyncSession,
    customer_id: int,
    ppe: str | None,
    first: dt.date,
    last: dt.date,
    cutover: dt.date,
    today: dt.date,
) -> Comparison:
    """The months from `first` to `last`, each beside the same month of the year before.

    `ppe` None is all points together. Nothing before the cut-over counts.
    """
    begins = max(f"{first.year - 1}-{first.month:02d}", f"{cutover:%Y-%m}")
    found = await repository.months(session, customer_id, ppe, begins, f"{last:%Y-%m}")
    readings = {month: Reading(kwh, estimated > 0) for month, kwh, estimated in found}
    count = (last.year - first.year) * MONTHS + last.month - first.month + 1
    places = (divmod(first.month - 1 + index, MONTHS) for index in range(count))
    months = [_pair(dt.date(first.year + years, month + 1, 1), readings, today) for years, month in places]
    compared = [(pair.now, pair.before) for pair in months if pair.now and pair.before and not pair.partial]
    return Comparison(
        first=first,
        last=last,
        months=months,
        total=sum((pair.now.kwh for pair in months if pair.now), Decimal()),
        compared_now=sum((now.kwh for now, _ in compared), Decimal()),
        compared_before=sum((before.kwh for _, before in compared), Decimal()),
        compared_months=len(compared),
    )


async def year(
    session: AsyncSession, customer_id: int, ppe: str | None, year: int, cutover: dt.date, today: dt.date
) -> Comparison:
    """A calendar year beside the one before."""
    return await compare(session, customer_id, ppe, dt.date(year, 1, 1), dt.date(year, 12, 31), cutover, today)


def _pair(month: dt.date, readings: dict[str, Reading], today: dt.date) -> MonthPair:
    before = f"{month.year - 1}-{month.month:02d}"
    partial = (month.year, month.month) == (today.year, today.month)
    return MonthPair(month, readings.get(f"{month:%Y-%m}"), readings.get(before), partial)


def _card(point: DeliveryPoint) -> PointCard:
    return PointCard(point.ppe, point.contract_no, point.label, point.address, point.meter_no, point.tariff)


async def forget(session: AsyncSession, customer_id: int) -> None:
    """Removes the customer's points, unsigned contracts' too, and all that they took."""
    await repository.remove(session, customer_id)
