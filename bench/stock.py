"""Stock Rasa for comparison: what `rasa init` writes, trained on our `bot/data`.

Its models are kept under `var/bench/` by a hash of what they learned, with the seconds that this took.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import yaml

from backend.settings import ROOT
from backend.training import RASA, rasa_environment

FOLDER = ROOT / "var" / "bench"
DEFAULTS = ROOT / "bot/.venv/lib/python3.10/site-packages/rasa/engine/recipes/config_files/default_config.yml"
PORT = 5905
MODEL = "model.tar.gz"


def project() -> Path:
    """The folder of a stock assistant, made and trained if need be, which takes an hour."""
    data = sorted((ROOT / "bot" / "data").rglob("*.yml"))
    files = {
        "config.yml": config(),
        "domain.yml": yaml.safe_dump(_domain()),
        "credentials.yml": "rest:\n",
        "endpoints.yml": "",
    }
    learned = ["--domain", "domain.yml", "--data", str(ROOT / "bot" / "data")]
    return _trained(files, ["train", *learned], [path.read_text() for path in data])


def understanding_of(pipeline: str, code: list[Path], sentences: dict[str, list[str]]) -> Path:
    """The model that a configuration's pipeline makes of sentences by intent; `code` are the files of its components."""
    blocks = [
        {"intent": intent, "examples": "".join(f"- {sentence}\n" for sentence in of_intent)}
        for intent, of_intent in sentences.items()
    ]
    nlu = yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True)
    files = {"config.yml": pipeline, "nlu.yml": nlu}
    return _trained(files, ["train", "nlu", "--nlu", "nlu.yml"], [path.read_text() for path in code]) / MODEL


def seconds_to_train(folder: Path) -> float:
    return float(json.loads((folder / "training.json").read_text())["seconds"])


def examples() -> int:
    """How many examples the present data hold."""
    files = [yaml.safe_load(path.read_text()) for path in (ROOT / "bot" / "data").rglob("*.yml")]
    return sum(len(block["examples"].strip().splitlines()) for file in files for block in file.get("nlu", []))


def start(folder: Path) -> tuple[subprocess.Popen[bytes], float]:
    """The running server and how many seconds it took to answer."""
    started = time.monotonic()
    command = [RASA, "run", "--model", MODEL, "--credentials", "credentials.yml", "--port", str(PORT)]
    command += ["--endpoints", "endpoints.yml", "--interface", "127.0.0.1"]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=rasa_environment(), stdout=log, stderr=log)
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{PORT}/", trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return process, time.monotonic() - started


def _domain() -> dict[str, Any]:
    """Our domain with the intents listed, as a stock importer wants them."""
    domain = dict(yaml.safe_load((ROOT / "domain.yml").read_text()))
    intents = set()
    for path in (ROOT / "bot" / "data").rglob("*.yml"):
        intents |= {block["intent"] for block in yaml.safe_load(path.read_text()).get("nlu", [])}
    return domain | {"intents": sorted(intents)}


def config() -> str:
    """What `rasa init` writes."""
    written = yaml.safe_load(DEFAULTS.read_text())
    return yaml.safe_dump(written | {"recipe": "default.v1", "assistant_id": "stock", "language": "pl"})


def _trained(files: dict[str, str], command: list[str], beside: list[str]) -> Path:
    """The folder with the model, made of `files` and of what `beside` holds."""
    folder = FOLDER / hashlib.sha256("\0".join([*files.values(), *beside]).encode()).hexdigest()[:12]
    if (folder / MODEL).exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    started = time.monotonic()
    whole = [RASA, *command, "--config", "config.yml", "--out", ".", "--fixed-model-name", MODEL]
    with (folder / "training.log").open("w") as log:
        environment = rasa_environment() | {"PYTHONPATH": str(ROOT)}
        subprocess.run(whole, cwd=folder, env=environment, stdout=log, stderr=log, check=True)
    (folder / "training.json").write_text(json.dumps({"seconds": time.monotonic() - started}))
    return folder
