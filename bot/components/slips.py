"""Typing errors as fingers make them on a Polish keyboard."""

from __future__ import annotations

from random import Random

SHORTEST = 5
SHARE = 0.4
"""Of the longer words so many are mistyped."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    key: row[max(place - 1, 0) : place + 2].replace(key, "") for row in _ROWS for place, key in enumerate(row)
}


def slip(word: str, chance: Random) -> str:
    """The word as it is, or with two letters swapped, one left out, doubled, or the key beside it hit."""
    if len(word) < SHORTEST or not word.isalpha() or word.startswith("xx") or chance.random() >= SHARE:
        return word
    place = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    made = (
        before + after[0] + letter + after[1:],
        before + after,
        before + letter * 2 + after,
        before + chance.choice(_NEIGHBOURS.get(letter, letter)) + after,
    )
    return chance.choice(made)
