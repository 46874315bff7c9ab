"""Stand-ins for personal values: the one language that backend, actions and Rasa share.

A placeholder is written in private-use characters that nobody can type (the backend takes them out of what customers
write), so it can neither be forged nor mistaken for text. It names the kind of a value and its number in the
conversation's vault; the value itself stays with the backend. This module runs under Python 3.10 and needs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

MARK = "\ue002"
"""Begins every customer's text on its way to Rasa, so that only the backend can begin a message with "/"."""

_OPEN, _CLOSE = "\ue000", "\ue001"
_DIGIT, _KIND = 0xE010, 0xE020

PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")


class Kind(str, Enum):
    """What a value is. The first ones are typed by customers, the others are shown to them."""

    EMAIL = "email"
    PHONE = "phone"
    PESEL = "pesel"
    NIP = "nip"
    IBAN = "iban"
    CARD = "card"
    CODE = "code"
    LOGIN = "login"
    PASSWORD = "password"  # noqa: S105 - the kind, not one
    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    COUNT = "count"
    LABEL = "label"


LABELS = {
    Kind.EMAIL: "[e-mail]",
    Kind.PHONE: "[telefon]",
    Kind.PESEL: "[PESEL]",
    Kind.NIP: "[NIP]",
    Kind.IBAN: "[numer konta]",
    Kind.CARD: "[numer karty]",
    Kind.CODE: "[kod]",
    Kind.LOGIN: "[login]",
    Kind.PASSWORD: "[hasło]",
    Kind.NUMBER: "[numer]",
}
"""How a typed value is shown back, and how training examples write it."""

_KINDS = list(Kind)


@dataclass(frozen=True)
class Placeholder:
    kind: Kind
    number: int

    def __str__(self) -> str:
        digits = "".join(chr(_DIGIT + int(digit)) for digit in str(self.number))
        return f"{_OPEN}{chr(_KIND + _KINDS.index(self.kind))}{digits}{_CLOSE}"


PATTERN = re.compile(
    f"{_OPEN}([{chr(_KIND)}-{chr(_KIND + len(_KINDS) - 1)}])([{chr(_DIGIT)}-{chr(_DIGIT + 9)}]{{1,9}}){_CLOSE}"
)


def parse(match: re.Match[str]) -> Placeholder:
    """The placeholder that a match of `PATTERN` stands for."""
    digits = "".join(str(ord(character) - _DIGIT) for character in match[2])
    return Placeholder(_KINDS[ord(match[1]) - _KIND], int(digits))


def find(text: str) -> list[Placeholder]:
    """The placeholders in a text, in order."""
    return [parse(match) for match in PATTERN.finditer(text)]


def holds_placeholder(text: str) -> bool:
    return _OPEN in text


def mask(text: str) -> str:
    """The text with every placeholder as its label; a kind without one becomes `[ukryte]`."""
    return PATTERN.sub(lambda match: LABELS.get(parse(match).kind, "[ukryte]"), text)
