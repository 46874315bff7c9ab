"""The backend alone in the production profile, with made-up customers and a strict mail server; no Rasa."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from cryptography.fernet import Fernet

from tests.support.mail_server import Received, mail_server
from tests.support.ports import free_ports
from tests.support.system import ROOT
from tests.support.tables import every_row

PUBLIC = "https://bok.example"


@dataclass
class Production:
    """`url` is the port itself; to the browser the site is `PUBLIC`, behind a proxy that ends TLS."""

    url: str
    folder: Path
    database_url: str
    received: Received

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(f"{self.url}{path}", headers={"Accept": "text/html"} | headers, timeout=10)

    def post(self, path: str, form: dict[str, str], **headers: str) -> requests.Response:
        sent = {"Accept": "text/html", "Origin": PUBLIC} | {n.replace("_", "-"): v for n, v in headers.items()}
        return requests.post(f"{self.url}{path}", data=form, headers=sent, timeout=10, allow_redirects=False)

    def events(self) -> list[str]:
        """Kinds of the security events so far."""
        return [row[2] for row in every_row(self.database_url)["security_events"]]


@contextmanager
def production(folder: Path, **settings: str) -> Iterator[Production]:
    port, internal, smtp = free_ports(3)
    database_url = f"sqlite+aiosqlite:///{folder / 'mojbok.sqlite'}"
    environment = os.environ | {
        "MOJBOK_PROFILE": "production",
        "MOJBOK_DATA_DIR": str(folder),
        "MOJBOK_DATABASE_URL": database_url,
        "MOJBOK_VAULT_KEYS": Fernet.generate_key().decode(),
        "MOJBOK_HASH_KEY": "klucz testowy",
        "MOJBOK_INTERNAL_SECRET": "tajne",
        "MOJBOK_PUBLIC_URL": PUBLIC,
        "MOJBOK_PORT": str(port),
        "MOJBOK_INTERNAL_PORT": str(internal),
        "MOJBOK_SMTP_HOST": "127.0.0.1",
        "MOJBOK_SMTP_PORT": str(smtp),
        "MOJBOK_SMTP_SECURITY": "none",
        **{f"MOJBOK_{name.upper()}": value for name, value in settings.items()},
    }
    mojbok = str(Path(sys.executable).with_name("mojbok"))
    for command in (["demo", str(folder / "demo")], ["import", str(folder / "demo")]):
        subprocess.run([mojbok, *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.app"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        with mail_server(smtp) as received:
            _wait(url)
            yield Production(url, folder, database_url, received)
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if requests.get(f"{url}/livez", timeout=2).status_code == 200:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("the backend does not answer")
