"""The model: trained anew only when what it is made of has changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.settings import ROOT
from backend.supervisor import die_with_parent

MODELS = ROOT / "bot" / "models"
RASA = ROOT / "bot" / ".venv" / "bin" / "rasa"
UNFINISHED = "unfinished.tar.gz"
KEPT = 3

Say = Callable[[str], None]

_STAGES = (
    ("PolishClassifier", "learning to tell intents apart"),
    ("RulePolicy", "learning the rules"),
)


class TrainingFailed(Exception):
    """The message says what to do, or ends with the last lines of the training's log."""


def rasa_environment() -> dict[str, str]:
    """What Rasa's own processes need to be quiet and to stay on the CPU."""
    quiet = {
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONWARNINGS": "ignore",
    }
    return os.environ | quiet


def model_path() -> Path:
    """Where the model of the present data is, or will be."""
    digest = hashlib.sha256()
    parts = [
        ROOT / "config.yml",
        ROOT / "domain.yml",
        ROOT / "bot" / "requirements.lock",
        *sorted((ROOT / "bot").glob("*.py")),
    ]
    for folder, pattern in (("data", "*.yml"), ("components", "*.py")):
        parts += sorted((ROOT / "bot" / folder).rglob(pattern))
    for path in parts:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return MODELS / f"mojbok-{digest.hexdigest()[:12]}.tar.gz"


def train(say: Say) -> Path:
    """The path of an up-to-date model, trained if need be. Raises TrainingFailed."""
    with _one_at_a_time():
        path = model_path()
        if path.exists():
            say(f"The model is up to date ({path.name}).")
            return path
        _train(path, say)
        for old in sorted(MODELS.glob("mojbok-*.tar.gz"), key=lambda model: model.stat().st_mtime)[:-KEPT]:
            old.unlink()
        return path


def _train(path: Path, say: Say) -> None:
    if not RASA.exists():
        raise TrainingFailed("Rasa's environment is not there: run `make bot/.venv/.ready`.")
    log, unfinished = MODELS / "training.log", MODELS / UNFINISHED
    unfinished.unlink(missing_ok=True)
    # `rasa data validate` is a check of its own, and takes as long as half of the training.
    command = [str(RASA), "train", "--skip-validation", "--data", "bot/data", "--out", str(MODELS)]
    command += ["--fixed-model-name", UNFINISHED]
    started = time.monotonic()
    say("Training the model: about two minutes …")
    stage = ""
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=rasa_environment(),
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one call into a library that is loaded already
        )
        while process.poll() is None:
            time.sleep(0.5)
            present = _stage(log)
            if present != stage:
                stage = present
                say(f"  {time.monotonic() - started:3.0f} s  {stage}")
    if process.returncode != 0 or not unfinished.exists():
        raise TrainingFailed("Training failed:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:]))
    unfinished.replace(path)  # Rasa writes in place: only a whole model may carry the name that counts as up to date
    say(f"  {time.monotonic() - started:3.0f} s  done: {path.name}")


def _stage(log: Path) -> str:
    text = log.read_text(errors="replace")
    begun = [words for component, words in _STAGES if "Starting to train" in text and f"{component}'" in text]
    return begun[-1] if begun else "loading Rasa"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (MODELS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
