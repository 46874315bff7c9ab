"""Whole months, and what may be odd about a period as it was said."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import Enum

YEAR = 12


@dataclass(frozen=True)
class Period:
    """Whole months, both days inclusive."""

    first: dt.date
    last: dt.date

    @property
    def months(self) -> int:
        return index_of(self.last) - index_of(self.first) + 1

    def moved(self, months: int) -> Period:
        return span(index_of(self.first) + months, index_of(self.last) + months)


class Doubt(Enum):
    """What is odd about a period as it was said. WHOLE: days were said, and their months are meant."""

    IMPOSSIBLE = "impossible"
    FUTURE = "future"
    REVERSED = "reversed"
    WHOLE = "whole"


@dataclass(frozen=True)
class Said:
    """What was understood: a period that has begun, put right where need be; none when there is no such time."""

    period: Period | None
    doubt: Doubt | None = None


EARLIEST = 2000 * YEAR


def index_of(day: dt.date) -> int:
    """Months are counted from the year 0."""
    return day.year * YEAR + day.month - 1


def span(first: int, last: int) -> Period:
    """From one month to another; what lies before there were any data begins where data may."""
    first, last = max(first, EARLIEST), max(last, EARLIEST)
    begin = dt.date(first // YEAR, first % YEAR + 1, 1)
    return Period(begin, month_end(dt.date(last // YEAR, last % YEAR + 1, 1)))


def month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= YEAR and 1 <= day <= calendar.monthrange(year, month)[1]
