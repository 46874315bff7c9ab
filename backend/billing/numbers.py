"""Document numbers as people type them: without slashes and zeros, in any case, or only the end."""

from __future__ import annotations

import re

from bot.folding import fold


def matching(typed: str, known: list[str]) -> list[str]:
    """The numbers that may be meant: those that agree as a whole, or else those that end as typed."""
    wanted = _parts(typed)
    if not wanted:
        return []
    whole = [number for number in known if _joined(number) == _joined(typed) or _parts(number) == wanted]
    return whole or [number for number in known if _parts(number)[-len(wanted) :] == wanted]


def _parts(number: str) -> list[str]:
    return [part.lstrip("0") or "0" for part in re.findall(r"[a-z]+|\d+", fold(number))]


def _joined(number: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(number))
