"""Calendar years, quarters and months: by their words the index of conversations is asked for a part of all time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from backend.staff.conversations.search import facet

_SIZES = (12, 3, 1)


@dataclass(frozen=True)
class Period:
    """Twelve, three or one month of the calendar, counted from the year 0."""

    begin: int
    months: int

    @property
    def word(self) -> str:
        return facet("okres", f"{self.begin}_{self.months}")

    @property
    def is_month(self) -> bool:
        return self.months == 1

    def parts(self) -> list[Period]:
        """The quarters of a year, the months of a quarter, in order."""
        size = _SIZES[_SIZES.index(self.months) + 1]
        return [Period(begin, size) for begin in range(self.begin, self.begin + self.months, size)]

    def has(self, day: dt.date) -> bool:
        return self.begin <= _month(day) < self.begin + self.months


def around(day: dt.date) -> list[Period]:
    """The year, the quarter and the month of a day."""
    return [Period(_month(day) // size * size, size) for size in _SIZES]


def years(one: dt.date, other: dt.date) -> Iterator[Period]:
    """The years from one day to another, whichever is earlier."""
    step = 1 if one <= other else -1
    yield from (Period(12 * year, 12) for year in range(one.year, other.year + step, step))


def _month(day: dt.date) -> int:
    return 12 * day.year + day.month - 1
