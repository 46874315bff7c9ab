"""`make evaluate`: how well messages are understood, beside the pipeline of `rasa init`; writes docs/understanding.md."""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.settings import ROOT
from backend.training import rasa_environment, train
from bench import stock
from bot.actions.turn import FALLBACK, TITLES
from bot.actions.understanding import to_offer
from bot.folding import fold
from tests.understanding.sentences import Sentences, evaluation, neighbours, training

OUT_OF_SCOPE = "out_of_scope"
SHARES = [0.1, 0.25, 0.5, 0.75, 1.0]
CONFUSIONS = 25
BINS = 10

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
    milliseconds: list[float]
    memory: float
    size: float
    """MB."""


def main() -> None:
    ours = understand(train(print))
    print("The stock pipeline's model (half an hour, once for each state of the data) …", flush=True)
    folder = stock.project()
    theirs = understand(folder / "model.tar.gz")
    print("The learning curve …", flush=True)
    points = run_in_bot({"training": training(), "test": evaluation(), "shares": SHARES, "c": 1.0})
    path = ROOT / "docs" / "understanding.md"
    path.write_text(page(ours, theirs, points), encoding="utf-8")
    print(f"Written to {path.relative_to(ROOT)}.")


def understand(model: Path) -> Understood:
    cases = [Case(text, intent) for intent, texts in evaluation().items() for text in texts]
    worse = [Case(degrade(case.text), case.intent) for case in cases]
    near = [Case(text, None) for texts in neighbours().values() for text in texts]
    every = [*cases, *worse, *near]
    found = run_in_bot({"model": str(model), "sentences": [case.text for case in every]})
    results = [result(case, parsed) for case, parsed in zip(every, found["parsed"], strict=True)]
    size = model.stat().st_size / 1e6
    count = len(cases)
    return Understood(
        results[:count], results[count : 2 * count], results[2 * count :], found["milliseconds"], found["memory"], size
    )


def result(case: Case, parsed: dict[str, Any]) -> Result:
    ranking = [(name, sure) for name, sure in parsed["ranking"] if name != FALLBACK]
    named = [(name, sure) for name, sure in ranking if name in titled()]
    answered = None if parsed["intent"] == FALLBACK else parsed["intent"]
    return Result(case, answered, [*to_offer(named), "ask_person"], ranking[0][1], ranking[0][0])


def run_in_bot(asked: dict[str, Any]) -> Any:
    """What bench/parse.py answers, on one core."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        core = str(min(os.sched_getaffinity(0)))
        command = ["taskset", "-c", core, str(ROOT / "bot/.venv/bin/python"), "-m", "bench.parse", str(answer)]
        environment = rasa_environment() | {"PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=ROOT, env=environment, input=json.dumps(asked).encode(), check=True)
        return json.loads(answer.read_text())


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


# The page


def page(ours: Understood, theirs: Understood, points: list[tuple[int, float]]) -> str:
    head = f"""# Understanding

Written by `make evaluate` ({time.strftime("%Y-%m-%d")}, {os.cpu_count()} cores, Python {platform.python_version()}).

The sentences stand in `tests/understanding/` and are never trained on: {len(ours.clean)} in `evaluation.yml`, and {len(ours.neighbours)} questions on neighbouring subjects without an
intent in `neighbours.yml`. **Degraded** are the same sentences without diacritics and with one slip of the fingers in one of the longer words. Every figure is taken at the
thresholds of `config.yml`. **Stock** is the pipeline that `rasa init` writes, trained on the same {examples(training())} examples of {len(training())} intents, with its own thresholds.

**Offered** counts a message that is met by a question of what was meant, with the right topic among its choices. A **wrong fact** is an answer to something else that states a fact
or begins a task; greetings, "I don't know this, here is the contact" and the like are none.
"""
    parts = [head, summary(ours, theirs), by_topic(ours), confusions(ours), calibration(ours, theirs), learning(points)]
    return "\n".join(parts)


def summary(ours: Understood, theirs: Understood) -> str:
    def row(name: str, aim: str, measure: Any) -> str:
        return f"| {name} | {aim} | {measure(ours)} | {measure(theirs)} |"

    rows = [
        row("clean: first choice right", "", lambda one: percent(first_right(asked(one.clean)))),
        row("degraded: first choice right", "", lambda one: percent(first_right(asked(one.degraded)))),
        row("clean: answered rightly", "90 %", lambda one: percent(share(asked(one.clean), "is_right"))),
        row("clean: rightly or offered", "96 %", lambda one: percent(share(asked(one.clean), "is_right_or_offered"))),
        row("degraded: answered rightly", "", lambda one: percent(share(asked(one.degraded), "is_right"))),
        row(
            "degraded: rightly or offered",
            "94 %",
            lambda one: percent(share(asked(one.degraded), "is_right_or_offered")),
        ),
        row(
            "wrong facts, neighbours with an intent",
            "2 %",
            lambda one: percent(share(of_energy(one), "states_a_wrong_fact")),
        ),
        row("wrong facts, out of scope", "1 %", lambda one: percent(share(out_of_scope(one), "states_a_wrong_fact"))),
        row(
            "wrong facts, neighbours without an intent",
            "10 %",
            lambda one: percent(share(one.neighbours, "states_a_wrong_fact")),
        ),
        row(
            "one message on one core, p50 / p95 ms",
            "p95 8",
            lambda one: f"{quantile(one.milliseconds, 50):.1f} / {quantile(one.milliseconds, 95):.1f}",
        ),
        row("memory of the process, MB", "", lambda one: f"{one.memory:.0f}"),
        row("model, MB", "30", lambda one: f"{one.size:.0f}"),
    ]
    errors = (1 - first_right(asked(ours.degraded))) / (1 - first_right(asked(theirs.degraded)))
    return "\n".join(
        [
            "",
            "| | aim | ours | stock |",
            "|---|---|---|---|",
            *rows,
            "",
            f"Errors on degraded text: {errors:.2f} of the stock pipeline's (aim 0.7).",
        ]
    )


def by_topic(ours: Understood) -> str:
    rows = []
    for intent in sorted(evaluation()):
        clean = [one for one in ours.clean if one.case.intent == intent]
        worse = [one for one in ours.degraded if one.case.intent == intent]
        rows.append(
            f"| {intent} | {len(training()[intent])} | {len(clean)} | {percent(share(clean, 'is_right'))} "
            f"| {percent(share(clean, 'is_right_or_offered'))} | {percent(share(worse, 'is_right'))} "
            f"| {percent(share(worse, 'is_right_or_offered'))} |"
        )
    head = "| intent | examples | sentences | right | or offered | degraded: right | or offered |"
    return "\n".join(["", "## By topic", "", head, "|---|---|---|---|---|---|---|", *rows])


def confusions(ours: Understood) -> str:
    pairs = Counter((one.case.intent, one.answered) for one in ours.clean if one.answered and not one.is_right)
    rows = [f"| {meant} | {answered} | {count} |" for (meant, answered), count in pairs.most_common(CONFUSIONS)]
    return "\n".join(["", "## Answered for something else", "", "| meant | answered | times |", "|---|---|---|", *rows])


def calibration(ours: Understood, theirs: Understood) -> str:
    rows = []
    for place in range(BINS):
        low, high = place / BINS, (place + 1) / BINS
        cells = []
        for one in (ours, theirs):
            inside = [r for r in asked(one.clean) if low <= r.confidence < high or (high == 1 and r.confidence >= 1)]
            cells.append(f"{len(inside)} | {percent(first_right(inside))}" if inside else "0 | –")
        rows.append(f"| {low:.1f} to {high:.1f} | {cells[0]} | {cells[1]} |")
    head = "| confidence | ours: sentences | right | stock: sentences | right |"
    return "\n".join(["", "## Calibration", "", head, "|---|---|---|---|---|", *rows])


def learning(points: list[tuple[int, float]]) -> str:
    rows = [f"| {count} | {percent(right)} |" for count, right in points]
    head = "| examples learned from | first choice right, clean, out of scope included |"
    return "\n".join(["", "## Learning curve", "", head, "|---|---|", *rows, ""])


def asked(results: list[Result]) -> list[Result]:
    """What is for us."""
    return [one for one in results if one.case.intent != OUT_OF_SCOPE]


def out_of_scope(one: Understood) -> list[Result]:
    return [found for found in one.clean if found.case.intent == OUT_OF_SCOPE]


def of_energy(one: Understood) -> list[Result]:
    return [found for found in one.clean if found.case.intent in energy()]


def first_right(results: list[Result]) -> float:
    return sum(one.first == one.case.intent for one in results) / len(results)


def share(results: list[Result], quality: str) -> float:
    return sum(getattr(one, quality) for one in results) / len(results)


def quantile(values: list[float], percentile: int) -> float:
    return statistics.quantiles(values, n=100)[percentile - 1]


def examples(sentences: Sentences) -> int:
    return sum(map(len, sentences.values()))


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


if __name__ == "__main__":
    main()
