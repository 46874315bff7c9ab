"""The sentences that the assistant learns from and is measured with, and how two of them are told to be the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from backend.settings import ROOT
from backend.staff.teaching.schemas import Known, Purpose
from bot.folding import words

TRAINING, MEASURED = ROOT / "bot" / "data", ROOT / "tests" / "understanding"

Sentences = dict[str, list[str]]
"""By intent."""


def read(paths: Iterable[Path]) -> Sentences:
    """From Rasa's YAML."""
    found: Sentences = {}
    for path in paths:
        # The safe loader in C: the training data are long.
        held = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}
        for block in held.get("nlu", []):
            lines = [line.removeprefix("- ") for line in block["examples"].strip().split("\n")]
            found.setdefault(block["intent"], []).extend(lines)
    return found


def key(sentence: str) -> str:
    """What is left without case, diacritics and punctuation: two sentences with one key are one sentence."""
    return " ".join(words(sentence)) or sentence


def digest(sentence: str) -> str:
    """Of its key, which may be too long for an index."""
    return hashlib.sha256(key(sentence).encode()).hexdigest()


@cache
def known() -> dict[str, Known]:
    """The sentences of this installation by their key, as they were when it was first asked for."""
    found: dict[str, Known] = {}
    for purpose, folder in ((Purpose.TRAINING, TRAINING), (Purpose.EVALUATION, MEASURED)):
        for intent, sentences in read(sorted(folder.rglob("*.yml"))).items():
            found |= {key(sentence): Known(intent, purpose) for sentence in sentences}
    return found
