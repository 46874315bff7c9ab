"""Lessons as Rasa's YAML. What is measured with is never learned: a sentence goes into one of the two files at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.staff.teaching import repository
from backend.staff.teaching.examples import key
from backend.staff.teaching.models import Lesson
from backend.staff.teaching.schemas import Known, Purpose
from backend.training_data import Sentences

_HEADS = {
    Purpose.TRAINING: "# Taught at the office's console: put it under bot/data/taught/.",
    Purpose.EVALUATION: "# For measuring, taught at the office's console: put it under tests/understanding/taught/.",
}


@dataclass(frozen=True)
class Export:
    """New sentences by intent, in alphabetical order; and what the data hold under another intent."""

    sentences: Sentences
    contradictions: list[tuple[Lesson, Known]]


async def collect(
    session: AsyncSession, purpose: Purpose, since: dt.datetime | None, known: dict[str, Known]
) -> Export:
    """Of decisions about one sentence the latest counts. `known` are the sentences of the data by key."""
    chosen = _latest(await repository.taught(session, purpose, since))
    if purpose is Purpose.TRAINING:
        measured = _latest(await repository.taught(session, Purpose.EVALUATION, None))
        chosen = {sentence: lesson for sentence, lesson in chosen.items() if sentence not in measured}
    new: Sentences = {}
    contradictions = []
    for sentence, lesson in chosen.items():
        there = known.get(sentence)
        if there is None:
            new.setdefault(str(lesson.intent), []).append(lesson.text)
        elif there.intent != lesson.intent:
            contradictions.append((lesson, there))
    return Export({intent: sorted(new[intent]) for intent in sorted(new)}, contradictions)


def as_yaml(export: Export, purpose: Purpose) -> str:
    """Block scalars in which every sign stands for itself; the sentences hold no line breaks (`queue.plain`)."""
    lines = [
        _HEADS[purpose],
        *(
            f"# Left out, taught as {lesson.intent} but {there.intent} in the data: {lesson.text}"
            for lesson, there in export.contradictions
        ),
    ]
    lines += ['version: "3.1"', "", "nlu:" if export.sentences else "nlu: []"]
    for intent, sentences in export.sentences.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {sentence}" for sentence in sentences)]
    return "\n".join(lines) + "\n"


def _latest(lessons: Iterable[Lesson]) -> dict[str, Lesson]:
    """By key; later ones replace earlier ones."""
    return {key(lesson.text): lesson for lesson in lessons}
