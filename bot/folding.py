"""Letters without case and diacritics, as customers often write them. Runs under Python 3.10 and needs nothing."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


def fold(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold().replace("ł", "l")))


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return re.findall(r"\w+", fold(text))
