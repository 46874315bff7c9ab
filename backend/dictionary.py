"""Makes the dictionary that search uses, from the one in Rasa's environment: once, for it takes most of a minute."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator

from backend.settings import ROOT
from backend.staff.conversations.lemmas import place, write
from backend.training import RASA, TrainingFailed

Say = Callable[[str], None]


def make_dictionary(say: Say) -> None:
    """Makes it unless it is there. Raises TrainingFailed."""
    path = place()
    if path.exists():
        return
    if not RASA.exists():
        raise TrainingFailed("Rasa's environment is not there: run `make bot/.venv/.ready`.")
    say("Making the dictionary for the search: about a minute …")
    unfinished = path.with_suffix(f".{os.getpid()}")
    process = subprocess.Popen(
        [str(RASA.with_name("python")), "-m", "bot.dictionary"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with process:
        write(unfinished, _pairs(process))
    if process.returncode != 0:
        unfinished.unlink()
        raise TrainingFailed("The dictionary could not be made: run `bot/.venv/bin/python -m bot.dictionary`.")
    for old in path.parent.glob("dictionary-*.marisa"):
        old.unlink()
    unfinished.replace(path)


def _pairs(process: subprocess.Popen[str]) -> Iterator[tuple[str, str]]:
    for line in process.stdout or ():
        form, _, lemma = line.rstrip("\n").partition("\t")
        yield form, lemma
