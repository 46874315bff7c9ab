"""The chart of a year's consumption beside the year before, as SVG that needs no script and no style of its own."""

from __future__ import annotations

from decimal import Decimal

from babel.dates import format_date
from markupsafe import Markup, escape

from backend import quantities
from backend.consumption.schemas import MonthPair, Reading, YearComparison

_WIDTH, _HEIGHT, _FOOT, _SIDE = 720, 260, 28, 64
_SLOT = (_WIDTH - _SIDE) / 12
_BAR = 20
_PLACE = _HEIGHT - _FOOT - 12


def bars(comparison: YearComparison) -> Markup:
    """Two bars a month: the year before is pale, the year itself dark, an estimate is dashed."""
    highest = max((r.kwh for pair in comparison.months for r in (pair.now, pair.before) if r), default=Decimal(0))
    top = _round_up(highest)
    parts = [_axis(top), *(_month(index, pair, top) for index, pair in enumerate(comparison.months))]
    title = f"Zużycie energii w {comparison.year} i {comparison.year - 1} roku"
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-labelledby="chart-title chart-words">'
        '<title id="chart-title">{title}</title>'
        '<desc id="chart-words">Po dwa słupki na miesiąc. Te same liczby są w tabeli poniżej.</desc>{parts}</svg>'
    ).format(width=_WIDTH, height=_HEIGHT, title=title, parts=Markup("").join(parts))


def _axis(top: Decimal) -> Markup:
    lines = []
    for share in (0, 0.5, 1):
        y = _HEIGHT - _FOOT - _PLACE * share
        words = quantities.energy(top * Decimal(str(share)))
        lines.append(
            Markup(
                '<path class="line" d="M{side} {y:.1f}H{width}"/><text x="{x}" y="{t:.1f}" class="scale">{words}</text>'
            ).format(side=_SIDE, y=y, width=_WIDTH, x=_SIDE - 6, t=y + 4, words=words)
        )
    return Markup("").join(lines)


def _month(index: int, pair: MonthPair, top: Decimal) -> Markup:
    middle = _SIDE + _SLOT * (index + 0.5)
    name = escape(format_date(pair.month, "LLL", locale=quantities.LOCALE))
    label = Markup('<text x="{x:.1f}" y="{y}" class="name">{name}</text>').format(x=middle, y=_HEIGHT - 8, name=name)
    return _bar(middle - _BAR - 1, pair.before, top, "before") + _bar(middle + 1, pair.now, top, "now") + label


def _bar(x: float, reading: Reading | None, top: Decimal, kind: str) -> Markup:
    if reading is None or top == 0:
        return Markup("")
    height = _PLACE * float(reading.kwh / top)
    words = f"{kind} estimated" if reading.estimated else kind
    return Markup('<rect class="{words}" x="{x:.1f}" y="{y:.1f}" width="{width}" height="{height:.1f}"/>').format(
        words=words, x=x, y=_HEIGHT - _FOOT - height, width=_BAR, height=height
    )


def _round_up(kwh: Decimal) -> Decimal:
    """The next number with one leading digit, or half of it: the top of the scale."""
    if kwh <= 0:
        return Decimal(0)
    step = Decimal(10) ** kwh.adjusted()
    return next(step * share for share in (1, 2, 4, 6, 8, 10) if step * share >= kwh)
