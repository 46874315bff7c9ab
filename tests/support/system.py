"""A whole running system for tests: `mojbok run` with ports and a data folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.support import postgres
from tests.support.client import Customer, Reply, code_in
from tests.support.ports import free_ports
from tests.support.tables import every_row
from tests.support.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_READY = 120.0
ON_POSTGRES = os.environ.get("MOJBOK_TEST_SYSTEM") == "postgresql"
"""Whether whole systems run on PostgreSQL; on SQLite otherwise."""


@dataclass
class System:
    url: str
    internal_url: str
    data_dir: Path
    database_url: str
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    """What its settings are, for commands that speak of the same system."""

    def customer(self) -> Customer:
        """A customer who has just opened a conversation."""
        customer = Customer(self.url)
        customer.open()
        return customer

    def identified(self, email: str) -> Customer:
        customer = self.customer()
        customer.say("ile mam do zapłaty?")
        customer.say(email)
        customer.say(self.latest_code(email))
        return customer

    def browser(self) -> Visitor:
        """Somebody at the portal who is not signed in."""
        return Visitor(self.url)

    def signed_in(self, email: str) -> Visitor:
        visitor = Visitor(self.url)
        answer = visitor.http.post(f"{self.url}/dev/login", json={"email": email}, timeout=10)
        assert answer.status_code == 204, answer.text
        return visitor

    def mails(self, to: str | None = None) -> list[dict[str, Any]]:
        mails = requests.get(f"{self.url}/dev/mailbox", timeout=10).json()["mails"]
        return [mail for mail in mails if to in (None, mail["to"])]

    def latest_code(self, to: str) -> str:
        return code_in(self.mails(to)[-1])

    def set_clock(self, now: str | None) -> None:
        answer = requests.put(f"{self.url}/dev/clock", json={"now": now}, timeout=10)
        assert answer.status_code == 204, answer.text

    def reset(self) -> None:
        assert requests.post(f"{self.url}/dev/reset", timeout=30).status_code == 204

    def stored(self) -> str:
        return requests.get(f"{self.url}/dev/stored", timeout=30).text

    def health(self) -> requests.Response:
        return requests.get(f"{self.url}/healthz", timeout=10)

    def pids(self) -> dict[str, int]:
        pids: dict[str, int] = json.loads((self.data_dir / "pids.json").read_text())
        return pids

    def kill(self, name: str) -> None:
        os.kill(self.pids()[name], signal.SIGKILL)

    def wait_until_ready(self, seconds: float = SECONDS_TO_READY) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the system ended with {self.process.returncode}: {self.log()[-2000:]}")
            try:
                if self.health().status_code == 200:
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"not ready within {seconds:.0f} s: {self.log()[-2000:]}")

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        return every_row(self.database_url)

    def log(self) -> str:
        path = self.data_dir / "run.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=15)


def start(data_dir: Path, **settings: str) -> System:
    """Starts a system of its own; the caller stops it."""
    ports = free_ports(4)
    names = ("PORT", "INTERNAL_PORT", "ACTIONS_PORT", "RASA_PORT")
    sqlite = f"sqlite+aiosqlite:///{data_dir / 'mojbok.sqlite'}"
    database_url = settings.pop("database_url", "") or (postgres.new_database() if ON_POSTGRES else sqlite)
    environment = {
        "MOJBOK_PROFILE": "development",
        "MOJBOK_DATABASE_URL": database_url,
        "MOJBOK_DATA_DIR": str(data_dir),
        **{f"MOJBOK_{name}": str(port) for name, port in zip(names, ports, strict=True)},
        **{f"MOJBOK_{name.upper()}": value for name, value in settings.items()},
    }
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("mojbok")), "run"],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url, internal_url = (f"http://127.0.0.1:{port}" for port in ports[:2])
    system = System(url, internal_url, data_dir, database_url, process, environment)
    try:
        system.wait_until_ready()
    except BaseException:
        process.terminate()
        raise
    return system


__all__ = ["Customer", "Reply", "System", "Visitor", "code_in", "free_ports", "start"]
