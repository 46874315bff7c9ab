"""Texts as the office sees them: a label stands for each personal value, and knows which value it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from backend.chat.vault import NEVER_KEPT
from bot.placeholders import LABELS, PATTERN, Kind, parse

_LABELS = LABELS | {Kind.AMOUNT: "[kwota]", Kind.DATE: "[data]", Kind.COUNT: "[liczba]", Kind.LABEL: "[dane]"}


@dataclass(frozen=True)
class Piece:
    """A stretch of text; or a label, with the number of its value in the vault where one is kept."""

    text: str
    is_label: bool = False
    number: int | None = None


Masked = list[Piece]


def label(kind: Kind) -> str:
    return _LABELS[kind]


def pieces(text: str) -> Masked:
    found: Masked = []
    end = 0
    for match in PATTERN.finditer(text):
        placeholder = parse(match)
        if match.start() > end:
            found.append(Piece(text[end : match.start()]))
        number = None if placeholder.kind in NEVER_KEPT else placeholder.number
        found.append(Piece(label(placeholder.kind), is_label=True, number=number))
        end = match.end()
    if end < len(text):
        found.append(Piece(text[end:]))
    return found


def plain(text: str) -> str:
    """The text with labels, in one string."""
    return "".join(piece.text for piece in pieces(text))
