"""What a message is about: our model of intents as a component of Rasa."""

from __future__ import annotations

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

from bot.components.model import IntentModel, Sentence
from bot.components.sources import sources

RANKING = 10
FILE = "model.joblib"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PolishClassifier(IntentClassifier, GraphComponent):
    """Sets `intent` and `intent_ranking` of what the tokenizer made words of."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 1.0, "boundless": []}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        return sources()

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: IntentModel | None = None
    ) -> None:
        self._config, self._storage, self._resource, self._model = config, storage, resource, model

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
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(folder / FILE))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [message for message in training_data.intent_examples if message.get(TOKENS_NAMES[TEXT])]
        intents = [message.get(INTENT) for message in examples]
        self._model = IntentModel(
            [_words(message) for message in examples], intents, self._config["C"], self._config["boundless"]
        )
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, folder / FILE, compress=3)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model and message.get(TOKENS_NAMES[TEXT]):
                confidences = self._model.confidences([_words(message)])[0]
                order = np.argsort(-confidences)[:RANKING]
                ranking = [
                    {"name": self._model.intents[place], "confidence": float(confidences[place])} for place in order
                ]
                message.set("intent", ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def _words(message: Message) -> Sentence:
    return [token.text for token in message.get(TOKENS_NAMES[TEXT])]
