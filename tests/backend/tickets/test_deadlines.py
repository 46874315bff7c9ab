"""Until when the office answers: 14 days by law for complaints, working days for the rest, Polish holidays heeded."""

from __future__ import annotations

import datetime as dt

import pytest

from backend.tickets.deadlines import due, latest


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2026-11-24", "2026-12-08"),
        ("2026-10-28", "2026-11-10"),  # the 14th day is 11 November, Independence Day
        ("2026-12-11", "2026-12-23"),  # the 14th day is Christmas, and Christmas Eve is free as well
        ("2026-11-14", "2026-11-27"),  # the 14th day is a Saturday
    ],
)
def test_a_complaint_is_due_on_the_14th_day_or_the_working_day_before(since: str, expected: str) -> None:
    assert due("complaint", dt.date.fromisoformat(since), 5) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("since", "days", "expected"),
    [("2026-11-23", 5, "2026-11-30"), ("2026-11-09", 2, "2026-11-12"), ("2026-11-21", 1, "2026-11-23")],
)
def test_other_kinds_are_due_after_so_many_working_days(since: str, days: int, expected: str) -> None:
    assert due("query", dt.date.fromisoformat(since), days) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize("kind", ["complaint", "service"])
@pytest.mark.parametrize("days", [1, 5, 30])
def test_a_query_for_what_is_due_finds_exactly_that(kind: str, days: int) -> None:
    """Every day of a year as the day of the question, against every day that matters."""
    for number in range(366):
        day = dt.date(2026, 1, 1) + dt.timedelta(days=number)
        last = latest(kind, day, days)  # type: ignore[arg-type]
        assert due(kind, last, days) <= day < due(kind, last + dt.timedelta(days=1), days)  # type: ignore[arg-type]
