"""The models: trained anew only when what they are made of has changed; one of them is live."""

from __future__ import annotations

import fcntl
import hashlib
import json
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
SUFFIX = ".tar.gz"
DECISION = "live.json"
KEPT = 5
"""So many models stay to go back to, and the live one."""

Say = Callable[[str], None]

_STAGES = (
    ("PolishClassifier", "learning to tell intents apart"),
    ("RulePolicy", "learning the rules"),
)


class TrainingFailed(Exception):
    """The message says what to do, or ends with the last lines of the training's log."""


class NoSuchModel(Exception):
    """Nothing was rolled back; the message says why."""


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
    return MODELS / f"mojbok-{digest.hexdigest()[:12]}{SUFFIX}"


def train(say: Say) -> Path:
    """An up-to-date model, trained if need be, which is the live one from now on. Raises TrainingFailed."""
    with _one_at_a_time():
        path = _present(say)
        _decide(path, path)
        return path


def train_beside(say: Say) -> Path:
    """An up-to-date model, trained if need be; what is live stays live, also for data as they are now.

    Raises TrainingFailed.
    """
    with _one_at_a_time():
        if live := live_model():
            _decide(live, model_path())  # before the training, so that a start of the system needs not wait for it
        return _present(say)


def model_to_run(say: Say) -> Path:
    """The live model; a new one, trained and made live, where the data have changed since that was decided.

    Raises TrainingFailed.
    """
    path, live, decided = model_path(), live_model(), _decision()
    if live and live != path and decided and decided["data"] == path.name:
        say(f"{live.name} is live; `mojbok train` makes the one of the present data live.")
        return live
    return train(say)


def roll_back(name: str | None) -> Path:
    """Makes an earlier model live, the one trained before the live one where no `name` is given. Raises NoSuchModel."""
    with _one_at_a_time():
        kept, live = models(), live_model()
        wanted = [path for path in kept if name in (path.name, path.name.removesuffix(SUFFIX))]
        if name is None and live in kept:
            wanted = kept[kept.index(live) + 1 :]
        if not wanted:
            raise NoSuchModel(f"There is no model {name}: see mojbok models." if name else "There is no earlier model.")
        _decide(wanted[0], model_path())
        return wanted[0]


def models() -> list[Path]:
    """All that are kept, the latest trained first."""
    return sorted(MODELS.glob(f"mojbok-*{SUFFIX}"), key=lambda model: model.stat().st_mtime, reverse=True)


def live_model() -> Path | None:
    """What was decided to be live; before any decision the one of the present data, or else the latest."""
    decided = _decision()
    if decided and (path := MODELS / decided["model"]).exists():
        return path
    return model_path() if model_path().exists() else next(iter(models()), None)


def _present(say: Say) -> Path:
    path = model_path()
    if path.exists():
        say(f"The model is up to date ({path.name}).")
        return path
    live = live_model()
    _train(path, say)
    for old in models()[KEPT:]:
        if old != live:
            old.unlink()
    return path


def _decision() -> dict[str, str] | None:
    """Which model is live, and the model of the data for which that was decided."""
    try:
        return dict(json.loads((MODELS / DECISION).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _decide(model: Path, data: Path) -> None:
    unfinished = MODELS / f".{DECISION}"
    unfinished.write_text(json.dumps({"model": model.name, "data": data.name}), encoding="utf-8")
    unfinished.replace(MODELS / DECISION)


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
