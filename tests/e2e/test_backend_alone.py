"""The backend without Rasa and the actions: it still takes messages in, and in the end it apologises."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography.fernet import Fernet

from tests.support.client import Customer
from tests.support.system import ROOT, SECONDS_TO_READY, free_ports

SHOP = "https://sklep.example"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A backend in the production profile whose Rasa is not there."""
    folder = tmp_path_factory.mktemp("alone")
    ports = free_ports(4)
    names = ("PORT", "INTERNAL_PORT", "ACTIONS_PORT", "RASA_PORT")
    settings = {
        "PROFILE": "production",
        "DATA_DIR": str(folder),
        "VAULT_KEYS": Fernet.generate_key().decode(),
        "HASH_KEY": "a" * 32,
        "INTERNAL_SECRET": "b" * 32,
        "CORS_ORIGINS": f'["{SHOP}"]',
        "TURN_PATIENCE": "3",
        "TURN_WAIT_NOTICE": "1",
        **{name: str(port) for name, port in zip(names, ports, strict=True)},
    }
    environment = os.environ | {f"MOJBOK_{name}": value for name, value in settings.items()}
    with Path(folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.app"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{ports[0]}"
    wait_until_alive(address)
    yield address
    process.terminate()
    assert process.wait(timeout=10) == 0


def wait_until_alive(address: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_READY
    while time.monotonic() < deadline:
        try:
            requests.get(f"{address}/livez", timeout=1)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the backend did not start")


def test_it_greets_takes_messages_says_that_it_takes_a_moment_and_apologises_with_the_contact(url: str) -> None:
    customer = Customer(url)
    assert "automatyczny asystent" in customer.open().text
    reply = customer.say("jak założyć konto?")
    assert [event["type"] for event in reply.events] == ["message", "message", "answered"]
    assert "To potrwa jeszcze chwilę" in reply.messages[0]["text"]
    assert "Przepraszamy" in reply.messages[1]["text"]
    assert "cok@" in reply.messages[1]["text"]


def test_health_says_which_parts_are_not_ready(url: str) -> None:
    answer = requests.get(f"{url}/healthz", timeout=10)
    assert answer.status_code == 503
    assert answer.json() == {"data": "ready", "model": "not ready", "actions": "not ready"}
    assert requests.get(f"{url}/livez", timeout=10).status_code == 200


def test_production_knows_no_development_calls(url: str) -> None:
    for method, path in (
        ("GET", "mailbox"),
        ("PUT", "clock"),
        ("POST", "reset"),
        ("GET", "stored"),
        ("GET", "effects"),
    ):
        assert requests.request(method, f"{url}/dev/{path}", json={}, timeout=5).status_code == 404


def test_listed_origins_may_use_the_chat_api_without_credentials(url: str) -> None:
    asked = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}
    preflight = requests.options(f"{url}/api/chat/conversations", headers=asked, timeout=5)
    assert preflight.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    opened = requests.post(f"{url}/api/chat/conversations", json={}, headers={"Origin": SHOP}, timeout=5)
    assert opened.status_code == 201
    assert opened.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in opened.headers


def test_other_origins_may_not(url: str) -> None:
    headers = {"Origin": "https://zly.example"}
    opened = requests.post(f"{url}/api/chat/conversations", json={}, headers=headers, timeout=5)
    assert "Access-Control-Allow-Origin" not in opened.headers
