"""Places in a list that was shown: "trzecią", "a ta druga", "dwa ostatnie", "druga od końca"."""

from __future__ import annotations

import re

from bot.folding import fold

_STEMS = ("pierwsz", "drug", "trzec", "czwart", "piat", "szost", "siodm", "osm", "dziewiat")
_END = r"(?:i?(?:a|e|ej|ego|emu)|i|y|o|i?ch|i?m|i?mi|y(?:m|ch|mi))"
_BY_WORD = rf"(?P<word>{'|'.join(_STEMS)}){_END}"
_BY_DIGIT = r"(?:nr|numer\w*|pozycj\w+)\s*\.?\s*(?P<digit>[1-9])(?![\d/-])"
_FROM_END = rf"(?P<before_last>przedostatni\w*)|(?P<last>ostatni{_END}?)"
_ONE = re.compile(rf"\b(?:{_BY_WORD}|{_BY_DIGIT}|{_FROM_END})\b")
_TURNED = re.compile(r"\bod (?:konca|dolu|tylu)\b")

_COUNTS = {"dwa": 2, "dwie": 2, "dwoch": 2, "2": 2, "trzy": 3, "trzech": 3, "3": 3, "cztery": 4, "4": 4}
_COUNT = rf"(?P<count>{'|'.join(_COUNTS)})"
_SIDE = r"(?P<side>ostatni|pierwsz)"
_SEVERAL = re.compile(
    rf"\b(?:{_COUNT}\s+{_SIDE}\w*|{_SIDE.replace('side', 'at')}\w*\s+{_COUNT.replace('count', 'many')})\b"
)


def numbers(text: str) -> list[int]:
    """The places that a text names, 1 for the first and -1 for the last, each once."""
    folded = fold(text)
    if match := _SEVERAL.search(folded):
        count, at_end = _COUNTS[match["count"] or match["many"]], (match["side"] or match["at"]) == "ostatni"
        return list(range(-count, 0) if at_end else range(1, count + 1))
    turned = bool(_TURNED.search(folded))
    return list(dict.fromkeys(_number(match, turned=turned) for match in _ONE.finditer(folded)))


def places(text: str, count: int) -> list[int]:
    """The indexes of those places in a list of `count`; what it does not have is left out."""
    indexes = [number - 1 if number > 0 else count + number for number in numbers(text)]
    return [index for index in indexes if 0 <= index < count]


def _number(match: re.Match[str], *, turned: bool) -> int:
    if match["last"]:
        return -1
    if match["before_last"]:
        return -2
    number = _STEMS.index(match["word"]) + 1 if match["word"] else int(match["digit"])
    return -number if turned else number
