"""The parts of our charts, as SVG that needs no script, no style sheet and nothing else."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

INK = "#27302d"

_LINE = Markup('<path stroke="#c9d2ce" d="M{left} {y:.1f}H{right}"/>')
_TEXT = Markup('<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{ink}">{words}</text>')
_BAR = Markup(
    '<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" stroke="{edge}"{more}/>'
)
_NOTHING = Markup("")


def line(left: float, right: float, y: float) -> Markup:
    return _LINE.format(left=left, right=right, y=y)


def text(x: float, y: float, words: str, *, anchor: str = "middle", size: int = 13) -> Markup:
    return _TEXT.format(x=x, y=y, words=words, anchor=anchor, size=size, ink=INK)


def bar(x: float, y: float, width: float, height: float, colours: tuple[str, str], more: Markup = _NOTHING) -> Markup:
    """`colours` are those of its area and of its edge."""
    fill, edge = colours
    return _BAR.format(x=x, y=y, width=width, height=height, fill=fill, edge=edge, more=more)


def scale(highest: Decimal) -> Decimal:
    """The top of a scale that holds this: the next number with one leading digit, or half of it."""
    if highest <= 0:
        return Decimal(0)
    step = Decimal(10) ** highest.adjusted()
    return next(step * share for share in (1, 2, 4, 6, 8, 10) if step * share >= highest)
