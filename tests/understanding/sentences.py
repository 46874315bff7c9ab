"""The sentences that understanding is measured with, and those it learns from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from bot.folding import fold

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent

Sentences = dict[str, list[str]]
"""By intent, or by subject where there is no intent."""


def read(paths: Iterable[Path]) -> Sentences:
    """From Rasa's YAML."""
    found: Sentences = {}
    for path in paths:
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            lines = [line.removeprefix("- ") for line in block["examples"].strip().split("\n")]
            found.setdefault(block["intent"], []).extend(lines)
    return found


def training() -> Sentences:
    return read(sorted((ROOT / "bot" / "data").rglob("*.yml")))


def evaluation() -> Sentences:
    return read([HERE / "evaluation.yml"])


def blind() -> Sentences:
    return read([HERE / "blind.yml"])


def neighbours() -> Sentences:
    return read([HERE / "neighbours.yml"])


def key(sentence: str) -> str:
    """What is left without case, diacritics and punctuation: two sentences with one key are one sentence."""
    return " ".join(re.findall(r"\w+", fold(sentence))) or sentence
