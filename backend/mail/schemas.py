from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LetterText:
    """What a letter says: no secret stands in the subject."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class CaughtLetter:
    """A letter as the local mailbox shows it; `at` is ISO 8601 in Europe/Warsaw."""

    to: str
    subject: str
    text: str
    html: str
    at: str
