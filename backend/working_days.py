"""Days on which the office works: no Saturdays, Sundays and Polish holidays."""

from __future__ import annotations

import datetime as dt

import holidays

_HOLIDAYS = holidays.country_holidays("PL", language="pl")
_SATURDAY = 5
_A_DAY = dt.timedelta(days=1)


def is_working(day: dt.date) -> bool:
    return day.weekday() < _SATURDAY and day not in _HOLIDAYS


def at_or_before(day: dt.date) -> dt.date:
    """The day itself, or the last working day before it."""
    while not is_working(day):
        day -= _A_DAY
    return day


def after(day: dt.date, count: int = 1) -> dt.date:
    """The working day that is so many working days later."""
    for _ in range(count):
        day += _A_DAY
        while not is_working(day):
            day += _A_DAY
    return day


def before(day: dt.date, count: int = 1) -> dt.date:
    """The working day that is so many working days earlier."""
    for _ in range(count):
        day = at_or_before(day - _A_DAY)
    return day
