"""The period a customer speaks of: a month, a quarter, a season, a year, a range, or one told by the last.

Nothing here knows what is asked about; a period is whole months, from the first day of one to the last of another.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from bot.actions.calendar_months import YEAR, Doubt, Period, Said, index_of, is_day, month_end, span
from bot.actions.parts_of_year import part_named, without_two_years, year_named
from bot.actions.relative_periods import from_before, from_today, same_of_year_before
from bot.folding import fold

__all__ = ["Doubt", "Period", "Said", "find", "looks_like_time", "year_so_far"]

_MONTHS = (
    "stycz(?:en|nia|niu|niem|niow[aey]\\w{0,2})", "lut(?:y|ego|ym|emu|ow[aey]\\w{0,2})",
    "mar(?:zec|ca|cu|cem|zcu|cow[aey]\\w{0,2})", "kwie(?:cien|tnia|tniu|tniem|tniow[aey]\\w{0,2})",
    "maj(?:a|u|em|ow[aey]\\w{0,2})?", "czerw(?:iec|ca|cu|cem|cow[aey]\\w{0,2})",
    "lip(?:iec|ca|cu|cem|cow[aey]\\w{0,2})", "sierp(?:ien|nia|niu|niem|niow[aey]\\w{0,2})",
    "wrze(?:sien|snia|sniu|sniem|sniow[aey]\\w{0,2})", "pazdziernik(?:a|u|iem|ow[aey]\\w{0,2})?",
    "listopad(?:a|u|zie|em|ow[aey]\\w{0,2})?", "grud(?:zien|nia|niu|niem|niow[aey]\\w{0,2})",
)  # fmt: skip
_SHORT = ("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sierp", "wrz", "paz", "lis", "gru")
MONTH = re.compile(
    "|".join(
        rf"(?P<m{number}>\b(?:{name}\b|{short}\.?(?=\s*20\d\d)))"
        for number, (name, short) in enumerate(zip(_MONTHS, _SHORT, strict=True), 1)
    )
)
_YEAR_AFTER = re.compile(r"[\s/'’-]*(?:(20\d\d)\b|(2\d)(?![\w:]|[.,/-]\d|\s*(?:zl|kwh|%|dni|do|-)))")
_DAY = r"(?P<day>\d{1,2})"
_FROM_DAY = r"(?:(?P<since>\d{1,2})\.?\s*(?:-|–|—|do|a|i|oraz|po)\s*)?"
_NOT_BEFORE = r"(?<![\w/.-])"
_ISO_MONTH = re.compile(rf"{_NOT_BEFORE}(?P<year>20\d\d)[-./](?P<month>\d{{1,2}})(?:[-./]{_DAY})?(?![\w/])")
_SHORT_MONTH = re.compile(
    rf"{_NOT_BEFORE}(?:{_FROM_DAY}{_DAY}[-./])?(?P<month>\d{{1,2}})[-./](?P<year>20\d\d)(?![\w/])"
    rf"|{_NOT_BEFORE}(?P<month_alone>0?[1-9]|1[0-2])/(?P<short>2\d)(?![\w/])"
)
_DAYS_BEFORE_MONTH = re.compile(rf"(?<![\w/.-]){_FROM_DAY}{_DAY}\.?\s+$")
_OPEN_RANGE = re.compile(
    r"\b(?:od|poczawszy(?: od)?|odkad)\s+(?:(?:dnia|poczatku|polowy|konca|miesiaca|\d{1,2}\.?)\s+)*$"
)
_TO_END_OF_YEAR = re.compile(r"^\W*(?:20\d\d)?\W*do\s+konca\s+(?:\w+\s+)?roku")
_TIME = re.compile(
    r"\b(?:rok(?:u|iem|owi)?|lat(?:a|ach|em|o)?|miesi[ae]c\w*|mies|msc|kwarta\w*|polrocz\w*|pol roku|tydzien|tygodni\w*"
    r"|dzien|dnia|dniu|dni|dniach|doba|dobe|doby|wczoraj\w*|przedwczoraj\w*|dzis\w*|weekend\w*|swieta|swietach"
    r"|boze narodzenie|wielkanoc\w*|ferie|feriach|wakac\w*|sezon\w*|okres\w*|zim[aey]|wiosn[aey]|jesien\w*|poczatku"
    r"|20\d\d|q\d|\d{1,2}[./-]\d{1,2}|w (?:okolicach|polowie))\b"
)


_ARE_TO = re.compile(r"\bmają\b", re.IGNORECASE)
"""Without its tail it would be May."""

_NO_NEW_TIME = re.compile(
    r"\b(?:dzien dobry|(?:milego|dobrego) dnia|(?:za |w )?t\w+ sam\w+ (?:okres|czas|miesiac)\w*)\b"
)


def year_so_far(today: dt.date) -> Period:
    return Period(dt.date(today.year, 1, 1), month_end(today))


def looks_like_time(text: str) -> bool:
    """Whether a text speaks of a time, be it understood or not."""
    folded = _NO_NEW_TIME.sub(" ", fold(_ARE_TO.sub(" ", text)))
    return bool(_TIME.search(folded) or MONTH.search(folded))


def find(text: str, today: dt.date, before: Period | None = None) -> Said | None:
    """The period in a text; None where none is said. `before` is the one spoken of last, for what leans on it."""
    folded = without_two_years(fold(_ARE_TO.sub(" ", text)))
    spoken_of = _past_year_of(before, today)
    found = (
        _months_named(folded, today, spoken_of)
        or (same_of_year_before(folded, before) if before else None)
        or from_today(folded, today, before)
        or part_named(folded, today, spoken_of)
        or (from_before(folded, before) if before else None)
    )
    if found is None and (year := year_named(folded, today)):
        found = Said(Period(dt.date(year, 1, 1), dt.date(year, 12, 31)))
    return _put_right(found, today) if found else None


def _put_right(said: Said, today: dt.date) -> Said:
    """What lies ahead is cut off; nothing that has begun leaves no period."""
    if said.period is None or said.period.last <= month_end(today):
        return said
    if said.period.first > today:
        return Said(None, Doubt.FUTURE)
    return Said(Period(said.period.first, month_end(today)), said.doubt)


def _past_year_of(before: Period | None, today: dt.date) -> int | None:
    """Whoever speaks of a past year stays in it: "a za maj?"."""
    inside = before and before.first.year == before.last.year < today.year
    return before.first.year if before and inside else None


# Months by name or number, one or from one to another


@dataclass(frozen=True)
class _Mention:
    """A month that is said, and the days of it: since the first to the second, or that one alone."""

    start: int
    end: int
    month: int
    year: int | None
    since: int | None
    day: int | None

    @property
    def right(self) -> bool:
        year = self.year or 2024
        return all(is_day(year, self.month, day) for day in (self.since or 1, self.day or 1))

    def ends_within(self, year: int) -> bool:
        """Whether the month is not over with the day that is said."""
        return self.day is not None and self.day < calendar.monthrange(year, self.month)[1]


def _months_named(text: str, today: dt.date, spoken_of: int | None) -> Said | None:
    mentions = _mentions(text)
    if not mentions:
        return None
    if not all(mention.right for mention in mentions):
        return Said(None, Doubt.IMPOSSIBLE)
    first, last = mentions[0], mentions[-1]
    year = year_named(text, today) or spoken_of
    if first is last:
        return _one(first, year, text, today)
    return _between(first, last, year, today)


def _one(mention: _Mention, year: int | None, text: str, today: dt.date) -> Said:
    index = _when(mention, year, today)
    if mention.since is None and _OPEN_RANGE.search(text[: mention.start]):
        end = index_of(today)
        if _TO_END_OF_YEAR.search(text[mention.end :]):
            end = index // YEAR * YEAR + YEAR - 1
        return Said(span(index, max(index, end)), Doubt.WHOLE if (mention.day or 1) > 1 else None)
    whole = mention.day is None or (mention.since == 1 and not mention.ends_within(index // YEAR))
    return Said(span(index, index), None if whole else Doubt.WHOLE)


def _between(first: _Mention, last: _Mention, year: int | None, today: dt.date) -> Said:
    end = _when(last, last.year or year, today)
    known = first.year or year
    begin = _when(first, known, today) if known else end - (last.month - first.month) % YEAR
    if begin > end:
        return Said(span(end, begin), Doubt.REVERSED)
    within = (first.day or 1) > 1 or last.ends_within(end // YEAR)
    return Said(span(begin, end), Doubt.WHOLE if within else None)


def _mentions(text: str) -> list[_Mention]:
    found = [_in_digits(match) for pattern in (_ISO_MONTH, _SHORT_MONTH) for match in pattern.finditer(text)]
    found += [_in_words(match, text) for match in MONTH.finditer(text)]
    return sorted(found, key=lambda mention: mention.start)


def _in_digits(match: re.Match[str]) -> _Mention:
    said = match.groupdict()
    month, year = said["month"] or said["month_alone"], said["year"] or f"20{said.get('short')}"
    since, day = (int(number) if (number := said.get(name)) else None for name in ("since", "day"))
    return _Mention(*match.span(), int(month), int(year), since, day)


def _in_words(match: re.Match[str], text: str) -> _Mention:
    after = _YEAR_AFTER.match(text[match.end() :])
    year = int(after[1] or f"20{after[2]}") if after else None
    days = _DAYS_BEFORE_MONTH.search(text[: match.start()])
    since, day = (int(days[name]) if days and days[name] else None for name in ("since", "day"))
    return _Mention(*match.span(), int((match.lastgroup or "m0")[1:]), year, since, day)


def _when(mention: _Mention, year: int | None, today: dt.date) -> int:
    """A month without a year is the latest that has begun."""
    known = mention.year or year
    if known is None:
        known = today.year if mention.month <= today.month else today.year - 1
    return known * YEAR + mention.month - 1
