"""The words of a text as they are searched: without case and diacritics, each form as its lemma.

The dictionary lies on the disk (backend/dictionary.py makes it) and is looked into where it lies: it opens at once, and
a word takes a microsecond. Texts and queries go the same way, so they meet even where a lemma is not the right one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from marisa_trie import BytesTrie

from backend.settings import ROOT
from bot.folding import words
from bot.placeholders import PATTERN, PRIVATE_USE

SOURCES = ("bot/dictionary/__main__.py", "bot/folding.py", "bot/requirements.lock")
LONGEST = 40
"""Characters of a word; what is longer is cut, for the index has no room for it."""


class Lemmas:
    def __init__(self, rules: BytesTrie) -> None:
        self._rules = rules

    @classmethod
    def open(cls, path: Path | None = None) -> Lemmas:
        """Raises FileNotFoundError, which says what to do."""
        path = path or place()
        if not path.exists():
            raise FileNotFoundError(f"The dictionary {path.name} is not there: run `mojbok train`.")
        return cls(BytesTrie().mmap(str(path)))

    def of(self, text: str) -> list[str]:
        """The lemmas of a text in order. Personal values are no words."""
        bare = PRIVATE_USE.sub(" ", PATTERN.sub(" ", text))
        return [self._lemma(word)[:LONGEST] for word in words(bare)]

    def _lemma(self, word: str) -> str:
        rule = self._rules.get(word)
        return word[: len(word) - rule[0][0]] + rule[0][1:].decode() if rule else word


def place() -> Path:
    """Where the dictionary of the present sources is, or will be."""
    digest = hashlib.sha256(b"".join((ROOT / source).read_bytes() for source in SOURCES))
    return ROOT / "bot" / "models" / f"dictionary-{digest.hexdigest()[:12]}.marisa"


def write(path: Path, lemmas: Iterable[tuple[str, str]]) -> None:
    """Writes a dictionary from forms with their lemmas, both folded."""
    BytesTrie((form, _rule(form, lemma)) for form, lemma in lemmas).save(str(path))


def _rule(form: str, lemma: str) -> bytes:
    """How the lemma is made: so many letters off the end, then these. There are few rules, so they take no room."""
    same = next((n for n, (a, b) in enumerate(zip(form, lemma, strict=False)) if a != b), min(len(form), len(lemma)))
    return bytes([len(form) - same]) + lemma[same:].encode()
