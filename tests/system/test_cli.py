"""The command line where something is missing or cut short."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backend.training import TrainingFailed, train
from tests.system.test_run import ROOT, alive, mojbok, one_sentence, wait_for

SLOW_RASA = """#!/bin/sh
for argument; do name=$argument; done
echo $$ > "$0.pid"
printf 'half a model' > "$(dirname "$0")/$name"
exec sleep 600
"""
TRAIN = """
import sys
from pathlib import Path
from backend import training
training.MODELS = Path(sys.argv[1])
training.RASA = training.MODELS / "rasa"
training.train(print)
"""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_training_cut_short_leaves_no_process_and_no_model_that_counts(tmp_path: Path, end: signal.Signals) -> None:
    rasa, trainer = tmp_path / "rasa", tmp_path / "rasa.pid"
    rasa.write_text(SLOW_RASA)
    rasa.chmod(0o755)
    training = subprocess.Popen([sys.executable, "-c", TRAIN, str(tmp_path)], cwd=ROOT, stdout=subprocess.DEVNULL)
    wait_for((tmp_path / "unfinished.tar.gz").exists)
    training.send_signal(end)
    training.wait(timeout=5)
    wait_for(lambda: not alive(int(trainer.read_text())), 5)
    assert not list(tmp_path.glob("mojbok-*"))


def test_training_without_rasas_environment_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.training.MODELS", tmp_path)
    monkeypatch.setattr("backend.training.RASA", tmp_path / "rasa")
    with pytest.raises(TrainingFailed, match=r"make bot/\.venv"):
        train(print)


def test_a_folder_that_cannot_be_written_is_one_sentence() -> None:
    assert "/proc/demo" in one_sentence(mojbok("demo", "/proc/demo", "--customers", "10"))


def test_a_database_that_cannot_be_opened_is_named_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "mojbok.sqlite").mkdir()
    done = mojbok("log", MOJBOK_PROFILE="development", MOJBOK_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "MOJBOK_DATABASE_URL" in done.stderr.splitlines()[0]


def test_made_up_data_speak_for_now_wherever_the_machine_stands(tmp_path: Path) -> None:
    assert mojbok("demo", str(tmp_path), "--customers", "10", TZ="Asia/Tokyo").returncode == 0
    as_of = dt.datetime.fromisoformat((tmp_path / "as_of.txt").read_text().strip())
    assert abs(dt.datetime.now(dt.UTC) - as_of) < dt.timedelta(minutes=5)
