"""`mojbok train --evaluate`: what a change in the data does to the figures, before it goes live."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import typer

from backend import training_data
from backend.chat.dialogue import FALLBACK
from backend.settings import ROOT
from backend.staff.teaching.examples import MEASURED
from backend.training import RASA, TrainingFailed, live_model, rasa_environment, train, train_beside

MOST_SHOWN = 30
"""Sentences; with more the table says enough."""


@dataclass(frozen=True)
class Outcome:
    """A sentence, the topic it is about, and what the live and the new model answer: None where they ask back."""

    text: str
    intent: str
    before: str | None
    after: str | None

    @property
    def was_right(self) -> bool:
        return self.before == self.intent

    @property
    def is_right(self) -> bool:
        return self.after == self.intent

    @property
    def was_wrong(self) -> bool:
        return self.before not in (None, self.intent)

    @property
    def is_wrong(self) -> bool:
        return self.after not in (None, self.intent)


def evaluate(*, accept: bool) -> None:
    """Trains a model beside the live one and prints how they differ; `accept` makes it live. Raises TrainingFailed."""
    live = live_model()
    new = train_beside(typer.echo)
    if live is None or live == new:
        train(typer.echo)
        typer.echo("It is live, and there is no other to compare it with.")
        return
    typer.echo(f"Comparing {live.name} (live) with {new.name} (new) …")
    sentences = measured()
    texts = [text for of_intent in sentences.values() for text in of_intent]
    pairs = zip(answers(live, texts), answers(new, texts), strict=True)
    intents = (intent for intent, of_intent in sentences.items() for _ in of_intent)
    typer.echo(report([Outcome(t, i, b, a) for t, i, (b, a) in zip(texts, intents, pairs, strict=True)]))
    if accept:
        train(typer.echo)
        typer.echo(f"{new.name} is live. A running system takes it at its next start.")
    else:
        typer.echo(f"{live.name} stays live. `mojbok train` makes the new one live.")


def measured() -> dict[str, list[str]]:
    """The sentences that nothing is learned from: the project's own and those taught at the office's console."""
    return training_data.sentences([MEASURED / "evaluation.yml", *sorted((MEASURED / "taught").glob("*.yml"))])


def answers(model: Path, texts: list[str]) -> list[str | None]:
    """The intent that a model answers to each text, None where it asks what was meant. Raises TrainingFailed."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        done = subprocess.run(
            [str(RASA.with_name("python")), "-m", "bench.parse", str(answer)],
            cwd=ROOT,
            env=rasa_environment() | {"PYTHONPATH": str(ROOT)},
            input=json.dumps({"model": str(model), "sentences": texts}).encode(),
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise TrainingFailed(f"{model.name} cannot be measured: {last}")
        parsed = json.loads(answer.read_text(encoding="utf-8"))["parsed"]
    return [None if one["intent"] == FALLBACK else str(one["intent"]) for one in parsed]


def report(outcomes: list[Outcome]) -> str:
    """A table of the topics whose figures changed, the totals, and what is newly wrong."""
    by_intent = {intent: [one for one in outcomes if one.intent == intent] for intent in {o.intent for o in outcomes}}
    changed = {intent: of for intent, of in sorted(by_intent.items()) if _figures(of)[0] != _figures(of)[1]}
    rows = [_row(intent, of) for intent, of in changed.items()]
    newly_wrong = [one for one in outcomes if one.is_wrong and not one.was_wrong]
    lost = [one for one in outcomes if one.was_right and not one.is_right and not one.is_wrong]
    lines = [f"{'topic':<24} {'sentences':>9}  {'right':<18} {'wrong':<18}", *rows, _row("all", outcomes)]
    if not rows:
        lines.append("No topic's figures changed.")
    for head, some in (("Newly wrong", newly_wrong), ("No longer answered", lost)):
        if some:
            lines += ["", f"{head}: {len(some)}", *map(_sentence, some[:MOST_SHOWN])]
    return "\n".join(lines)


def _figures(outcomes: Iterable[Outcome]) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many are right and wrong, before and after."""
    of = list(outcomes)
    before = (sum(one.was_right for one in of), sum(one.was_wrong for one in of))
    return before, (sum(one.is_right for one in of), sum(one.is_wrong for one in of))


def _row(name: str, outcomes: list[Outcome]) -> str:
    (right, wrong), (now_right, now_wrong) = _figures(outcomes)
    return f"{name:<24} {len(outcomes):>9}  {_change(right, now_right):<18} {_change(wrong, now_wrong):<18}".rstrip()


def _change(before: int, after: int) -> str:
    return f"{before} → {after} ({after - before:+d})" if after != before else str(after)


def _sentence(one: Outcome) -> str:
    return f"  {one.intent} → {one.after or 'asks back'} (was {one.before or 'asks back'}): {one.text}"
