"""From an event of a conversation to what every platform can show: texts, choices and pictures."""

from __future__ import annotations

import re
from typing import Any

from backend.channels.schemas import Capabilities, Picture, Shown
from backend.chat.schemas import EventBody

Choices = list[tuple[str, str]]

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def shown(event: EventBody, links: list[dict[str, str]], picture: Picture | None) -> Shown:
    """A message as text: its table row by row, its links with their titles."""
    parts = [event["text"]]
    if table := event.get("table"):
        parts.append(_table(table))
    parts += [f"{link['title']}: {link['url']}" for link in links]
    choices = [(choice["id"], choice["title"]) for choice in event.get("choices", [])]
    return Shown("\n\n".join(parts), choices, picture)


def _table(table: dict[str, Any]) -> str:
    first, *others = table["columns"]
    lines = [table["caption"]]
    for row in table["rows"]:
        cells = [f"{name.lower()}: {value}" for name, value in zip(others, row[1:], strict=True)]
        lines.append(f"• {row[0]} – {', '.join(cells)}" if others else f"• {first}: {row[0]}")
    return "\n".join(lines)


def with_numbers(text: str, titles: list[str]) -> str:
    """Choices as a text, to be answered by a number."""
    lines = [f"{number}. {title}" for number, title in enumerate(titles, 1)]
    return "\n".join([text, "", *lines, "", "Odpowiedz, podając numer albo nazwę."])


def fit_buttons(can: Capabilities, choices: Choices) -> bool:
    return len(choices) <= can.buttons and _are_short(can, choices, can.title)


def fit_rows(can: Capabilities, choices: Choices) -> bool:
    return len(choices) <= can.rows and _are_short(can, choices, can.row_title)


def _are_short(can: Capabilities, choices: Choices, longest: int) -> bool:
    return all(can.length(title) <= longest and len(id_) <= can.payload for id_, title in choices)


def split(text: str, can: Capabilities, last: int | None = None) -> list[str]:
    """Pieces that may be sent, cut at ends of sentences where there are any; the last has at most `last`."""
    pieces = _pieces(text, can, can.text)
    if last is not None and can.length(pieces[-1]) > last:
        *before, end = _pieces(pieces[-1], can, last)
        return [*pieces[:-1], *_joined(before, can), end]
    return pieces


def _pieces(text: str, can: Capabilities, most: int) -> list[str]:
    pieces = []
    rest = text.strip()
    while can.length(rest) > most:
        room = _room(rest, can, most)
        ends = [match.start() for match in _SENTENCE_END.finditer(rest, 0, room) if match.start()]
        end = ends[-1] if ends else rest.rfind(" ", 1, room)
        end = end if end > 0 else room
        pieces.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [*pieces, rest]


def _room(text: str, can: Capabilities, most: int) -> int:
    """How many characters of the text have at most that length."""
    room = min(most, len(text))
    while can.length(text[:room]) > most:
        room -= max(1, (can.length(text[:room]) - most) // 2)
    return room


def _joined(pieces: list[str], can: Capabilities) -> list[str]:
    """Short pieces together again, as far as they fit."""
    return _pieces("\n".join(pieces), can, can.text)
