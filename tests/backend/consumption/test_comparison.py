"""A year beside the year before: what can be compared is, and what cannot is left alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from backend.consumption import service
from backend.consumption.models import DeliveryPoint, MonthlyConsumption
from backend.customers.models import Contract
from backend.database import Database
from tests.backend.customers.test_changes import customer

CUTOVER, TODAY = dt.date(2024, 9, 1), dt.date(2026, 11, 24)
HOME, SHED, STRANGERS, UNSIGNED = "590000000000000017", "590000000000000024", "590000000000000031", "590000000000000048"


def month(ppe: str, when: str, kwh: str, kind: str = "measured") -> MonthlyConsumption:
    return MonthlyConsumption(ppe=ppe, month=when, kwh=Decimal(kwh), kind=kind, row_digest="")


def point(ppe: str, contract_no: str) -> DeliveryPoint:
    return DeliveryPoint(
        ppe=ppe, contract_no=contract_no, label=ppe[-2:], address="Kłodno", tariff="G11", row_digest=""
    )


@pytest.fixture
async def filled(database: Database) -> Database:
    contracts = [("U1", 1, "active"), ("U2", 2, "active"), ("U3", 1, "unsigned")]
    async with database.write() as session:
        session.add_all([customer(1), customer(2)])
        await session.flush()
        session.add_all(
            Contract(contract_no=no, customer_id=owner, status=status, place="Kłodno", tariff="G11", row_digest="")
            for no, owner, status in contracts
        )
        await session.flush()
        session.add_all([point(HOME, "U1"), point(SHED, "U1"), point(STRANGERS, "U2"), point(UNSIGNED, "U3")])
        await session.flush()
        session.add_all(
            [
                month(HOME, "2024-08", "999"),
                month(HOME, "2025-08", "80.5"),
                month(HOME, "2025-09", "100"),
                month(HOME, "2026-09", "110.125"),
                month(SHED, "2025-09", "10", "estimated"),
                month(SHED, "2026-09", "9.5"),
                month(HOME, "2025-11", "50"),
                month(HOME, "2026-11", "20"),
                month(STRANGERS, "2026-09", "5000"),
                month(UNSIGNED, "2026-09", "7000"),
            ]
        )
    return database


async def compared(database: Database, year: int, ppe: str | None = None) -> service.Comparison:
    async with database.read() as session:
        return await service.year(session, 1, ppe, year, CUTOVER, TODAY)


async def test_all_points_of_the_customer_and_nobody_elses(filled: Database) -> None:
    september = (await compared(filled, 2026)).months[8]
    assert september.now is not None
    assert september.before is not None
    assert (september.now.kwh, september.now.estimated) == (Decimal("119.625"), False)
    assert (september.before.kwh, september.before.estimated) == (Decimal(110), True)


async def test_a_month_that_is_not_over_is_shown_and_not_compared(filled: Database) -> None:
    found = await compared(filled, 2026, HOME)
    assert found.months[10].partial
    assert found.total == Decimal("130.125")
    assert (found.compared_now, found.compared_before) == (Decimal("110.125"), Decimal(100))
    assert found.percent == Decimal("10.125")


async def test_before_the_cut_over_there_is_no_base_and_no_percentage(filled: Database) -> None:
    found = await compared(filled, 2025, HOME)
    assert found.months[7].before is None
    assert found.percent is None


async def test_anothers_point_shows_nothing(filled: Database) -> None:
    found = await compared(filled, 2026, STRANGERS)
    assert found.total == 0
    async with filled.read() as session:
        assert await service.point(session, 1, STRANGERS) is None
        assert await service.point(session, 1, UNSIGNED) is None
        assert [point.ppe for point in await service.points(session, 1)] == [HOME, SHED]


async def test_the_years_to_choose_from_begin_with_the_cut_over(filled: Database) -> None:
    async with filled.read() as session:
        assert await service.years(session, 1, CUTOVER) == [2026, 2025, 2024]
        assert await service.years(session, 2, dt.date(2027, 1, 1)) == []


async def test_a_period_over_the_turn_of_a_year(filled: Database) -> None:
    async with filled.read() as session:
        comparison = await service.compare(session, 1, None, dt.date(2025, 11, 1), dt.date(2026, 1, 31), CUTOVER, TODAY)
    found = comparison.months
    assert [pair.month for pair in found] == [dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1)]
    assert found[0].now is not None
    assert found[0].before is None
