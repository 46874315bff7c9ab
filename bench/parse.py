"""Runs in Rasa's environment: what a model understands of sentences, or how much our classifier learns from some.

Reads a JSON object from standard input and writes the answer to the file that the first argument names.
"""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import sys
import time
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.log_utils import configure_structlog

from bot.components.model import IntentModel, Sentence
from bot.components.tokenizer import PolishTokenizer

WARM_UP = 20

Sentences = dict[str, list[str]]
"""By intent."""


async def understand(model: str, sentences: list[str]) -> dict[str, Any]:
    """Rankings, milliseconds for each sentence, and the memory of the process in MB."""
    configure_structlog(logging.ERROR)
    agent = Agent.load(model)
    for sentence in sentences[:WARM_UP]:
        await agent.parse_message(sentence)
    parsed, milliseconds = [], []
    for sentence in sentences:
        started = time.perf_counter()
        found = await agent.parse_message(sentence)
        milliseconds.append((time.perf_counter() - started) * 1000)
        ranking = [(entry["name"], entry["confidence"]) for entry in found.get("intent_ranking", [])]
        parsed.append({"intent": found["intent"]["name"], "ranking": ranking})
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"parsed": parsed, "milliseconds": milliseconds, "memory": memory}


def learn(
    lessons: list[Sentences], tests: dict[str, Sentences], c: float, boundless: list[str]
) -> list[dict[str, float]]:
    """What part of each test is right after each lesson alone."""
    models = (IntentModel(*_flat(lesson), c, boundless) for lesson in lessons)
    return [{name: _right(model, test) for name, test in tests.items()} for model in models]


def _right(model: IntentModel, test: Sentences) -> float:
    sentences, intents = _flat(test)
    chosen = [model.intents[place] for place in model.confidences(sentences).argmax(axis=1)]
    return sum(one == other for one, other in zip(chosen, intents, strict=True)) / len(intents)


def _flat(by_intent: Sentences) -> tuple[list[Sentence], list[str]]:
    tokenizer = PolishTokenizer(PolishTokenizer.get_default_config())

    def words(sentence: str) -> Sentence:
        return [token.text for token in tokenizer.tokenize(Message({TEXT: sentence}), TEXT)]

    pairs = [(words(sentence), intent) for intent, sentences in by_intent.items() for sentence in sentences]
    return [sentence for sentence, _ in pairs], [intent for _, intent in pairs]


def main() -> None:
    asked = json.load(sys.stdin)
    if "model" in asked:
        answer: Any = asyncio.run(understand(asked["model"], asked["sentences"]))
    else:
        answer = learn(**asked)
    Path(sys.argv[1]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
