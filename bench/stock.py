"""A stock Rasa server for comparison: what `rasa init` writes, trained on our `bot/data`, asked over its REST channel.

Its model is kept under `var/bench/` by a hash of the data, with the seconds that its training took.
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


def project() -> Path:
    """The stock project's folder, made and trained if need be. Training takes several minutes."""
    config = yaml.safe_load(DEFAULTS.read_text())
    config |= {"recipe": "default.v1", "assistant_id": "stock", "language": "pl"}
    texts = [yaml.safe_dump(config), yaml.safe_dump(_domain())]
    texts += [path.read_text() for path in sorted((ROOT / "bot" / "data").rglob("*.yml"))]
    folder = FOLDER / hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
    if not (folder / "model.tar.gz").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.yml").write_text(texts[0])
        (folder / "domain.yml").write_text(texts[1])
        (folder / "credentials.yml").write_text("rest:\n")
        (folder / "endpoints.yml").write_text("")
        _train(folder)
    return folder


def seconds_to_train(folder: Path) -> float:
    return float(json.loads((folder / "training.json").read_text())["seconds"])


def examples() -> int:
    """How many examples the present data hold."""
    files = [yaml.safe_load(path.read_text()) for path in (ROOT / "bot" / "data").rglob("*.yml")]
    return sum(len(block["examples"].strip().splitlines()) for file in files for block in file.get("nlu", []))


def start(folder: Path) -> tuple[subprocess.Popen[bytes], float]:
    """The running server and how many seconds it took to answer."""
    started = time.monotonic()
    command = [RASA, "run", "--model", "model.tar.gz", "--credentials", "credentials.yml", "--port", str(PORT)]
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


def _train(folder: Path) -> None:
    started = time.monotonic()
    command = [RASA, "train", "--config", "config.yml", "--domain", "domain.yml", "--data", str(ROOT / "bot" / "data")]
    command += ["--out", ".", "--fixed-model-name", "model.tar.gz"]
    with (folder / "training.log").open("w") as log:
        subprocess.run(command, cwd=folder, env=rasa_environment(), stdout=log, stderr=log, check=True)
    (folder / "training.json").write_text(json.dumps({"seconds": time.monotonic() - started}))
