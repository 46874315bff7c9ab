"""The sentences that the assistant learns from and is measured with, and how two of them are told to be the same."""

from __future__ import annotations

import hashlib
from functools import cache

from backend import training_data
from backend.settings import ROOT
from backend.staff.teaching.schemas import Known, Purpose
from backend.training_data import TRAINING
from bot.folding import words

MEASURED = ROOT / "tests" / "understanding"


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
        for intent, of_intent in training_data.sentences(training_data.files(folder)).items():
            found |= {key(sentence): Known(intent, purpose) for sentence in of_intent}
    return found
