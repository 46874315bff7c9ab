"""What a message is about: a linear classifier over character n-grams and lemmas, its confidences calibrated."""

from __future__ import annotations

import itertools
import random
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.components.slips import slip
from bot.components.vocabulary import Vocabulary

RANKING = 10
FOLDS = 4
FILE = "model.joblib"
UNKNOWN = "\u2047"
TFIDF = {"sublinear_tf": True, "dtype": np.float32}

Sentence = list[str]
"""The folded words of a message, as the tokenizer makes them."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PolishClassifier(IntentClassifier, GraphComponent):
    """Learns from the examples and, once more, from the same examples with typing errors."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 1.0}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._views: Views | None = None
        self._margins: LinearSVC | None = None
        self._sharpness = 1.0

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PolishClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PolishClassifier:
        loaded = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            loaded._views, loaded._margins, loaded._sharpness = joblib.load(folder / FILE)
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        examples = [message for message in training_data.intent_examples if message.get(TOKENS_NAMES[TEXT])]
        self.learn([_words(message) for message in examples], np.array([message.get(INTENT) for message in examples]))
        with self._storage.write_to(self._resource) as folder:
            joblib.dump((self._views, self._margins, self._sharpness), folder / FILE, compress=3)
        return self._resource

    def learn(self, sentences: list[Sentence], intents: np.ndarray) -> None:
        """From as many intents as sentences."""
        chance = random.Random(1)  # noqa: S311 - only makes typing errors
        mistyped = [[slip(word, chance) for word in sentence] for sentence in sentences]
        self._views = Views(Vocabulary.learn(sentences))
        features = self._views.fit_transform(sentences, mistyped)
        self._sharpness = self._calibrate(features, intents)
        self._margins = self._fit(features, np.concatenate([intents, intents]))

    def confidences(self, sentences: list[Sentence]) -> np.ndarray:
        """A row a sentence, a column an intent in the order of `intents`."""
        assert self._views
        assert self._margins
        return _confidences(self._margins.decision_function(self._views.transform(sentences)), self._sharpness)

    @property
    def intents(self) -> np.ndarray:
        assert self._margins
        return self._margins.classes_

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TOKENS_NAMES[TEXT]):
                confidences = self.confidences([_words(message)])[0]
                order = np.argsort(-confidences)[:RANKING]
                ranking = [
                    {"name": str(self.intents[place]), "confidence": float(confidences[place])} for place in order
                ]
                message.set("intent", ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _fit(self, features: csr_matrix, intents: np.ndarray) -> LinearSVC:
        return LinearSVC(C=self._config["C"], random_state=1).fit(features, intents)

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


def _words(message: Message) -> Sentence:
    return [token.text for token in message.get(TOKENS_NAMES[TEXT])]


def _confidences(margins: np.ndarray, sharpness: float) -> np.ndarray:
    raised = np.exp(sharpness * (margins - margins.max(axis=1, keepdims=True)))
    return raised / raised.sum(axis=1, keepdims=True)
