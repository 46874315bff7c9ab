"""Which delivery points a customer's words mean: by name ("na działce" is Działka), by PPE or by their place."""

from __future__ import annotations

import re

from backend.consumption.schemas import PointCard
from bot.folding import fold, words

SHORTEST_STEM = 3
_PLACES = (
    "mieszkan", "biur", "sklep", "dom", "dzialk", "garaz", "warszta", "magazyn", "lokal", "obor", "stodol", "altan",
    "letnisk", "piwnic", "kawalerk", "chalup", "restauracj", "zaklad(?![kc])", "gospodarstw", "hala", "hali", "hale",
    "szop", "blok(?!ad)", "kamienic", "piekarni", "klatk", "obiek", "szklarni", "dacz", "domk",
)  # fmt: skip
"""How words begin that people call a delivery point by."""

_PLACE = rf"(?P<place>(?:{'|'.join(_PLACES)})\w{{0,4}})\b"
_PLACE_SAID = re.compile(
    rf"\b(?:na|w|we|dla|u|pod|z|ze|a|i|oraz|czy)\s+(?:(?:moim|mojej|mojego|naszym|naszej|samym|samej|tym|tej)\s+)?{_PLACE}"
    rf"|^\W*{_PLACE.replace('<place>', '<alone>')}\W*$"
)


def points_named(text: str, known: list[PointCard]) -> list[PointCard]:
    """The points that a text names by their label ("na działce" is Działka) or their PPE."""
    said = words(text)
    digits = re.sub(r"\D", "", text)
    return [point for point in known if point.ppe in digits or _is_named(words(point.label), said)]


def names_unknown(text: str, known: list[PointCard]) -> bool:
    """Whether a text speaks of a place that none of the points is called by."""
    labels = [word for point in known for word in words(point.label)]
    places = [match["place"] or match["alone"] for match in _PLACE_SAID.finditer(fold(text))]
    return any(not any(_same_word(word, place) for word in labels) for place in places)


def point_at(place: int, known: list[PointCard], before: PointCard | None) -> PointCard | None:
    """The point in a place of the list, 1 the first and -1 the last; None where that is not clear.

    After one of two was shown, "the second" is the other; of more it may be any.
    """
    if before and place == 2:
        return next(point for point in known if point != before) if len(known) == 2 else None
    index = place - 1 if place > 0 else len(known) + place
    return known[index] if 0 <= index < len(known) else None


def _is_named(label: list[str], said: list[str]) -> bool:
    """Whether each word of a label is said in some case: the beginnings agree, the endings may not."""
    return bool(label) and all(any(_same_word(word, other) for other in said) for word in label)


def _same_word(word: str, other: str) -> bool:
    stem = max(SHORTEST_STEM, len(word) - 2)
    return word == other or (
        len(word) >= SHORTEST_STEM and other.startswith(word[:stem]) and len(other) <= len(word) + 3
    )
