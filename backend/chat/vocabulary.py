"""The words the assistant knows from its training data: none of them is taken for a login."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from backend import training_data
from backend.training_data import TRAINING
from bot.folding import words

_MORE = ["pesel", "nip", "login", "email", "mail", "adres", "haslo", "kod", "tak", "nie", "nic", "halo", "cos"]


@cache
def known_words(folder: Path = TRAINING) -> frozenset[str]:
    found = set(_MORE)
    for document in training_data.documents(training_data.files(folder)):
        for block in document.get("nlu", []):
            found.update(words(block["examples"]))
    return frozenset(found)
