"""Calendar years and months: by their words the index of conversations is asked for a part of all time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backend.staff.conversations.search import facet

_SIZES = (12 * 10_000, 12, 1)


@dataclass(frozen=True)
class Period:
    """So many months from one on, in Warsaw; months are counted from the year 0."""

    begin: int
    months: int

    @property
    def words(self) -> tuple[str, ...]:
        """What each conversation of the period is found by; nothing where it is all time."""
        return () if self == ALWAYS else (facet("okres", f"{self.begin}_{self.months}"),)

    @property
    def is_month(self) -> bool:
        return self.months == 1

    def parts(self, near: dt.date, far: dt.date) -> list[Period]:
        """The years or months that it consists of, from one day to another."""
        size = _SIZES[_SIZES.index(self.months) + 1]
        first, last = sorted((_month(near), _month(far)))
        begins = range(max(self.begin, first // size * size), min(self.begin + self.months, last + 1), size)
        parts = [Period(begin, size) for begin in begins]
        return parts if near <= far else parts[::-1]


ALWAYS = Period(0, _SIZES[0])


def around(day: dt.date) -> list[Period]:
    """The year and the month of a day."""
    return [Period(_month(day) // size * size, size) for size in _SIZES[1:]]


def _month(day: dt.date) -> int:
    return 12 * day.year + day.month - 1
