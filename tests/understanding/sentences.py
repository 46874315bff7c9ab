"""The sentences that understanding is measured with, and those it learns from."""

from __future__ import annotations

from pathlib import Path

from backend.staff.teaching.examples import key
from backend.training_data import Sentences, files
from backend.training_data import sentences as read

HERE = Path(__file__).parent


def training() -> Sentences:
    return read(files())


def evaluation() -> Sentences:
    return read([HERE / "evaluation.yml", *sorted((HERE / "taught").glob("*.yml"))])


def blind() -> Sentences:
    return read([HERE / "blind.yml"])


def neighbours() -> Sentences:
    return read([HERE / "neighbours.yml"])


__all__ = ["Sentences", "blind", "evaluation", "key", "neighbours", "training"]
