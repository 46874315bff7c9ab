"""Whether something is said in anger; what is asked along with it is answered all the same."""

from __future__ import annotations

import re
from typing import Any

from backend.chat import dialogue
from backend.chat.dialogue import Understanding
from bot.folding import fold

_MET_ALREADY = frozenset(("anger", "outage_danger", "fraud_warning", "other_language", "out_of_scope"))
"""Intents that the words of anger are part of, or that come before all courtesy."""

_ANGRY = re.compile(
    r"\b(?:wsciek\w*|wkurz\w*|wkurw\w*|kurw\w*|choler\w*|skandal\w*|zenad\w*|kpin\w*|kpicie|granda|szlag|paranoj\w*"
    r"|mam (?:(?:was|tego|juz|serdecznie) )*dosy?c(?=\W*$|\s*[,.!?]|\s+(?:tego|was|tych|juz)\b)"
    r"|jaja sobie robicie|(?:jakis|chyba) zart)\b"
)


def calls_for_empathy(text: str, state: dict[str, Any], understanding: Understanding) -> bool:
    """Whether a sentence of empathy goes before the answer: never twice running, and not while a form is open.

    `state` is the one before the message. What is described to the office may be angry.
    """
    if not _ANGRY.search(fold(text)) or _ANGRY.search(fold(dialogue.said_last(state))):
        return False
    meant = understanding.intents[0]["name"] if understanding.intents else None
    return meant not in _MET_ALREADY and dialogue.active_form(state) is None
