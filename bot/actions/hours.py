"""The time a customer wants to be called: a day, and from what hour to what hour."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from bot.actions.periods import MONTH
from bot.folding import fold

MORNING, NOON, AFTERNOON, EVENING, WHOLE_DAY = (8, 12), (12, 13), (12, 17), (17, 20), (8, 20)
FIRST, LAST = WHOLE_DAY
OPEN_END = 4
"""How many hours "after four" lasts."""

FIRST_SAID_PLAINLY = 7
"""Below it people mean the afternoon: "po 3" is after 15:00."""

_HOURS = (
    ("dwudziest", 20), ("dziewietnast", 19), ("osiemnast", 18), ("siedemnast", 17), ("szesnast", 16), ("pietnast", 15),
    ("czternast", 14), ("trzynast", 13), ("dwunast", 12), ("jedenast", 11), ("dziesiat", 10), ("dziewiat", 9),
    ("osm", 8), ("siodm", 7),
)  # fmt: skip
_WORDS = "|".join(stem for stem, _ in _HOURS)


def _hour(name: str) -> str:
    """A pattern of one hour: its group `name`, the minutes' the same with an m."""
    digits = rf"\d{{1,2}}|(?:{_WORDS})(?:a|ej|e)"
    return rf"(?:(?:godz\w*\.?\s*)?(?P<{name}>{digits})(?:[:.](?P<{name}m>[0-5]\d))?(?!\d)(?:\s*h\b)?)"


_RANGE = re.compile(rf"(?<!\d){_hour('a')}\s*(?:-|–|—|a|do|i)\s*{_hour('b')}")
_AFTER = re.compile(rf"\b(?:po|od)\s+{_hour('a')}")
_BEFORE = re.compile(rf"\b(?:przed|do)\s+{_hour('a')}")
_AT = re.compile(
    rf"\b(?:o|okolo|kolo|ok\.?|na|godz\w*\.?)\s+{_hour('a')}|(?<!\d)(?P<b>\d{{1,2}}):(?P<bm>[0-5]\d)(?!\d)"
)
_ALONE = re.compile(r"\s*(?P<a>\d{1,2})(?P<am>)\s*")
_PARTS = (
    (re.compile(r"\bprzed poludniem\b|\brano\b|\bz rana\b|\bprzedpolud\w*"), MORNING),
    (re.compile(r"\bpo ?poludni\w*"), AFTERNOON),
    (re.compile(r"\bw poludnie\b"), NOON),
    (re.compile(r"\bwiecz\w*"), EVENING),
    (re.compile(r"\bcaly dzien\b|\bobojetn\w*|\bkiedykolwiek\b|\bdowoln\w*|\bwszystko jedno\b"), WHOLE_DAY),
)
_SOON = re.compile(r"\bteraz\b|\bzaraz\b|\bod razu\b|\bnajszybciej\b|\bza (?:pol )?godzin\w*|\bza chwil\w*|\bpiln\w*")
_IN_AN_HOUR = re.compile(r"\bza godzin\w*")
_DAYS = (
    (re.compile(r"\bdzi[sc]\w*"), 0),
    (re.compile(r"\bwczoraj\w*"), -1),
    (re.compile(r"\bpojutrz\w*"), 2),
    (re.compile(r"\bjutr\w*"), 1),
)
_WEEKDAYS = ("poniedzial\\w*|pon\\b", "wtor\\w*", "srod\\w*", "czwart\\w*", "piat\\w*", "sobot\\w*", "niedziel\\w*")
_WEEKDAY = re.compile("|".join(rf"(?P<d{number}>\b(?:{name}))" for number, name in enumerate(_WEEKDAYS)))
_DATE = re.compile(r"(?<![\d:.])(?P<day>\d{1,2})\.(?P<month>0\d|1[0-2])(?:\.(?P<year>20\d\d))?(?![\d:])")
_DAY_OF_MONTH = re.compile(rf"\b(?P<day>\d{{1,2}})\.?\s+(?:{MONTH.pattern})")

Hours = tuple[dt.time, dt.time]


@dataclass(frozen=True)
class Said:
    """What was said of it: a day, hours, both or neither; `wrong` when there is no such day or hour."""

    day: dt.date | None = None
    hours: Hours | None = None
    wrong: bool = False


def find(text: str, now: dt.datetime) -> Said:
    """`now` in the customer's zone; a day without a year is the next one of that name."""
    folded = fold(text)
    try:
        day, rest = _day(folded, now.date())
        hours = _hours(rest)
    except ValueError:
        return Said(wrong=True)
    if hours is None and _SOON.search(rest):
        return _soon(day, now + dt.timedelta(hours=1 if _IN_AN_HOUR.search(rest) else 0))
    return Said(day, hours)


def _soon(day: dt.date | None, start: dt.datetime) -> Said:
    """The next two hours; late in the evening the next day."""
    end = start + dt.timedelta(hours=2)
    if day is None and end.date() == start.date():
        return Said(
            start.date(), (start.time().replace(second=0, microsecond=0), end.time().replace(second=0, microsecond=0))
        )
    return Said(day or end.date(), (dt.time(WHOLE_DAY[0]), dt.time(WHOLE_DAY[1])))


def _day(text: str, today: dt.date) -> tuple[dt.date | None, str]:
    """The day and the text without it, so that its number is not taken for an hour. Raises ValueError for none."""
    for pattern, days in _DAYS:
        if match := pattern.search(text):
            return today + dt.timedelta(days=days), _without(text, match)
    if match := _DATE.search(text):
        return _dated(today, match["day"], int(match["month"]), match["year"]), _without(text, match)
    if match := _DAY_OF_MONTH.search(text):
        month = next(number for number in range(1, 13) if match[f"m{number}"])
        return _dated(today, match["day"], month, None), _without(text, match)
    if match := _WEEKDAY.search(text):
        wanted = next(number for number in range(7) if match[f"d{number}"])
        return today + dt.timedelta(days=(wanted - today.weekday()) % 7 or 7), _without(text, match)
    return None, text


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _dated(today: dt.date, day: str, month: int, year: str | None) -> dt.date:
    if year:
        return dt.date(int(year), month, int(day))
    this_year = dt.date(today.year, month, int(day))
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)


def _hours(text: str) -> Hours | None:
    """Raises ValueError for an hour that no clock shows."""
    if match := _RANGE.search(text):
        first, last = sorted((_time(match, "a"), _time(match, "b")))
        return (first, last) if first < last else None
    for pattern, hours in _PARTS:
        if pattern.search(text):
            return dt.time(hours[0]), dt.time(hours[1])
    if match := _AFTER.search(text):
        first = _time(match, "a")
        return first, dt.time(min(first.hour + OPEN_END, 23))
    if match := _BEFORE.search(text):
        last = _time(match, "a")
        return dt.time(min(FIRST, last.hour - 1)), last
    if match := _AT.search(text) or _ALONE.fullmatch(text):
        first = _time(match, "a" if match["a"] else "b")
        return first, dt.time(min(first.hour + 1, 23), first.minute)
    return None


def _time(match: re.Match[str], name: str) -> dt.time:
    written, minutes = match[name], int(match[f"{name}m"] or 0)
    hour = int(written) if written.isdigit() else next(hour for stem, hour in _HOURS if written.startswith(stem))
    return dt.time(hour + 12 if 0 < hour < FIRST_SAID_PLAINLY else hour, minutes)
