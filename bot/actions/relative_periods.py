"""Periods told by today or by the period spoken of last: "dwa miesiące temu", "ostatnie pół roku", "a rok wcześniej?".

Texts are folded, and `now` is the index of today's month.
"""

from __future__ import annotations

import datetime as dt
import re

from bot.actions.calendar_months import YEAR, Doubt, Period, Said, index_of, span

LAST = r"(?:ostatni\w*|zeszl\w+|ubiegl\w+|poprzedni\w*|mini?on\w+|tamt\w+)"
THIS = r"(?:t(?:ym|en|ego|emu|o)|biezac\w+|obecn\w+|aktualn\w+)"
_MONTH = r"(?:miesiac\w*|miesiec\w*|mies\b|msc\b|m-?cy?\b|m-?cu\b|m-?ca\b)"
_HALF_YEAR = r"(?:pol\s*roku|polrocz\w+)"

_COUNTS = {
    "jeden": 1, "dwa": 2, "dwoch": 2, "dwoma": 2, "dwie": 2, "dwu": 2, "trzy": 3, "trzech": 3, "trzema": 3,
    "cztery": 4, "czterech": 4, "czterema": 4, "piec": 5, "pieciu": 5, "szesc": 6, "szesciu": 6, "siedem": 7,
    "siedmiu": 7, "osiem": 8, "osmiu": 8, "dziewiec": 9, "dziewieciu": 9, "dziesiec": 10, "dziesieciu": 10,
    "jedenascie": 11, "jedenastu": 11, "dwanascie": 12, "dwunastu": 12, "trzydziesci": 30, "trzydziestu": 30,
}  # fmt: skip
COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})"
_UNIT = rf"(?:(?P<months>{_MONTH})|(?P<years>lat\w{{0,2}}\b)|(?P<weeks>tygod\w+)|(?P<days>dni\b|dniach\b))"
_EARLIER = r"(?P<how>temu|wstecz|wczesniej|do tylu)"

_LAST_COUNTED = re.compile(
    rf"\b(?:{LAST}\s+{COUNT}|(?:w ciagu|przez)\s+{COUNT.replace('count', 'during')}"
    rf"|{COUNT.replace('count', 'first')}\s+{LAST})\s+{_UNIT}"
)
_COUNTED_AGO = re.compile(rf"\b{COUNT}\s+{_UNIT}\s+{_EARLIER}|\bprzed\s+{COUNT.replace('count', 'before')}\s+\w+")
_ONE_AGO = re.compile(
    rf"\b(?:(?P<half>pol\s*roku)|(?P<more>poltora roku)|(?P<month>miesiac|m-?c)|(?P<quarter>kwartal))\s+{_EARLIER}"
    r"|\bprzed (?:(?P<a_month>miesiacem)|(?P<half_before>polroczem))"
)
YEARS_AGO = re.compile(rf"\b{COUNT}\s+lat\w?\s+(?:temu|wstecz|wczesniej)|\bprzed\s+(?P<before>dwoma|trzema) laty")
LAST_YEAR = re.compile(
    rf"\b(?:{LAST}\s+rok\w*|(?<!poltora )rok\s+(?:temu|wczesniej)|(?<!pol )rok\s+poprzedni|przed rokiem"
    r"|(?:zeszlo|ubieglo)roczn\w+)\b"
)
_SAME_EARLIER = re.compile(
    r"\b(?:t\w+ sam\w*|analogiczn\w+)\b.*"
    r"\b(?:(?:zeszl|ubiegl|poprzedni)\w+ rok\w*|rok\w* (?:temu|wczesniej|poprzedni\w*))\b"
    r"|\brok (?:wczesniej|wstecz|do tylu)\b"
)
_SUBJECT = r"^(?:(?:a|to|i|no|pokaz|jeszcze)\s+)*(?:za\s+|w\s+)?(?:t(?:a|e|en|ej|ego|ym)\s+)?"
_OF_WHAT = r"(?:\s+(?:okres\w*|czas\w*))?(?:\s+rozliczeniow\w+)?\W*$"
_PREVIOUS = re.compile(
    rf"{_SUBJECT}{LAST}{_OF_WHAT}|\bwczesniejsz\w+|\bjeszcze wczesniej\b|{_SUBJECT}wczesniej\W*$|\bjeden wstecz\b"
)
_NEXT = re.compile(rf"{_SUBJECT}(?:nastepn\w+|kolejn\w+|pozniejsz\w+|pozniej){_OF_WHAT}")
_THIS_MONTH = re.compile(rf"\b{THIS}\s+{_MONTH}")
_LAST_MONTH = re.compile(rf"\b{LAST}\s+{_MONTH}")
_THIS_QUARTER = re.compile(rf"\b{THIS}\s+kwartal\w*")
_LAST_QUARTER = re.compile(rf"\b{LAST}\s+kwartal\w*(?!\w|\s+20\d\d)")
_LAST_HALF = re.compile(rf"\b{LAST}\s+{_HALF_YEAR}|\b(?:za|przez|w ciagu)\s+pol\s*roku")
_THIS_HALF = re.compile(rf"\b{THIS}\s+polrocz\w+")
_LAST_WEEK = re.compile(rf"\b{LAST}\s+(?:tydzien|tygodni\w*)")


def from_today(text: str, today: dt.date, before: Period | None) -> Said | None:
    """What is counted from today, or from `before` where it is said to be earlier than that."""
    if match := _LAST_COUNTED.search(text):
        count = _number(match["count"] or match["during"] or match["first"])
        return _last_counted(match, count, today)
    if moved := _counted_ago(text, today, before):
        return moved
    return _named(text, today)


def from_before(text: str, before: Period) -> Said | None:
    """What leans on the period spoken of last."""
    if LAST_YEAR.search(text) and before.months < YEAR:
        return Said(before.moved(-YEAR))
    if _PREVIOUS.search(text.strip()):
        return Said(before.moved(-before.months))
    return Said(before.moved(before.months)) if _NEXT.search(text.strip()) else None


def same_of_year_before(text: str, before: Period) -> Said | None:
    return Said(before.moved(-YEAR)) if _SAME_EARLIER.search(text) else None


def years_ago(text: str) -> int | None:
    """How many years back: "trzy lata temu", "w zeszłym roku", "w zaprzeszłym roku"."""
    if match := YEARS_AGO.search(text):
        return _number(match["count"] or match["before"])
    if re.search(r"\bzaprzeszl\w+ rok\w*|\bprzedostatni\w* rok\w*", text):
        return 2
    return 1 if LAST_YEAR.search(text) else None


def _last_counted(match: re.Match[str], count: int, today: dt.date) -> Said:
    """Months and years end with the month before this; days and weeks with today, and their months are meant."""
    now = index_of(today)
    if not count:
        return Said(None, Doubt.IMPOSSIBLE)
    if match["months"] or match["years"]:
        return Said(span(now - count * (YEAR if match["years"] else 1), now - 1))
    first = today - dt.timedelta(days=count * (7 if match["weeks"] else 1))
    return Said(span(index_of(first), now), Doubt.WHOLE)


def _counted_ago(text: str, today: dt.date, before: Period | None) -> Said | None:
    if match := _COUNTED_AGO.search(text):
        return _ago(_number(match["count"] or match["before"]), match, today, before)
    if match := _ONE_AGO.search(text):
        months = 3 if match["quarter"] else 6 if match["half"] or match["half_before"] else 18 if match["more"] else 1
        return _months_ago(months, match["how"], index_of(today), before, quarter=bool(match["quarter"]))
    return None


def _ago(count: int, match: re.Match[str], today: dt.date, before: Period | None) -> Said | None:
    if match["before"]:
        months = re.search(rf"\bprzed\s+\w+\s+{_MONTH}", match[0])
        return _months_ago(count, None, index_of(today), None) if months else None
    if match["months"]:
        return _months_ago(count, match["how"], index_of(today), before)
    if match["years"]:
        return Said(before.moved(-count * YEAR)) if before and before.months < YEAR else None
    then = today - dt.timedelta(days=count * (7 if match["weeks"] else 1))
    return Said(span(index_of(then), index_of(then)), Doubt.WHOLE)


def _months_ago(count: int, how: str | None, now: int, before: Period | None, *, quarter: bool = False) -> Said:
    """ "Temu" counts from today, everything else from the period spoken of."""
    if before and how and how != "temu":
        return Said(before.moved(-count))
    first = now - now % 3 - 3 if quarter else now - count
    return Said(span(first, first + 2 if quarter else first))


def _named(text: str, today: dt.date) -> Said | None:
    now = index_of(today)
    for pattern, first, last in (
        (_LAST_HALF, now - 6, now - 1),
        (_THIS_HALF, now - now % 6, now - now % 6 + 5),
        (_LAST_MONTH, now - 1, now - 1),
        (_THIS_MONTH, now, now),
        (_LAST_QUARTER, now - now % 3 - 3, now - now % 3 - 1),
        (_THIS_QUARTER, now - now % 3, now - now % 3 + 2),
    ):
        if pattern.search(text):
            return Said(span(first, last))
    if _LAST_WEEK.search(text):
        monday = today - dt.timedelta(days=today.weekday() + 7)
        return Said(span(index_of(monday), index_of(monday + dt.timedelta(days=6))), Doubt.WHOLE)
    return None


def _number(written: str) -> int:
    return _COUNTS.get(written) or int(written)
