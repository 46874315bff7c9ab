"""A smell of gas is told by its words: where a life may hang on the answer, nothing is left to probability."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.folding import fold

DANGER = "outage_danger"

_GAS = r"(?<!za )\bgaz(?:u|em|ie)?\b"
_LEAKS = (
    r"\b(?:(?:wy)?cz(?:uc|uje|ujemy|ulam|ulem|ula|ul|uwam|uwalny)(?! sie|,? ze)"
    r"|smier?dz\w+|zapach|ulatnia\w*|wyciek\w*|wyciec|uchodzi|syczy|pekl\w+)\b"
)
_LEAK = re.compile(rf"{_LEAKS}.{{0,40}}{_GAS}|{_GAS}.{{0,40}}{_LEAKS}|\bpogotowi\w+ gazow\w+", re.DOTALL)
"""Not "czuję się oszukany", "rachunek za gaz"."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class GasLeak(GraphComponent):
    """Makes the intent of danger sure where somebody smells gas."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GasLeak:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if _LEAK.search(fold(message.get(TEXT) or "")):
                danger = {"name": DANGER, "confidence": 1.0}
                message.set(INTENT, danger, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [danger], add_to_output=True)
        return messages
