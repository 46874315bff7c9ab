"""Several requests in one message: where it falls apart into pieces that are clear and want different things."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.shared.core.domain import Domain

from bot.placeholders import MARK, PATTERN

Parse = Callable[[str], Awaitable[dict[str, Any]]]

FALLBACK = "nlu_fallback"
SURE = 0.65
FEWEST_WORDS = 2
MOST_ASIDE = 4
"""Words of an unclear piece that may be left to the request before it; a longer one is part of a story."""

MOST_PIECES = 15
MOST_REQUESTS = 3
"""A message that seems to want more tells a story."""

_MORE = r"(?:jeszcze|te[zż]|tak[zż]e|r[oó]wnie[zż]|przy okazji|od razu|do tego|dodatkowo|poza tym|potem)"
_JOINT = re.compile(
    rf"(?:[?!.;]+(?=\s|$)|\n+)\s*(?:(?:i|a|oraz)\s+)?(?:{_MORE}\s+)?|,?\s+(?:i|oraz|plus)\s+(?:{_MORE}\s+)?"
    rf"|,?\s+(?:a\s+)?{_MORE}\s+",
    re.IGNORECASE,
)

_NO_REQUEST = frozenset(
    {
        "affirm", "anger", "are_you_human", "attach_file", "cancel", "capabilities", "change_identifier", "deny",
        "follow_up", "fraud_warning", "goodbye", "greet", "i_am_business", "i_am_individual", "other_language",
        "out_of_scope", "repeat", "resend_code", "send_it", "thanks",
    }
)  # fmt: skip
"""Intents that cannot stand beside another: they answer, greet, or mean nothing without what was said before."""

_WRITING = frozenset({"new_ticket", "add_to_ticket"})
"""What is told after these is told to the office."""


async def requests_in(text: str, parse: Parse, domain: Domain) -> list[str]:
    """The requests in the order of answering: questions that have an answer at once come before tasks.

    `text` begins with the mark of what was typed, and so does each request. A message that holds one is left whole.
    """
    pieces = _pieces(text.removeprefix(MARK))
    if not 1 < len(pieces) <= MOST_PIECES:
        return [text]
    found: dict[str, str] = {}
    latest = ""
    for piece in pieces:
        intent = await _clear_intent(piece, parse)
        if intent is None and latest not in _WRITING and len(piece.split()) > MOST_ASIDE:
            return [text]
        told_to_office = latest in _WRITING and not _is_task(intent or "", domain) and len(piece.split()) > MOST_ASIDE
        if intent and intent not in _NO_REQUEST and not told_to_office:
            latest = intent
        elif intent and not told_to_office and not PATTERN.search(piece):
            continue
        if latest:
            found[latest] = f"{found[latest]}, {piece}" if latest in found else piece
    if not 1 < len(found) <= MOST_REQUESTS or await _intent(text, parse) not in (*found, FALLBACK):
        return [text]
    if [await _intent(MARK + said, parse) for said in found.values()] != list(found):
        return [text]
    return [MARK + found[intent] for intent in sorted(found, key=lambda intent: _is_task(intent, domain))]


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in _JOINT.split(text) if piece.strip()]


async def _intent(text: str, parse: Parse) -> str:
    return str((await parse(text))["intent"]["name"])


async def _clear_intent(piece: str, parse: Parse) -> str | None:
    if len(piece.split()) < FEWEST_WORDS:
        return None
    intent = (await parse(MARK + piece))["intent"]
    return None if intent["confidence"] < SURE else str(intent["name"])


def _is_task(intent: str, domain: Domain) -> bool:
    return f"action_{intent}" in domain.action_names_or_texts
