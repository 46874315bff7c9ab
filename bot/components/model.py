"""Tells intents apart: a linear classifier over three views of a message, its confidences calibrated. Knows no Rasa."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.components.slips import slip
from bot.components.vocabulary import Vocabulary

FOLDS = 4
UNKNOWN = "\u2047"
TFIDF = {"sublinear_tf": True, "dtype": np.float32}

Sentence = list[str]
"""The folded words of a message, as the tokenizer makes them."""


class IntentModel:
    """Learns from examples and, once more, from the same examples with typing errors.

    `c` is the linear classifier's C, the inverse of its regularisation. `boundless` are the intents whose words no
    examples can exhaust, such as another language: for all others unknown words are a reason to doubt.
    """

    def __init__(self, sentences: list[Sentence], intents: Sequence[str], c: float, boundless: Sequence[str]) -> None:
        self._c = c
        chance = random.Random(1)  # noqa: S311 - only makes typing errors
        mistyped = [[slip(word, chance) for word in sentence] for sentence in sentences]
        self._views = Views(Vocabulary.learn(sentences))
        features, truth = self._views.fit_transform(sentences, mistyped), np.array(intents)
        self._sharpness = self._calibrate(features, truth)
        self._margins = self._fit(features, np.tile(truth, 2))
        self._boundless = np.isin(self.intents, boundless)

    @property
    def intents(self) -> list[str]:
        return [str(intent) for intent in self._margins.classes_]

    def confidences(self, sentences: list[Sentence]) -> np.ndarray:
        """A row a sentence, a column an intent in the order of `intents`.

        A row's sum is 1, less what the sentence's unknown words take from it: they may mean anything.
        """
        known = np.array([[self._views.vocabulary.known_share(sentence)] for sentence in sentences])
        found = _confidences(self._margins.decision_function(self._views.transform(sentences)), self._sharpness)
        return np.where(self._boundless, found, known * found)

    def _fit(self, features: csr_matrix, intents: np.ndarray) -> LinearSVC:
        return LinearSVC(C=self._c, random_state=1).fit(features, intents)

    def _calibrate(self, features: csr_matrix, intents: np.ndarray) -> float:
        """How sharply margins become confidences, so that of those of 0.8 eight in ten are right (temperature scaling).

        Fitted on examples that the margins did not learn from; `features` are those as typed, then those mistyped.
        """
        count, margins, right = len(intents), [], []
        for known, held in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(intents, intents):
            fitted = self._fit(features[np.concatenate([known, known + count])], np.tile(intents[known], 2))
            margins.append(fitted.decision_function(features[held]))
            right.append(np.searchsorted(fitted.classes_, intents[held]))
        every, truth = np.concatenate(margins), np.concatenate(right)

        def surprise(sharpness: float) -> float:
            chosen = _confidences(every, sharpness)[np.arange(len(truth)), truth]
            return float(-np.log(np.maximum(chosen, 1e-12)).mean())

        return float(minimize_scalar(surprise, bounds=(0.5, 20), method="bounded").x)


class Views:
    """A message seen in three ways: letters as typed, letters of the mended words, lemmas alone and in pairs.

    A word that is not known is seen as such: many of them tell that a message is not for us.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._views = (
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2, **TFIDF),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), min_df=3, **TFIDF),
            TfidfVectorizer(analyzer=_ones_and_pairs, **TFIDF),
        )

    def fit_transform(self, sentences: list[Sentence], mistyped: list[Sentence]) -> csr_matrix:
        """Rows for the sentences, then for the mistyped, in which words that stand nowhere else count as unknown."""
        texts = zip(self._texts(sentences), self._texts(mistyped, times=2), strict=True)
        pairs = zip(self._views, texts, strict=True)
        return hstack([view.fit_transform(right + wrong) for view, (right, wrong) in pairs]).tocsr()

    def transform(self, sentences: list[Sentence]) -> csr_matrix:
        pairs = zip(self._views, self._texts(sentences), strict=True)
        return hstack([view.transform(texts) for view, texts in pairs]).tocsr()

    def _texts(self, sentences: list[Sentence], times: int = 1) -> tuple[list[str], list[str], list[str]]:
        known = self.vocabulary
        mended = [[known.mend(word) for word in sentence] for sentence in sentences]
        mended = [[word if known.knows(word, times) else UNKNOWN for word in sentence] for sentence in mended]
        lemmas = [[known.lemma(word) for word in sentence] for sentence in mended]
        return tuple([" ".join(words) for words in view] for view in (sentences, mended, lemmas))


def _ones_and_pairs(text: str) -> list[str]:
    words = text.split()
    return words + [f"{one} {two}" for one, two in itertools.pairwise(words)]


def _confidences(margins: np.ndarray, sharpness: float) -> np.ndarray:
    raised = np.exp(sharpness * (margins - margins.max(axis=1, keepdims=True)))
    return raised / raised.sum(axis=1, keepdims=True)
