"""The period a customer speaks of: a month, a quarter, half a year, a year, a range, or one told by the last.

Nothing here knows what is asked about; a period is whole months, from the first day of one to the last of another.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum

from bot.folding import fold

YEAR = 12


@dataclass(frozen=True)
class Period:
    """Whole months, both days inclusive."""

    first: dt.date
    last: dt.date

    @property
    def months(self) -> int:
        return _index(self.last) - _index(self.first) + 1

    def moved(self, months: int) -> Period:
        return _span(_index(self.first) + months, _index(self.last) + months)


class Doubt(Enum):
    """What is odd about a period as it was said."""

    IMPOSSIBLE = "impossible"
    FUTURE = "future"
    REVERSED = "reversed"


@dataclass(frozen=True)
class Said:
    """What was understood: a period that has begun, put right where need be; none when there is no such time."""

    period: Period | None
    doubt: Doubt | None = None


_MONTHS = (
    "stycz(?:en|nia|niu|niem)", "lut(?:y|ego|ym|emu)", "mar(?:zec|ca|cu|cem|zcu)", "kwie(?:cien|tnia|tniu|tniem)",
    "maj(?:a|u|em)?", "czerw(?:iec|ca|cu|cem)", "lip(?:iec|ca|cu|cem)", "sierp(?:ien|nia|niu|niem)",
    "wrze(?:sien|snia|sniu|sniem)", "pazdziernik(?:a|u|iem)?", "listopad(?:a|u|zie|em)?", "grud(?:zien|nia|niu|niem)",
)  # fmt: skip
MONTH = re.compile("|".join(rf"(?P<m{number}>\b{name}\b)" for number, name in enumerate(_MONTHS, 1)))
_ORDINALS = {
    "1": 1, "i": 1, "pierwsz": 1, "2": 2, "ii": 2, "drug": 2, "3": 3, "iii": 3, "trzec": 3,
    "4": 4, "iv": 4, "czwart": 4, "ostatni": 4, "5": 5, "v": 5, "piat": 5,
}  # fmt: skip
_ORDINAL = r"(?P<ordinal>[1-9]|i{1,3}|iv|v|pierwsz\w+|drug\w+|trzec\w+|czwart\w+|piat\w+|ostatni)\.?"
_QUARTER = re.compile(rf"\b{_ORDINAL}\s*(?:kwartal\w*|kw\b)|\bkwartal\w*\s+{_ORDINAL.replace('ordinal', 'after')}\b")
_HALF = re.compile(rf"\b{_ORDINAL}\s*(?:polroc\w+|polow\w+(?:\s+roku)?)")
_WRITTEN_YEAR = re.compile(r"(?<![\d./-])(20\d\d)(?![\d/-]|\.\d)")
_ISO_MONTH = re.compile(r"(?<![\w/.-])(?P<year>20\d\d)[-./](?P<month>\d{1,2})(?:[-./](?P<day>\d{1,2}))?(?![\w/])")
_SHORT_MONTH = re.compile(r"(?<![\w/.-])(?:(?P<day>\d{1,2})[-./])?(?P<month>\d{1,2})[-./](?P<year>20\d\d)(?![\w/])")
_DAY_BEFORE_MONTH = re.compile(r"\b(\d{1,2})\.?\s+$")

_LAST = r"(?:ostatni\w*|zeszl\w+|ubiegl\w+|poprzedni\w*|mini?on\w+|tamt\w+)"
_THIS = r"(?:t(?:ym|en|ego|emu|o)|biezac\w+|obecn\w+|aktualn\w+)"
_LAST_YEAR = re.compile(
    rf"\b(?:{_LAST}\s+rok\w*|rok\s+(?:temu|wczesniej)|(?<!pol )rok\s+poprzedni|(?:zeszlo|ubieglo)roczn\w+)\b"
)
_THIS_YEAR = re.compile(
    rf"\b(?:{_THIS}|caly|calego|poczatku)\s+(?:{_THIS}\s+)?rok\w*|\brok\w* (?:biezac|obecn)\w+|\btegoroczn\w+"
    r"|\bod stycznia\b$"
)
_SAME_EARLIER = re.compile(r"\b(?:t\w+ sam\w*|analogiczn\w+)\b.*\b(?:rok|roku)\b|\brok (?:wczesniej|wstecz)\b")
_PREVIOUS = re.compile(
    rf"^(?:(?:a|to)\s+)*(?:za\s+)?(?:t(?:a|e|en|ej|ego)\s+)?{_LAST}\s*\??$|\b(?:wczesniejsz\w+|jeszcze wczesniej)\b"
)
_THIS_MONTH = re.compile(rf"\b{_THIS}\s+(?:miesiac\w*|mies\b|msc\b)")
_LAST_MONTH = re.compile(rf"\b{_LAST}\s+(?:miesiac\w*|mies\b|msc\b)|\bmiesiac temu\b")
_THIS_QUARTER = re.compile(rf"\b{_THIS}\s+kwartal\w*")
_LAST_QUARTER = re.compile(rf"\b{_LAST}\s+kwartal\w*(?!\w|\s+20\d\d)")
_LAST_MONTHS = re.compile(
    rf"\b{_LAST}\s+(?P<count>\d{{1,2}}|dwa|dwoch|trzy|trzech|cztery|piec|szesc|szesciu|dwanascie)\s+(?:miesiac\w*|miesiec\w*|msc)"
)
_LAST_HALF = re.compile(rf"\b{_LAST}\s+(?:pol\s*roku|polrocz\w+)")
_COUNTS = {
    "dwa": 2, "dwoch": 2, "trzy": 3, "trzech": 3, "cztery": 4, "piec": 5, "szesc": 6, "szesciu": 6, "dwanascie": 12,
}  # fmt: skip
_RANGE = re.compile(r"\b(?:do|az do|a|po)\b|[-–—]")
_OPEN_RANGE = re.compile(r"\bod\b|\bpoczawszy\b")


def year_so_far(today: dt.date) -> Period:
    return Period(dt.date(today.year, 1, 1), _month_end(today))


def find(text: str, today: dt.date, before: Period | None = None) -> Said | None:
    """The period in a text; None where none is said. `before` is the one spoken of last, for what leans on it."""
    folded = fold(text)
    found = _months_named(folded, today, before) or _relative(folded, today, before) or _parts_of_year(folded, today)
    if found is None and (year := _year(folded, today)):
        found = Said(_year_period(year))
    return _put_right(found, today) if found else None


def _put_right(said: Said, today: dt.date) -> Said:
    """What lies ahead is cut off; nothing that has begun leaves no period."""
    if said.period is None or said.period.last <= _month_end(today):
        return said
    if said.period.first > today:
        return Said(None, Doubt.FUTURE)
    return Said(Period(said.period.first, _month_end(today)), said.doubt)


# Months by name or number, one or from one to another


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    month: int
    year: int | None
    right: bool


def _months_named(text: str, today: dt.date, before: Period | None) -> Said | None:
    mentions = _mentions(text)
    if not mentions:
        return None
    if not all(mention.right for mention in mentions):
        return Said(None, Doubt.IMPOSSIBLE)
    first, last = mentions[0], mentions[-1]
    year = _year(text, today) or _past_year_of(before, today)
    if first is last:
        index = _when(first, year, today)
        open_end = _OPEN_RANGE.search(text[: first.start]) and index <= _index(today)
        return Said(_span(index, max(index, _index(today)) if open_end else index))
    return _between(first, last, year, today)


def _past_year_of(before: Period | None, today: dt.date) -> int | None:
    """Whoever speaks of a past year stays in it: "a za maj?"."""
    inside = before and before.first.year == before.last.year < today.year
    return before.first.year if before and inside else None


def _between(first: _Mention, last: _Mention, year: int | None, today: dt.date) -> Said:
    end = _when(last, last.year or year, today)
    known = first.year or year
    begin = _when(first, known, today) if known else end - (last.month - first.month) % YEAR
    return Said(_span(begin, end)) if begin <= end else Said(_span(end, begin), Doubt.REVERSED)


def _mentions(text: str) -> list[_Mention]:
    found = []
    for pattern in (_ISO_MONTH, _SHORT_MONTH):
        for match in pattern.finditer(text):
            year, month, day = int(match["year"]), int(match["month"]), int(match["day"] or 1)
            found.append(_Mention(*match.span(), month, year, _is_day(year, month, day)))
    for match in MONTH.finditer(text):
        number = int((match.lastgroup or "m0")[1:])
        after = re.match(r"\s*(20\d\d)\b", text[match.end() :])
        written = int(after[1]) if after else None
        before = _DAY_BEFORE_MONTH.search(text[: match.start()])
        right = _is_day(written or 2024, number, int(before[1]) if before else 1)
        found.append(_Mention(*match.span(), number, written, right))
    return sorted(found, key=lambda mention: mention.start)


def _when(mention: _Mention, year: int | None, today: dt.date) -> int:
    """A month without a year is the latest that has begun."""
    known = mention.year or year
    if known is None:
        known = today.year if mention.month <= today.month else today.year - 1
    return known * YEAR + mention.month - 1


# What leans on today or on the period before


def _relative(text: str, today: dt.date, before: Period | None) -> Said | None:
    now = _index(today)
    if before and _SAME_EARLIER.search(text):
        return Said(before.moved(-YEAR))
    if match := _LAST_MONTHS.search(text):
        count = _COUNTS.get(match["count"]) or int(match["count"])
        return Said(_span(now - count, now - 1)) if count else Said(None, Doubt.IMPOSSIBLE)
    for pattern, first, last in (
        (_LAST_HALF, now - 6, now - 1),
        (_LAST_MONTH, now - 1, now - 1),
        (_THIS_MONTH, now, now),
        (_LAST_QUARTER, now - now % 3 - 3, now - now % 3 - 1),
        (_THIS_QUARTER, now - now % 3, now - now % 3 + 2),
    ):
        if pattern.search(text):
            return Said(_span(first, last))
    if before and _LAST_YEAR.search(text) and before.months < YEAR:
        return Said(before.moved(-YEAR))
    return Said(before.moved(-before.months)) if before and _PREVIOUS.search(text.strip()) else None


# Quarters, halves and years


def _parts_of_year(text: str, today: dt.date) -> Said | None:
    for pattern, months in ((_QUARTER, 3), (_HALF, 6)):
        matches = list(pattern.finditer(text))
        if matches:
            numbers = [_ordinal(match) for match in matches]
            if max(numbers) > YEAR // months:
                return Said(None, Doubt.IMPOSSIBLE)
            return Said(_part(min(numbers), max(numbers), months, _year(text, today), today))
    return None


def _part(first: int, last: int, months: int, year: int | None, today: dt.date) -> Period:
    """Without a year it is the latest that has begun."""
    known = year or today.year
    begin = known * YEAR + (first - 1) * months
    if year is None and begin > _index(today):
        begin -= YEAR
    return _span(begin, begin + (last - first + 1) * months - 1)


def _ordinal(match: re.Match[str]) -> int:
    word = match["ordinal"] or match.groupdict().get("after") or ""
    return next((number for start, number in _ORDINALS.items() if word == start), 0) or next(
        (number for start, number in _ORDINALS.items() if len(start) > 3 and word.startswith(start)), 9
    )


def _year(text: str, today: dt.date) -> int | None:
    years = [int(year) for year in _WRITTEN_YEAR.findall(text)]
    if years:
        return years[-1]
    if _LAST_YEAR.search(text):
        return today.year - 1
    return today.year if _THIS_YEAR.search(text) else None


def _year_period(year: int) -> Period:
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))


# Months as numbers


def _index(day: dt.date) -> int:
    return day.year * YEAR + day.month - 1


def _span(first: int, last: int) -> Period:
    return Period(dt.date(first // YEAR, first % YEAR + 1, 1), _month_end(dt.date(last // YEAR, last % YEAR + 1, 1)))


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= YEAR and 1 <= day <= calendar.monthrange(year, month)[1]
