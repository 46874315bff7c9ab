"""Two requests in one message: where it falls apart into halves that are both clear and want different things."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.shared.core.domain import Domain

from bot.placeholders import MARK

Parse = Callable[[str], Awaitable[dict[str, Any]]]

FALLBACK = "nlu_fallback"
SURE = 0.65
FEWEST_WORDS = 2
LONGEST = 300
"""Longer texts are letters: what they tell is one story."""

_MORE = r"(?:jeszcze|te[zż]|tak[zż]e|r[oó]wnie[zż]|przy okazji|od razu|do tego|dodatkowo|poza tym|potem)"
_JOINT = re.compile(
    rf"[?!.;\n]+\s*(?:(?:i|a|oraz)\s+)?(?:{_MORE}\s+)?|,?\s+(?:i|oraz|plus)\s+(?:{_MORE}\s+)?|,?\s+(?:a\s+)?{_MORE}\s+",
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


async def two_requests(text: str, parse: Parse, domain: Domain) -> tuple[str, str] | None:
    """The requests in the order of answering: a question that has an answer at once comes before a task.

    `text` begins with the mark of what was typed, and so does each request.
    """
    if len(text) > LONGEST:
        return None
    whole = None
    for joint in _JOINT.finditer(text):
        halves = text[: joint.start()], MARK + text[joint.end() :]
        if any(len(half.split()) < FEWEST_WORDS for half in halves):
            continue
        first, second = [_request(await parse(half)) for half in halves]
        if not first or not second or first == second:
            continue
        whole = whole or (await parse(text))["intent"]["name"]
        if whole in (first, second, FALLBACK):
            return halves if _is_task(second, domain) or not _is_task(first, domain) else (halves[1], halves[0])
    return None


def _request(parsed: dict[str, Any]) -> str | None:
    intent = parsed["intent"]
    return None if intent["confidence"] < SURE or intent["name"] in _NO_REQUEST else str(intent["name"])


def _is_task(intent: str, domain: Domain) -> bool:
    return f"action_{intent}" in domain.action_names_or_texts
