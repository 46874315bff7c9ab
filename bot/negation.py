"""What a message says it is not: "to nie skarga, chcę się tylko dowiedzieć…". Runs under Python 3.10, needs nothing."""

from __future__ import annotations

from collections.abc import Sequence

_TICKET = ("skarg", "reklamac", "zgloszeni", "zazaleni")
_BETWEEN = {
    "byc", "byla", "bylo", "chce", "chcemy", "chcialabym", "chcialbym", "jest", "ma", "mam", "pisac", "sie", "skladac",
    "skladam", "to", "wnosic", "zadna", "zadne", "zadnej", "zadnego", "zamierzam", "zglaszac", "zlozyc",
}  # fmt: skip
_BEFORE = {"to", "ja", "ale", "przepraszam", "nie"}
FEWEST_LEFT = 3


def without_denied_ticket(words: Sequence[str]) -> list[int] | None:
    """The places of the folded words that are left without "to nie skarga" or "nie chcę składać reklamacji".

    None where nothing of the kind is said.
    """
    for place, word in enumerate(words):
        if word != "nie":
            continue
        end = place + 1
        while end < len(words) and words[end] in _BETWEEN:
            end += 1
        if end < len(words) and words[end].startswith(_TICKET):
            start = place
            while start and words[start - 1] in _BEFORE:
                start -= 1
            return [*range(start), *range(end + 1, len(words))]
    return None
