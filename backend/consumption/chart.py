"""The chart of consumption beside the year before, as SVG that needs no script, no style sheet and nothing else."""

from __future__ import annotations

from decimal import Decimal

from babel.dates import format_date
from markupsafe import Markup

from backend import quantities
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
_LINE = Markup('<path stroke="#c9d2ce" d="M{side} {y:.1f}H{width}"/>')
_TEXT = Markup('<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="#27302d">{words}</text>')
_BAR = Markup(
    '<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" stroke="{edge}"{more}/>'
)
_ESTIMATED = Markup(' stroke-dasharray="3 2" stroke-width="2" fill-opacity=".45"')


def bars(comparison: Comparison) -> Markup:
    """Two bars a month: the year before is pale, the year itself dark, an estimate is dashed."""
    highest = max((r.kwh for pair in comparison.months for r in (pair.now, pair.before) if r), default=Decimal(0))
    top = _round_up(highest)
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
    named = [("rok wcześniej", *_COLOURS["before"], Markup("")), ("wybrany okres", *_COLOURS["now"], Markup(""))]
    if any(reading and reading.estimated for pair in comparison.months for reading in (pair.now, pair.before)):
        named.append(("szacunek", *_COLOURS["now"], _ESTIMATED))
    return Markup("").join(
        _BAR.format(x=x, y=-24, width=14, height=14, fill=fill, edge=edge, more=more)
        + _TEXT.format(x=x + 20, y=-12, anchor="start", size=13, words=words)
        for x, (words, fill, edge, more) in zip((_SIDE, _SIDE + 140, _SIDE + 290), named, strict=False)
    )


def _axis(top: Decimal) -> Markup:
    lines = []
    for share in (Decimal(0), Decimal("0.5"), Decimal(1)):
        y = _HEIGHT - _FOOT - _PLACE * float(share)
        words = quantities.energy(top * share)
        lines.append(_LINE.format(side=_SIDE, y=y, width=_WIDTH))
        lines.append(_TEXT.format(x=_SIDE - 6, y=y + 4, anchor="end", size=11, words=words))
    return Markup("").join(lines)


def _name(middle: float, pair: MonthPair, *, short: bool) -> Markup:
    words = format_date(pair.month, "MM.yy" if short else "LLL", locale=quantities.LOCALE)
    return _TEXT.format(x=middle, y=_HEIGHT - 8, anchor="middle", size=11 if short else 13, words=words)


def _month(middle: float, slot: float, pair: MonthPair, top: Decimal) -> Markup:
    width = min(_WIDEST_BAR, slot / 2.7)
    before = _bar(middle - width - 1, width, pair.before, top, "before")
    return before + _bar(middle + 1, width, pair.now, top, "now")


def _bar(x: float, width: float, reading: Reading | None, top: Decimal, kind: str) -> Markup:
    if reading is None or top == 0:
        return Markup("")
    height = _PLACE * float(reading.kwh / top)
    fill, edge = _COLOURS[kind]
    more = _ESTIMATED if reading.estimated else Markup("")
    return _BAR.format(x=x, y=_HEIGHT - _FOOT - height, width=width, height=height, fill=fill, edge=edge, more=more)


def _round_up(kwh: Decimal) -> Decimal:
    """The next number with one leading digit, or half of it: the top of the scale."""
    if kwh <= 0:
        return Decimal(0)
    step = Decimal(10) ** kwh.adjusted()
    return next(step * share for share in (1, 2, 4, 6, 8, 10) if step * share >= kwh)
