"""Tells in which language, other than Polish, a message is written."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

OTHER_LANGUAGE = "other_language"

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_RUSSIAN_LETTERS, _UKRAINIAN_LETTERS = re.compile(r"[ыэъё]"), re.compile(r"[іїєґ]")
_RUSSIAN_WORDS = {
    "где", "здравствуйте", "как", "мне", "мой", "моя", "можно", "на", "нет", "нужна", "нужно", "пароль", "подскажите",
    "пожалуйста", "помогите", "помощь", "почему", "привет", "света", "сколько", "спасибо", "счет", "счета", "что",
}  # fmt: skip


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Languages(GraphComponent):
    """Adds the entity `language` (`uk`, `ru`, `en`) to what is not Polish; Cyrillic letters leave no doubt of that."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Languages:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            if language := cyrillic_language(text):
                told = {"name": OTHER_LANGUAGE, "confidence": 1.0}
                message.set(INTENT, told, add_to_output=True)
                message.set("intent_ranking", [told], add_to_output=True)
            elif (message.get(INTENT) or {}).get("name") == OTHER_LANGUAGE:
                language = "en"
            if language:
                entity = {"entity": "language", "value": language, "start": 0, "end": len(text)}
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages


def cyrillic_language(text: str) -> str | None:
    """`uk` or `ru` where most letters are Cyrillic, None elsewhere. What could be both is taken for Ukrainian."""
    if 2 * len(_CYRILLIC.findall(text)) <= sum(map(str.isalpha, text)):
        return None
    folded = text.casefold()
    if _UKRAINIAN_LETTERS.search(folded):
        return "uk"
    is_russian = _RUSSIAN_LETTERS.search(folded) or _RUSSIAN_WORDS & set(re.findall(r"\w+", folded))
    return "ru" if is_russian else "uk"
