"""`python -m bench.massive pl-PL.jsonl`: our classifier on a public set of Polish sentences, for others to compare.

MASSIVE (FitzGerald et al. 2022, CC BY 4.0) has 60 intents for a voice assistant; `data/pl-PL.jsonl` of its archive
holds a JSON object a line, with `partition` (train, dev, test), `intent` and `utt`. It learns from `train` and is
measured on `test`; `dev` stays unused.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from bench.understanding import degraded, run_in_bot
from tests.understanding.sentences import Sentences

FEW = 30


def main(path: Path) -> None:
    learned, test = partition(path, "train"), partition(path, "test")
    few = {intent: random.Random(1).sample(of, min(FEW, len(of))) for intent, of in learned.items()}
    print(f"{len(learned)} intents, {sum(map(len, test.values()))} test sentences\n")
    print("| examples | clean | no diacritics, one slip |\n|---|---|---|")
    lessons, tests = [few, learned], {"clean": test, "degraded": degraded(test)}
    rights = run_in_bot({"lessons": lessons, "tests": tests, "c": 1.0, "boundless": []})
    for lesson, right in zip(lessons, rights, strict=True):
        print(f"| {sum(map(len, lesson.values()))} | {100 * right['clean']:.1f} % | {100 * right['degraded']:.1f} % |")


def partition(path: Path, name: str) -> Sentences:
    """Its sentences by intent."""
    found: Sentences = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["partition"] == name:
            found.setdefault(row["intent"], []).append(row["utt"])
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the file: python -m bench.massive pl-PL.jsonl")
    main(Path(sys.argv[1]))
