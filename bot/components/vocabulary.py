"""Polish words as the classifier sees them: typing errors mended towards known words, forms brought to their lemma.

Everything is learned from the training data and simplemma's dictionary at training time; use needs neither.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator

from bot.folding import fold

SHORTEST = 5
"""Shorter words are too near one another to be mended."""

SHORTEST_TELLING = 3

_VALUE = re.compile(r"xx(?!digits)[a-z]+xx")
"""The words that stand for personal values."""


class Vocabulary:
    """The folded words of the training data, and every other form of the same lemmas that the dictionary knows.

    Words of the dictionary that stand one slip away from those are kept as well: they are no typing errors.
    """

    def __init__(self, counts: Counter[str], dictionary: dict[str, str]) -> None:
        wanted = {dictionary[word] for word in counts if word in dictionary}
        self._counts = counts
        self._lemmas = {form: fold(lemma) for form, lemma in dictionary.items() if lemma in wanted}
        self._lemma_counts: Counter[str] = Counter()
        for word, count in counts.items():
            self._lemma_counts[self.lemma(word)] += count
        self._targets = {word for word in counts if _can_be_mended(word) and (counts[word] > 1 or word in self._lemmas)}
        near = {near for word in self._targets for near in _one_slip_away(word) if near in dictionary}
        self._others = frozenset(near - counts.keys() - self._lemmas.keys())

    @classmethod
    def learn(cls, sentences: Iterable[list[str]]) -> Vocabulary:
        """From folded words. Lemmas are folded too, so that "zaplacilam" finds what "zapłaciłam" means."""
        return cls(Counter(word for words in sentences for word in words), _dictionary())

    def mend(self, word: str) -> str:
        """The word, or the known one that is a single slip of the fingers away from what is no word."""
        if word in self._counts or word in self._lemmas or word in self._others or not _can_be_mended(word):
            return word
        near = sorted(self._targets.intersection(_one_slip_away(word)))
        return max(near, key=lambda known: (known[0] == word[0], self._counts[known]), default=word)

    def lemma(self, word: str) -> str:
        return self._lemmas.get(word, word)

    def knows(self, word: str, times: int = 1) -> bool:
        """Whether the training data have the word, in any form, so many times."""
        return self._lemma_counts[self.lemma(word)] >= times

    def mended(self, sentence: list[str]) -> list[str]:
        return [self.mend(word) for word in sentence]

    def telling(self, mended: list[str]) -> list[str]:
        """The lemmas of the longer words of a mended sentence."""
        return [self.lemma(word) for word in mended if _is_telling(word)]


def _is_telling(word: str) -> bool:
    return len(word) >= SHORTEST_TELLING and word.isalpha() and not stands_for_value(word)


def stands_for_value(word: str) -> bool:
    return bool(_VALUE.fullmatch(word))


def _can_be_mended(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def _one_slip_away(word: str) -> Iterator[str]:
    """What the word becomes when a letter is left out, two are swapped, one is another, or there is one more."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after[1:]
            yield before + letter + after


def _dictionary() -> dict[str, str]:
    """Folded forms with their lemmas; the first of several that fold alike."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    lemmas = DefaultDictionaryFactory().get_dictionary("pl")
    # Millions of words: folded in one go.
    forms = fold("\n".join(lemmas)).split("\n")
    return dict(zip(reversed(forms), reversed(list(lemmas.values())), strict=True))
