"""Finds what a customer says in passing about being a person or a business."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.folding import fold

_WORDS = {
    "bok": r"\b(?:klient\w* biznesow\w*|biznes\w*|firmow\w*|dla firm\w*|na firme|"
    r"(?:mam|prowadze|reprezentuje|z|moja|moje|nasza|naszej|w) firm\w*|dzialalnosc\w* gospodarcz\w*|"
    r"prowadze dzialalnosc|przedsiebior\w*|spolk\w*)\b",
    "cok": r"\b(?:klient\w* indywidualn\w*|indywidualn\w*|osob\w* prywatn\w*|prywatnie|gospodarstw\w* domow\w*)\b",
}
_PATTERNS = {team: re.compile(words) for team, words in _WORDS.items()}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TeamWords(GraphComponent):
    """Adds the entity `team` (`cok` or `bok`) where the words leave no doubt."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TeamWords:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            folded = fold(message.get(TEXT) or "")
            found = [(team, match) for team, pattern in _PATTERNS.items() if (match := pattern.search(folded))]
            if len(found) == 1:
                team, match = found[0]
                entity = {"entity": "team", "value": team, "start": match.start(), "end": match.end()}
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages
