"""How badly a typed message was understood: what the office's trainers look at, the worst first.

A wrong answer is worse than none, and the customer knows best: a thumb down counts most, then being corrected at once,
then not being understood, then being understood with little confidence; within each the least sure come first.
Messages that belong to an open form, taken choices and bare personal values teach nothing and are left out.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository
from backend.chat.dialogue import FALLBACK, Understanding
from backend.chat.models import InboxMessage
from bot.folding import words
from bot.placeholders import PATTERN

SURE = 0.7
CORRECTIONS = frozenset(("deny", "repeat", "anger"))
FURTHER = frozenset(("follow_up", FALLBACK))
"""Asking on, or not understood itself: like words are no sign that the answer before was wrong."""

FEWEST_WORDS = 2
ALIKE = 0.5
"""The share of their words that two messages have in common when one says the other again."""


class Sign(IntEnum):
    UNSURE = 1
    FALLBACK = 2
    CORRECTED = 3
    THUMB_DOWN = 4


def confidence(intents: list[dict[str, Any]]) -> float:
    """Of the likeliest intent; the fallback is none."""
    return max((float(entry["confidence"]) for entry in intents if entry["name"] not in (None, FALLBACK)), default=0.0)


def doubt(sign: Sign, intents: list[dict[str, Any]]) -> float:
    """The sign and how unsure it was as one number: `Sign(int(doubt))` gives the sign back."""
    return sign + min(1 - confidence(intents), 0.999)


def of_turn(message: InboxMessage, understanding: Understanding, *, in_form: bool) -> float | None:
    """None for what was understood, or teaches nothing. `in_form` tells that the message met an open form."""
    if not is_teachable(message):
        return None
    if any(entry["action"] == "action_nlu_fallback" for entry in understanding.actions):
        return doubt(Sign.FALLBACK, understanding.intents)
    if not in_form and confidence(understanding.intents) < SURE:
        return doubt(Sign.UNSURE, understanding.intents)
    return None


async def note_correction(session: AsyncSession, message: InboxMessage, understanding: Understanding) -> None:
    """Marks the message before this one where this one corrects its answer: denies it, or says the same again."""
    before = await repository.message_before(session, message.conversation_id, message.seq)
    if before and is_teachable(before) and _corrects(message, before, understanding):
        await _raise(session, before.conversation_id, before.seq, Sign.CORRECTED)


async def note_thumb_down(session: AsyncSession, conversation_id: str, seq: int) -> None:
    """Marks the message `seq`, whose answer was rated."""
    message = await repository.message(session, conversation_id, seq)
    if message and is_teachable(message):
        await _raise(session, conversation_id, seq, Sign.THUMB_DOWN)


async def _raise(session: AsyncSession, conversation_id: str, seq: int, sign: Sign) -> None:
    """Puts the answered message `seq` at least this high; what the office has decided about stays decided."""
    record = await repository.record(session, conversation_id, seq)
    if record:
        await repository.raise_doubt(session, conversation_id, seq, doubt(sign, record.intents))


def is_teachable(message: InboxMessage) -> bool:
    """Whether words were typed: a taken choice, a file and values alone are nothing to learn from."""
    return message.payload is None and bool(words(PATTERN.sub("", message.text)))


def _corrects(message: InboxMessage, before: InboxMessage, understanding: Understanding) -> bool:
    intent = understanding.intents[0]["name"] if understanding.intents else None
    if message.payload is not None or intent in FURTHER:
        return False
    return intent in CORRECTIONS or share_in_common(words(message.text), words(before.text)) >= ALIKE


def share_in_common(one: list[str], other: list[str]) -> float:
    """Of all their words; 0 where one of them has too few to tell."""
    both = set(one) & set(other)
    enough = min(len(set(one)), len(set(other))) >= FEWEST_WORDS
    return len(both) / len(set(one) | set(other)) if enough else 0.0
