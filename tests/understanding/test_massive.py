"""The comparison on a public set reads the format in which that set is published."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ALARM = ["obudź mnie o piątej", "ustaw budzik na szóstą", "obudź mnie jutro rano", "budzik na siódmą", "ustaw budzik"]
MUSIC = ["puść muzykę", "włącz piosenkę", "zagraj coś wesołego", "puść mi jazz", "włącz muzykę do tańca"]
WEATHER = ["jaka jest pogoda", "czy będzie padać", "czy jutro będzie ciepło", "pogoda na jutro", "jaka będzie pogoda"]


def test_it_learns_from_one_part_and_tells_how_many_of_the_other_are_right(tmp_path: Path) -> None:
    rows = [
        {"partition": "train", "intent": intent, "utt": sentence, "locale": "pl-PL"}
        for intent, sentences in (("alarm_set", ALARM), ("play_music", MUSIC), ("weather_query", WEATHER))
        for sentence in sentences
    ]
    rows += [{"partition": "test", "intent": "alarm_set", "utt": "obudź mnie o ósmej"}]
    rows += [{"partition": "test", "intent": "alarm_set", "utt": "puść muzykę"}]
    file = tmp_path / "pl-PL.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "bench.massive", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "3 intents, 2 test sentences" in done.stdout
    assert done.stdout.count("| 15 | 50.0 % | 50.0 % |") == 2
