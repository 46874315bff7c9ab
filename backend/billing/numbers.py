"""Document numbers as people type them: without slashes and zeros, in any case, or only a part."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.folding import fold

LONG = 10
"""So many characters without anything between them name a document by themselves."""

RUNNING = 2
"""Place of the running number among the digits: FV/year/month/number, and its part behind it."""


def matching(typed: str, known: list[str]) -> list[str]:
    """The numbers that may be meant: those that agree as a whole, or else by their end, beginning or middle."""
    if not _parts(typed):
        return []
    agreements: tuple[Callable[[str, str], bool], ...] = (
        _is_whole,
        _is_end,
        _is_beginning,
        _is_run_together,
        _is_inside,
    )
    for agrees in agreements:
        if found := [number for number in known if agrees(typed, number)]:
            return found
    return []


def _is_whole(typed: str, number: str) -> bool:
    return _joined(number) == _joined(typed) or _parts(number) == _parts(typed)


def _is_end(typed: str, number: str) -> bool:
    wanted = _parts(typed)
    return _parts(number)[-len(wanted) :] == wanted


def _is_beginning(typed: str, number: str) -> bool:
    """A number without the part behind it ("FV/2026/09/33" of …/33/1), but never a year or a month alone."""
    wanted = _parts(typed)
    return len(_digits(wanted)) > RUNNING and _parts(number)[: len(wanted)] == wanted


def _is_run_together(typed: str, number: str) -> bool:
    return len(_joined(typed)) >= LONG and _joined(typed) in _joined(number)


def _is_inside(typed: str, number: str) -> bool:
    """The running number, with the month and the year before it or not, whatever letters it has."""
    wanted, own = _parts(typed), _parts(number)
    digits, own_digits = _digits(wanted), _digits(own)
    if not digits or not set(wanted) - set(digits) <= set(own):
        return False
    end = RUNNING + 1
    return own_digits[max(end - len(digits), 0) : end] == digits


def _parts(number: str) -> list[str]:
    return [part.lstrip("0") or "0" for part in re.findall(r"[a-z]+|\d+", fold(number))]


def _digits(parts: list[str]) -> list[str]:
    return [part for part in parts if part.isdecimal()]


def _joined(number: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(number))
