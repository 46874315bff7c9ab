"""Years, and their parts: quarters, halves and seasons. Texts are folded."""

from __future__ import annotations

import datetime as dt
import re

from bot.actions.calendar_months import YEAR, Doubt, Period, Said, index_of, span
from bot.actions.relative_periods import LAST, THIS, years_ago

_ORDINALS = {
    "1": 1, "i": 1, "pierwsz": 1, "2": 2, "ii": 2, "drug": 2, "3": 3, "iii": 3, "trzec": 3,
    "4": 4, "iv": 4, "czwart": 4, "ostatni": 4, "5": 5, "v": 5, "piat": 5,
}  # fmt: skip
_ORDINAL = r"(?P<ordinal>[1-9]|i{1,3}|iv|v|pierwsz\w+|drug\w+|trzec\w+|czwart\w+|piat\w+|ostatni)\.?"
_TO_SECOND = rf"(?:(?:do|i|-|–|—)\s*{_ORDINAL.replace('ordinal', 'until')}\s*)?"
_QUARTER = re.compile(
    rf"\b(?![5-9]\s*kw\b){_ORDINAL}\s*{_TO_SECOND}(?:kwartal\w*|kw\b)"
    rf"|\b(?:kwartal\w*|kw\.?)\s+{_ORDINAL.replace('ordinal', 'after')}(?!\w)"
    r"|\bq\s?(?P<letter>[1-9])(?!\w)|(?<!\w)(?P<number>[1-9])\s?q(?=20\d\d|\b)"
)
_HALF = re.compile(rf"\b{_ORDINAL}\s*{_TO_SECOND}(?:polroc\w+|polow\w+(?:\s+roku)?)")

_SEASONS = {
    "spring": (2, 3, r"wiosn(?:a|y|e|ie)\b|wiosenn\w+"),
    "summer": (
        5,
        3,
        rf"lato\b|latem\b|(?<=\bod )lata\b|lecie\b|(?:{LAST}|{THIS}|cale\w*)\s+lata\b|letni(?:e|a|ego|ej|ch|m|mi)?\b",
    ),
    "autumn": (8, 3, r"jesien(?:ia|i)?\b|jesienn\w+"),
    "winter": (-1, 3, r"zim(?:a|y|e|ie)\b|zimow(?:a|e|y|ych|ym|ymi|ego|ej)\b"),
    "holidays": (6, 2, r"wakacj\w+|wakacyjn\w+"),
}
"""First month within the year (a winter belongs to the year in which it ends), months, and the words."""

_SEASON = re.compile("|".join(rf"\b(?P<{name}>{words})" for name, (_, _, words) in _SEASONS.items()))
_TWO_YEARS = re.compile(r"(?<![\w/-])(?:20)?2\d\s*[/–-]\s*(?:20)?(2\d)(?![\w/-])")
_LAST_SEASON = re.compile(rf"\b{LAST}\s+(?:\w+\s+)?$")

_WRITTEN_YEAR = re.compile(r"(?<![\d./-])(?<!\bnr )(20\d\d)(?![\d/-]|\.\d)|(?<=q\d[-/])(20\d\d)\b|(?<=\dq)(20\d\d)\b")
_SHORT_YEAR = re.compile(
    r"\b(?:kwartal\w*|kw\.?|q[1-4]|polrocz\w*|rok|roku|lato|latem|lata|lecie|zim(?:[aey]|ie)|wiosn(?:[aey]|ie)|jesien\w*|wakacj\w+)"
    r"\s*[/']?\s*(2\d)(?![\w:]|[.,/-]\d|\s*(?:zl|kwh|%|dni))|(?<![\w./-])'?(2\d)\s*(?:r\b|rok\w*)"
)
_YEAR_IN_WORDS = re.compile(
    r"\bdwudziest\w+ (?P<ones>pierwsz|drug|trzec|czwart|piat|szost|siodm|osm|dziewiat)\w{1,4}\b"
    r"(?!\s+(?:stycz|lut|mar|kwie|maj|czerw|lip|sierp|wrze|pazdz|listop|grud))"
)
_ONES = ("pierwsz", "drug", "trzec", "czwart", "piat", "szost", "siodm", "osm", "dziewiat")
_THIS_YEAR = re.compile(
    rf"\b(?:{THIS}|caly|calego|poczatku)\s+(?:{THIS}\s+)?rok\w*|\brok\w* (?:biezac|obecn)\w+|\btegoroczn\w+"
    r"|\bod stycznia\b$"
)


def without_two_years(text: str) -> str:
    """A winter of two years ("zima 2024/25") is of the second."""
    return _TWO_YEARS.sub(lambda years: f"20{years[1]}", text) if _SEASON.search(text) else text


def year_named(text: str, today: dt.date) -> int | None:
    if years := [next(filter(None, found)) for found in _WRITTEN_YEAR.findall(text)]:
        return int(years[-1])
    if short := _SHORT_YEAR.search(text):
        return 2000 + int(short[1] or short[2])
    if match := _YEAR_IN_WORDS.search(text):
        return 2021 + _ONES.index(match["ones"])
    if (back := years_ago(text)) is not None:
        return today.year - back
    return today.year if _THIS_YEAR.search(text) else None


def part_named(text: str, today: dt.date, spoken_of: int | None) -> Said | None:
    """A quarter, a half or a season, of the year that is named or else of `spoken_of`."""
    year = year_named(text, today) or spoken_of
    if match := _SEASON.search(text):
        return _season(match, year, today, text)
    for pattern, months in ((_QUARTER, 3), (_HALF, 6)):
        numbers = [number for match in pattern.finditer(text) for number in _numbers(match)]
        if numbers and max(numbers) > YEAR // months:
            return Said(None, Doubt.IMPOSSIBLE)
        if numbers:
            begin = (min(numbers) - 1) * months
            return Said(_part(begin, (max(numbers) - min(numbers) + 1) * months, year, today))
    return None


def _season(match: re.Match[str], year: int | None, today: dt.date, text: str) -> Said:
    """The last one is the latest that is over; "od wiosny" goes on until now."""
    begin, months, _ = _SEASONS[match.lastgroup or ""]
    before, now = text[: match.start()], index_of(today)
    found = _part(begin, months, year, today)
    if year is None and (_LAST_SEASON.search(before) or re.search(LAST, match[0])) and index_of(found.last) >= now:
        found = found.moved(-YEAR)
    if re.search(r"\bod\s+$", before) and index_of(found.first) < now:
        found = span(index_of(found.first), max(now, index_of(found.last)))
    return Said(found)


def _part(begin: int, months: int, year: int | None, today: dt.date) -> Period:
    """Without a year it is the latest that has begun."""
    first = (year or today.year + 1) * YEAR + begin
    while year is None and first > index_of(today):
        first -= YEAR
    return span(first, first + months - 1)


def _numbers(match: re.Match[str]) -> list[int]:
    names = ("ordinal", "until", "after", "letter", "number")
    return [_ordinal(word) for name in names if (word := match.groupdict().get(name))]


def _ordinal(word: str) -> int:
    if word in _ORDINALS or word.isdecimal():
        return _ORDINALS.get(word, 9)
    return next((number for start, number in _ORDINALS.items() if len(start) > 3 and word.startswith(start)), 9)
