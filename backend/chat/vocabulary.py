"""The words the assistant knows from its training data: none of them is taken for a login."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from backend.settings import ROOT
from bot.folding import words

_MORE = ["pesel", "nip", "login", "email", "mail", "adres", "haslo", "kod", "tak", "nie", "nic", "halo", "cos"]


@cache
def known_words(folder: Path = ROOT / "bot" / "data") -> frozenset[str]:
    found = set(_MORE)
    for path in sorted(folder.rglob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).get("nlu", []):
            found.update(words(block["examples"]))
    return frozenset(found)
