from __future__ import annotations

import datetime as dt

import pytest

from backend.billing.service import is_stale
from backend.clock import WARSAW


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("as_of", "still_fresh"),
    [
        ("2026-11-24T06:00", "2026-11-25T06:00"),
        ("2026-11-20T18:00", "2026-11-23T18:00"),  # Friday
        ("2026-11-21T12:00", "2026-11-23T12:00"),  # Saturday
        ("2026-11-10T06:00", "2026-11-12T06:00"),  # before Independence Day
        ("2026-12-23T06:00", "2026-12-28T06:00"),  # Christmas Eve is a holiday since 2025
    ],
)
def test_data_are_fresh_for_one_working_day(as_of: str, still_fresh: str) -> None:
    assert not is_stale(at(as_of), at(still_fresh))
    assert is_stale(at(as_of), at(still_fresh) + dt.timedelta(seconds=1))
