"""Rasa's training data, and what is measured with: sentences in YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from backend.settings import ROOT

TRAINING = ROOT / "bot" / "data"

Sentences = dict[str, list[str]]
"""By intent."""


def files(folder: Path = TRAINING) -> list[Path]:
    return sorted(folder.rglob("*.yml"))


def documents(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        # The safe loader in C: the data are long.
        yield yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}


def sentences(paths: Iterable[Path]) -> Sentences:
    found: Sentences = {}
    for document in documents(paths):
        for block in document.get("nlu", []):
            lines = [line.removeprefix("- ") for line in block["examples"].strip().split("\n")]
            found.setdefault(block["intent"], []).extend(lines)
    return found
