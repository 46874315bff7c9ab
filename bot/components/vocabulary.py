"""Polish words as the classifier sees them: typing errors mended towards known words, forms brought to their lemma.

Everything is learned from the training data and simplemma's dictionary at training time; use needs neither.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from bot.folding import fold

SHORTEST = 5
"""Shorter words are too near one another to be mended."""

SHORTEST_TELLING = 3

VALUE = "xx"
"""With this begin the words that stand for personal values."""


class Vocabulary:
    """The folded words of the training data, and every other form of the same lemmas that the dictionary knows.

    Words of the dictionary that stand one slip away from those are kept as well: they are no typing errors.
    """

    def __init__(self, counts: Counter[str], dictionary: dict[str, str]) -> None:
        wanted = {dictionary[word] for word in counts if word in dictionary}
        self._counts = counts
        self._lemmas = {form: lemma for form, lemma in dictionary.items() if lemma in wanted}
        self._lemma_counts: Counter[str] = Counter()
        for word, count in counts.items():
            self._lemma_counts[self.lemma(word)] += count
        self._near: dict[str, list[str]] = defaultdict(list)
        for word in counts:
            if _can_be_mended(word) and (counts[word] > 1 or word in self._lemmas):
                for part in _parts(word):
                    self._near[part].append(word)
        self._others: frozenset[str] = frozenset()
        self._others = frozenset(word for word in dictionary if self.mend(word) != word)

    @classmethod
    def learn(cls, sentences: Iterable[list[str]]) -> Vocabulary:
        """From folded words. Lemmas are folded too, so that "zaplacilam" finds what "zapłaciłam" means."""
        return cls(Counter(word for words in sentences for word in words), _dictionary())

    def mend(self, word: str) -> str:
        """The word, or the known one that is a single slip of the fingers away from what is no word."""
        if word in self._counts or word in self._lemmas or word in self._others or not _can_be_mended(word):
            return word
        near = {known for part in _parts(word) for known in self._near.get(part, ())}
        if not near:
            return word
        return max(
            sorted(near), key=lambda known: (known[0] == word[0], -abs(len(known) - len(word)), self._counts[known])
        )

    def lemma(self, word: str) -> str:
        return self._lemmas.get(word, word)

    def knows(self, word: str, times: int = 1) -> bool:
        """Whether the training data have the word, in any form, so many times."""
        return self._lemma_counts[self.lemma(word)] >= times

    def known_share(self, sentence: list[str]) -> float:
        """How many of the longer words are known, once mended; 1 where there are none."""
        telling = [self.mend(word) for word in sentence if _is_telling(word)]
        return sum(map(self.knows, telling)) / len(telling) if telling else 1.0


def _is_telling(word: str) -> bool:
    return len(word) >= SHORTEST_TELLING and word.isalpha() and not word.startswith(VALUE)


def _can_be_mended(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def _parts(word: str) -> list[str]:
    """The word, and the word without each of its letters: two words that are one slip apart have one in common."""
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]


def _dictionary() -> dict[str, str]:
    """Folded forms with their folded lemmas; the first of several that fold alike."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    forms = DefaultDictionaryFactory().get_dictionary("pl")
    found: dict[str, str] = {}
    # Millions of words: folded in one go.
    for form, lemma in zip(_fold_all(forms.keys()), _fold_all(forms.values()), strict=True):
        found.setdefault(form, lemma)
    return found


def _fold_all(words: Iterable[str]) -> list[str]:
    return fold("\n".join(words)).split("\n")
