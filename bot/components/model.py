"""Tells intents apart: a linear classifier over three views of a message, its confidences calibrated. Knows no Rasa."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from bot.components.slips import slip
from bot.components.vocabulary import Vocabulary, stands_for_value

HELD_BACK = 4
"""One in so many examples tells how sure the others make the classifier."""

TOLERANCE = 0.01
"""Finer ones tell nothing better apart."""

UNKNOWN = "\u2047"

Sentence = list[str]
"""The folded words of a message, as the tokenizer makes them."""


class IntentModel:
    """Learns from examples and, once more, from the same examples with typing errors.

    `c` is the linear classifier's C, the inverse of its regularisation. `boundless` are the intents whose words no
    examples can exhaust, such as another language: for all others words never met are a reason to doubt.
    """

    def __init__(self, sentences: list[Sentence], intents: Sequence[str], c: float, boundless: Sequence[str]) -> None:
        self._c = c
        chance = random.Random(1)  # noqa: S311 - only makes typing errors
        mistyped = [[slip(word, chance) for word in sentence] for sentence in sentences]
        self._vocabulary = Vocabulary.learn(sentences)
        self._views = Views(self._vocabulary)
        parts, truth = self._views.fit_transform(sentences, mistyped), np.array(intents)
        features = hstack(parts).tocsr()
        with ThreadPoolExecutor() as other_core:  # the linear classifier computes outside Python's lock
            whole = other_core.submit(self._fit, features, np.tile(truth, 2))
            self._sharpness = self._calibrate(features, truth)
            self._keep(whole.result(), [part.shape[1] for part in parts])
        self._boundless = np.isin(self.intents, boundless)
        self._met = WordsMet(self._vocabulary, sentences, np.searchsorted(self.intents, truth))

    def confidences(self, sentences: list[Sentence]) -> np.ndarray:
        """A row a sentence, a column an intent in the order of `intents`.

        A row's sum is 1, less what the words take from it that an intent has never met: they may mean anything.
        """
        mended = [self._vocabulary.mended(sentence) for sentence in sentences]
        parts = self._views.transform(sentences, mended)
        margins = sum(part @ weights for part, weights in zip(parts, self._weights, strict=True)) + self._intercept
        return _confidences(margins, self._sharpness) * np.where(self._boundless, 1.0, self._met.shares(mended))

    def _fit(self, features: csr_matrix, intents: np.ndarray) -> LinearSVC:
        return LinearSVC(C=self._c, tol=TOLERANCE, random_state=1).fit(features, intents)

    def _keep(self, fitted: LinearSVC, widths: list[int]) -> None:
        """Keeps what confidences need: a matrix of weights for each view, laid out as its product reads it."""
        self.intents = [str(intent) for intent in fitted.classes_]
        weights = np.split(fitted.coef_.T, np.cumsum(widths)[:-1])
        self._weights = [np.ascontiguousarray(part, dtype=np.float32) for part in weights]
        self._intercept = fitted.intercept_.astype(np.float32)

    def _calibrate(self, features: csr_matrix, intents: np.ndarray) -> float:
        """How sharply margins become confidences, so that of those of 0.8 eight in ten are right (temperature scaling).

        Fitted on examples that the margins did not learn from; `features` are those as typed, then those mistyped.
        """
        known, held = next(StratifiedKFold(HELD_BACK, shuffle=True, random_state=1).split(intents, intents))
        fitted = self._fit(features[np.concatenate([known, known + len(intents)])], np.tile(intents[known], 2))
        margins, truth = fitted.decision_function(features[held]), np.searchsorted(fitted.classes_, intents[held])

        def surprise(sharpness: float) -> float:
            chosen = _confidences(margins, sharpness)[np.arange(len(truth)), truth]
            return float(-np.log(np.maximum(chosen, 1e-12)).mean())

        return float(minimize_scalar(surprise, bounds=(0.5, 20), method="bounded").x)


class WordsMet:
    """Which of the telling words stand in the examples of which intent."""

    def __init__(self, vocabulary: Vocabulary, sentences: list[Sentence], places: np.ndarray) -> None:
        """`places` are the numbers of the sentences' intents."""
        self._vocabulary = vocabulary
        self._never = np.zeros(places.max() + 1, dtype=bool)
        self._met: dict[str, np.ndarray] = {}
        for sentence, place in zip(sentences, places, strict=True):
            for word in vocabulary.telling(vocabulary.mended(sentence)):
                self._met.setdefault(word, self._never.copy())[place] = True

    def shares(self, mended: list[Sentence]) -> np.ndarray:
        """Rows of mended sentences, columns of intents: the share of the telling words that an intent has met.

        It is 1 of no telling words, and 0 where there are only personal values: they do not tell what is wanted.
        """
        return np.array([self._share(sentence) for sentence in mended])

    def _share(self, sentence: Sentence) -> np.ndarray:
        words = self._vocabulary.telling(sentence)
        if not words:
            only_values = bool(sentence) and all(map(stands_for_value, sentence))
            return np.full(len(self._never), float(not only_values))
        return np.mean([self._met.get(word, self._never) for word in words], axis=0)


class Views:
    """A message seen in three ways: letters as typed, letters of the mended words, lemmas alone and in pairs.

    A word that is not known is seen as such: many of them tell that a message is not for us.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._views = (
            Tfidf(analyzer="char_wb", ngram_range=(2, 4), min_df=2),
            Tfidf(analyzer="char_wb", ngram_range=(1, 5), min_df=3),
            Tfidf(analyzer=_ones_and_pairs),
        )

    def fit_transform(self, sentences: list[Sentence], mistyped: list[Sentence]) -> list[csr_matrix]:
        """A matrix a view with rows for the sentences, then for the mistyped.

        In the mistyped, words that stand nowhere else count as unknown.
        """
        mended = self._vocabulary.mended
        right = self._texts(sentences, [mended(sentence) for sentence in sentences])
        wrong = self._texts(mistyped, [mended(sentence) for sentence in mistyped], times=2)
        return [view.fit_transform(one + other) for view, one, other in zip(self._views, right, wrong, strict=True)]

    def transform(self, sentences: list[Sentence], mended: list[Sentence]) -> list[csr_matrix]:
        """A matrix a view, a row a sentence."""
        pairs = zip(self._views, self._texts(sentences, mended), strict=True)
        return [view.transform(texts) for view, texts in pairs]

    def _texts(
        self, sentences: list[Sentence], mended: list[Sentence], times: int = 1
    ) -> tuple[list[str], list[str], list[str]]:
        known = self._vocabulary
        mended = [[word if known.knows(word, times) else UNKNOWN for word in sentence] for sentence in mended]
        lemmas = [[known.lemma(word) for word in sentence] for sentence in mended]
        return tuple([" ".join(words) for words in view] for view in (sentences, mended, lemmas))


class Tfidf:
    """Pieces of texts, weighed as scikit-learn's TfidfVectorizer weighs them with `sublinear_tf`.

    That one multiplies by a matrix as wide as the vocabulary, which for a single message takes longer than all else.
    """

    def __init__(self, **pieces: Any) -> None:
        self._counter = CountVectorizer(dtype=np.float32, **pieces)

    def fit_transform(self, texts: list[str]) -> csr_matrix:
        counts = self._counter.fit_transform(texts)
        having = np.bincount(counts.indices, minlength=counts.shape[1])
        self._rarity = (np.log((1 + len(texts)) / (1 + having)) + 1).astype(np.float32)
        return self._weighed(counts)

    def transform(self, texts: list[str]) -> csr_matrix:
        return self._weighed(self._counter.transform(texts))

    def _weighed(self, counts: csr_matrix) -> csr_matrix:
        counts.data = (np.log(counts.data) + 1) * self._rarity[counts.indices]
        return normalize(counts, copy=False)


def _ones_and_pairs(text: str) -> list[str]:
    words = text.split()
    return words + [f"{one} {two}" for one, two in itertools.pairwise(words)]


def _confidences(margins: np.ndarray, sharpness: float) -> np.ndarray:
    raised = np.exp(sharpness * (margins - margins.max(axis=1, keepdims=True)))
    return raised / raised.sum(axis=1, keepdims=True)
