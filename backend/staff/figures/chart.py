"""The chart of conversations by day: each bar leads to the conversations of its day.

For pointers and eyes: the table below it says the same to everybody, so nothing of it is read out or stopped at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from markupsafe import Markup

from backend import drawing, quantities
from backend.staff.figures.repository import Counts

_WIDTH, _HEIGHT, _HEAD, _FOOT, _SIDE = 960, 240, 30, 28, 64
_PLACE = _HEIGHT - _FOOT - 12
_WIDEST_BAR = 28
_MOST_NAMES = 10
_ALL, _MISSED = ("#1d3557", "#1d3557"), ("#f2b75c", "#8a5200")

_FRAME = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 -{head} {width} {height}" aria-hidden="true" '
    'font-family="sans-serif" font-size="13"><rect y="-{head}" width="{width}" height="{height}" fill="#fff"/>'
    "{parts}</svg>"
)
_LINK = Markup('<a href="{address}" tabindex="-1"><title>{words}</title>{parts}</a>')


def bars(days: Mapping[dt.date, Counts], address: Callable[[dt.date], str]) -> Markup:
    """A bar a day; the part in which something was not understood is pale."""
    top = drawing.scale(Decimal(max(counts.conversations for counts in days.values())))
    slot = (_WIDTH - _SIDE) / len(days)
    every = -(-len(days) // _MOST_NAMES)
    parts = [_legend(), _axis(top)]
    for index, (day, counts) in enumerate(days.items()):
        middle = _SIDE + slot * (index + 0.5)
        if counts.conversations:
            parts.append(_bar(middle, slot, day, counts, top, address(day)))
        if index % every == 0:
            parts.append(drawing.text(middle, _HEIGHT - 8, f"{day:%-d.%m}", size=11))
    return _FRAME.format(width=_WIDTH, height=_HEIGHT + _HEAD, head=_HEAD, parts=Markup("").join(parts))


def _legend() -> Markup:
    named = ((_SIDE, "wszystkie rozmowy", _ALL), (_SIDE + 170, "z niezrozumianą wiadomością", _MISSED))
    return Markup("").join(
        drawing.bar(x, -24, 14, 14, colours) + drawing.text(x + 20, -12, words, anchor="start")
        for x, words, colours in named
    )


def _axis(top: Decimal) -> Markup:
    """Whole conversations alone."""
    marks = sorted({Decimal(0), top // 2 if top % 2 == 0 else Decimal(0), top})
    return Markup("").join(
        drawing.line(_SIDE, _WIDTH, _at(mark, top))
        + drawing.text(_SIDE - 6, _at(mark, top) + 4, quantities.number(mark), anchor="end", size=11)
        for mark in marks
    )


def _at(number: Decimal, top: Decimal) -> float:
    return _HEIGHT - _FOOT - _PLACE * float(number / top)


def _bar(middle: float, slot: float, day: dt.date, counts: Counts, top: Decimal, address: str) -> Markup:
    width = min(_WIDEST_BAR, slot * 0.8)
    bars_ = Markup("").join(
        drawing.bar(middle - width / 2, _at(Decimal(number), top), width, _PLACE * float(number / top), colours)
        for number, colours in ((counts.conversations, _ALL), (counts.missed, _MISSED))
        if number
    )
    words = f"{quantities.long_date(day)}: {quantities.plural(counts.conversations, 'rozmowa', 'rozmowy', 'rozmów')}"
    return _LINK.format(address=address, words=words, parts=bars_)
