"""The chart of consumption beside the year before, as SVG that needs no script, no style sheet and nothing else."""

from __future__ import annotations

from decimal import Decimal

from babel.dates import format_date
from markupsafe import Markup

from backend import drawing, quantities
from backend.consumption.schemas import Comparison, MonthPair, Reading

_WIDTH, _HEIGHT, _HEAD, _FOOT, _SIDE = 720, 260, 30, 28, 64
_WIDEST_BAR = 20
_PLACE = _HEIGHT - _FOOT - 12
_MOST_NAMES = 14
_COLOURS = {"before": ("#f2b75c", "#8a5200"), "now": ("#0b5c4d", "#0b5c4d")}

_FRAME = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 -{head} {width} {height}" role="img" '
    'aria-labelledby="chart-title chart-words" font-family="sans-serif" font-size="13">'
    '<title id="chart-title">{title}</title><desc id="chart-words">{words}</desc>'
    '<rect y="-{head}" width="{width}" height="{height}" fill="#fff"/>{parts}</svg>'
)
_ESTIMATED = Markup(' stroke-dasharray="3 2" stroke-width="2" fill-opacity=".45"')


def bars(comparison: Comparison) -> Markup:
    """Two bars a month: the year before is pale, the year itself dark, an estimate is dashed."""
    highest = max((r.kwh for pair in comparison.months for r in (pair.now, pair.before) if r), default=Decimal(0))
    top = drawing.scale(highest)
    slot = (_WIDTH - _SIDE) / len(comparison.months)
    parts = [_legend(comparison), _axis(top)]
    for index, pair in enumerate(comparison.months):
        parts.append(_month(_SIDE + slot * (index + 0.5), slot, pair, top))
        if len(comparison.months) <= _MOST_NAMES or index % 3 == 0:
            parts.append(_name(_SIDE + slot * (index + 0.5), pair, short=len(comparison.months) > _MOST_NAMES))
    period = quantities.span(comparison.first, comparison.last)
    return _FRAME.format(
        width=_WIDTH,
        height=_HEIGHT + _HEAD,
        head=_HEAD,
        title=f"Zużycie energii, {period}, i rok wcześniej",
        words="Po dwa słupki na miesiąc. Te same liczby są w tabeli obok.",
        parts=Markup("").join(parts),
    )


def _legend(comparison: Comparison) -> Markup:
    """What the bars are; estimates only where there are some."""
    named = [("rok wcześniej", _COLOURS["before"], Markup("")), ("wybrany okres", _COLOURS["now"], Markup(""))]
    if any(reading and reading.estimated for pair in comparison.months for reading in (pair.now, pair.before)):
        named.append(("szacunek", _COLOURS["now"], _ESTIMATED))
    return Markup("").join(
        drawing.bar(x, -24, 14, 14, colours, more) + drawing.text(x + 20, -12, words, anchor="start")
        for x, (words, colours, more) in zip((_SIDE, _SIDE + 140, _SIDE + 290), named, strict=False)
    )


def _axis(top: Decimal) -> Markup:
    lines = []
    for share in (Decimal(0), Decimal("0.5"), Decimal(1)):
        y = _HEIGHT - _FOOT - _PLACE * float(share)
        words = quantities.energy(top * share)
        lines.append(drawing.line(_SIDE, _WIDTH, y))
        lines.append(drawing.text(_SIDE - 6, y + 4, words, anchor="end", size=11))
    return Markup("").join(lines)


def _name(middle: float, pair: MonthPair, *, short: bool) -> Markup:
    words = format_date(pair.month, "MM.yy" if short else "LLL", locale=quantities.LOCALE)
    return drawing.text(middle, _HEIGHT - 8, words, size=11 if short else 13)


def _month(middle: float, slot: float, pair: MonthPair, top: Decimal) -> Markup:
    width = min(_WIDEST_BAR, slot / 2.7)
    before = _bar(middle - width - 1, width, pair.before, top, "before")
    return before + _bar(middle + 1, width, pair.now, top, "now")


def _bar(x: float, width: float, reading: Reading | None, top: Decimal, kind: str) -> Markup:
    if reading is None or top == 0:
        return Markup("")
    height = _PLACE * float(reading.kwh / top)
    more = _ESTIMATED if reading.estimated else Markup("")
    return drawing.bar(x, _HEIGHT - _FOOT - height, width, height, _COLOURS[kind], more)
