from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from backend.chat.doubts import Sign

OUT_OF_SCOPE = "out_of_scope"


class Purpose(StrEnum):
    TRAINING = "training"
    EVALUATION = "evaluation"


PURPOSE_NAMES = {Purpose.TRAINING: "nauka", Purpose.EVALUATION: "ocena"}


@dataclass(frozen=True)
class Known:
    """Under which intent a sentence stands already, and for what."""

    intent: str
    purpose: Purpose


@dataclass(frozen=True, order=True)
class Place:
    """A message: its conversation and its number there, written `k_…:12` in forms."""

    conversation_id: str
    seq: int

    def __str__(self) -> str:
        return f"{self.conversation_id}:{self.seq}"

    @classmethod
    def parse(cls, written: str) -> Place | None:
        found = _PLACE.fullmatch(written)
        return cls(found[1], int(found[2])) if found else None


_PLACE = re.compile(r"(k_[\w-]{1,38}):(\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class Doubtful:
    """A message that was understood badly: masked, with its likeliest intents and their confidence."""

    place: Place
    text: str
    sign: Sign
    guesses: list[tuple[str, float]]


@dataclass(frozen=True)
class Context:
    """What the customer said before a message, and what was answered to it; masked."""

    before: str | None
    answers: list[str]


@dataclass
class Group:
    """Alike messages, the worst first; one decision is for all of them.

    `known` tells where the sentence stands in the data already, `taught` what was decided about the same one before.
    """

    messages: list[Doubtful]
    context: Context = Context(None, [])
    known: Known | None = None
    taught: list[Known] = field(default_factory=list)

    @property
    def worst(self) -> Doubtful:
        return self.messages[0]

    @property
    def others(self) -> list[str]:
        """How else it was said, each once."""
        return sorted({message.text for message in self.messages} - {self.worst.text})
