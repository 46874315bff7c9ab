"""How well messages are understood: our pipeline and that of `rasa init`, on sentences that neither has learned."""

from __future__ import annotations

import json
import os
import random
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.settings import ROOT
from backend.training import RASA, rasa_environment
from bot.actions.turn import FALLBACK, TITLES
from bot.actions.understanding import to_offer
from bot.folding import fold
from tests.understanding.sentences import Sentences, blind, evaluation, neighbours

OUT_OF_SCOPE = "out_of_scope"

STATES_FACTS_BESIDE_THE_CONTACT = {"outage_danger", "ksef", "fraud_warning"}
HARMLESS = {
    "affirm", "anger", "are_you_human", "ask_callback", "ask_person", "cancel", "capabilities", "contact", "deny",
    "follow_up", "goodbye", "greet", "i_am_business", "i_am_individual", "new_ticket", "other_language",
    "out_of_scope", "repeat", "send_it", "thanks",
}  # fmt: skip
"""What is answered without stating a fact of the matter; so are the neighbouring topics, which name the contact."""


@dataclass(frozen=True)
class Case:
    text: str
    intent: str | None
    """None where no intent is right."""


@dataclass(frozen=True)
class Result:
    case: Case
    answered: str | None
    """The intent that is answered, None where it asks what was meant."""
    offered: list[str]
    confidence: float
    first: str

    @property
    def is_first_right(self) -> bool:
        return self.first == self.case.intent

    @property
    def is_right(self) -> bool:
        return self.answered is not None and self.answered == self.case.intent

    @property
    def is_right_or_offered(self) -> bool:
        return self.is_right or (self.answered is None and self.case.intent in self.offered)

    @property
    def states_a_wrong_fact(self) -> bool:
        return self.answered is not None and not self.is_right and self.answered not in harmless()


@dataclass(frozen=True)
class Understood:
    """What one pipeline makes of all sentences."""

    clean: list[Result]
    degraded: list[Result]
    neighbours: list[Result]
    blind: list[Result]
    milliseconds: list[float]
    memory: float
    size: float
    """MB."""


def understand(model: Path) -> Understood:
    clean, unseen = _cases(evaluation()), _cases(blind())
    near = [Case(text, None) for texts in neighbours().values() for text in texts]
    groups = [clean, _cases(degraded(evaluation())), near, unseen]
    every = [case for group in groups for case in group]
    found = run_in_bot({"model": str(model), "sentences": [case.text for case in every]})
    results = iter([result(case, parsed) for case, parsed in zip(every, found["parsed"], strict=True)])
    parts = [[next(results) for _ in group] for group in groups]
    return Understood(*parts, found["milliseconds"], found["memory"], model.stat().st_size / 1e6)


def _cases(sentences: Sentences) -> list[Case]:
    return [Case(text, intent) for intent, texts in sentences.items() for text in texts]


def result(case: Case, parsed: dict[str, Any]) -> Result:
    ranking = [(name, sure) for name, sure in parsed["ranking"] if name != FALLBACK]
    named = [(name, sure) for name, sure in ranking if name in titled()]
    answered = None if parsed["intent"] == FALLBACK else parsed["intent"]
    return Result(case, answered, [*to_offer(named), "ask_person"], ranking[0][1], ranking[0][0])


def seconds_to_train() -> float:
    """Our model from nothing, on all cores, the start of Rasa included."""
    with tempfile.TemporaryDirectory() as out:
        command = [RASA, "train", "--data", "bot/data", "--out", out, "--force", "--skip-validation"]
        started = time.monotonic()
        subprocess.run(command, cwd=ROOT, env=rasa_environment(), capture_output=True, check=True)
        return time.monotonic() - started


def run_in_bot(asked: dict[str, Any]) -> Any:
    """What bench/parse.py answers, on one core."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        core = str(min(os.sched_getaffinity(0)))
        command = ["taskset", "-c", core, str(ROOT / "bot/.venv/bin/python"), "-m", "bench.parse", str(answer)]
        environment = rasa_environment() | {"PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=ROOT, env=environment, input=json.dumps(asked).encode(), check=True)
        return json.loads(answer.read_text())


def degraded(sentences: Sentences) -> Sentences:
    return {intent: [degrade(text) for text in texts] for intent, texts in sentences.items()}


def degrade(text: str) -> str:
    """As typed in a hurry: no diacritics, and one slip of the fingers in one of the longer words."""
    words = fold(text).split()
    chance = random.Random(text)
    long = [place for place, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if long:
        place = chance.choice(long)
        words[place] = _slip(words[place], chance)
    return " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    letter = chance.choice("aeiourstnwzk")
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return chance.choice(
        [swapped, word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
    )


@cache
def titled() -> frozenset[str]:
    """Intents with a human name, which can be offered."""
    files = [*(ROOT / "bot" / "data").rglob("*.yml"), ROOT / "domain.yml"]
    responses = {
        name: said[0] for path in files for name, said in yaml.safe_load(path.read_text()).get("responses", {}).items()
    }
    named = {name.removeprefix("utter_") for name, said in responses.items() if said.get("metadata", {}).get("title")}
    return frozenset(named | TITLES.keys())


@cache
def energy() -> frozenset[str]:
    """The neighbouring topics that have an intent."""
    return frozenset(path.stem for path in (ROOT / "bot" / "data" / "energy").glob("*.yml"))


@cache
def harmless() -> frozenset[str]:
    return frozenset(HARMLESS | (energy() - STATES_FACTS_BESIDE_THE_CONTACT))
