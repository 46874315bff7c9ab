"""What only the production profile does: limits by network address, HSTS, no development calls, letters by SMTP."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import requests

from tests.support.production import Production, production

HELENA = "helena.mroz@poczta.example"


def wait_for_letters(live: Production, count: int) -> None:
    deadline = time.monotonic() + 20
    while len(live.received.letters) < count and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(live.received.letters) == count


def statuses(live: Production, times: int, **headers: str) -> list[int]:
    form = {"login": "kjez", "haslo": "nie to"}
    return [live.post("/logowanie", form, **headers).status_code for _ in range(times)]


def test_v13_4_5_the_development_calls_are_not_there(live: Production) -> None:
    for path in ("/dev/mailbox", "/dev/effects", "/dev/stored", "/dev/bank", "/docs"):
        assert live.get(path).status_code == 404
    notified = requests.post(f"{live.url}/webhooks/payments/sandbox", data=b"{}", timeout=5)
    assert notified.status_code == 404


def test_v3_4_1_browsers_are_told_to_use_https(live: Production) -> None:
    header = live.get("/logowanie").headers["strict-transport-security"]
    assert int(header.split(";")[0].removeprefix("max-age=")) >= 31_536_000
    assert "includeSubDomains" in header


def test_a_letter_goes_out_by_smtp_and_leads_back_to_the_public_address(live: Production) -> None:
    before = len(live.received.letters)
    assert live.post("/nie-pamietam-loginu", {"email": HELENA}).status_code == 303
    wait_for_letters(live, before + 1)
    letter = live.received.letters[-1]
    assert letter["To"] == HELENA
    body = letter.get_body(("plain",))
    assert body is not None
    assert "https://bok.example/logowanie" in body.get_content()


def test_a_dead_mail_server_changes_nothing_that_a_page_says(tmp_path: Path) -> None:
    with production(tmp_path, smtp_port="9") as live:
        known = live.post("/nie-pamietam-loginu", {"email": HELENA})
        unknown = live.post("/nie-pamietam-loginu", {"email": "nikt@poczta.example"})
        assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
        assert live.get("/livez").status_code == 200


def test_v6_3_1_and_4_1_3_one_address_may_try_so_often_and_a_forged_header_does_not_help(tmp_path: Path) -> None:
    with production(tmp_path) as live:
        found = [
            live.post(
                "/logowanie", {"login": f"k{number}", "haslo": "x"}, X_Forwarded_For=f"10.0.0.{number}"
            ).status_code
            for number in range(31)
        ]
        assert found == [403] * 30 + [429]
        answer = live.post(
            "/logowanie", {"login": "kjez", "haslo": "x"}, Forwarded="for=10.9.9.9", X_Real_IP="10.9.9.9"
        )
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0
        assert "Spróbuj ponownie" in answer.text
        assert "limited" in live.events()


def test_v4_1_3_behind_a_proxy_of_ours_the_last_address_counts(tmp_path: Path) -> None:
    with production(tmp_path, proxies="1") as live:
        assert statuses(live, 31, X_Forwarded_For="1.1.1.1, 9.9.9.9")[-1] == 429
        assert statuses(live, 1, X_Forwarded_For="2.2.2.2, 9.9.9.9") == [429]
        assert statuses(live, 1, X_Forwarded_For="9.9.9.9, 8.8.8.8") == [403]


@pytest.mark.parametrize("forwarded", ["", ", ,", "x" * 7000, "9.9.9.9,"])
def test_an_odd_forwarding_header_is_an_ordinary_request(live: Production, forwarded: str) -> None:
    assert live.get("/logowanie", **{"X-Forwarded-For": forwarded}).status_code == 200


def test_v16_3_1_security_events_are_recorded_without_values(system_events: list[str], live: Production) -> None:
    assert {"sign_in_failed", "login_reminded", "reset_asked", "registration_asked"} <= set(system_events)


@pytest.fixture
def system_events(live: Production) -> list[str]:
    live.post("/logowanie", {"login": "kjez", "haslo": "nie to"})
    live.post("/nie-pamietam-loginu", {"email": "nikt@poczta.example"})
    live.post("/nie-pamietam-hasla", {"login": "nikt"})
    live.post("/rejestracja", {"numer": "1", "klient": "K1", "email": "a@b.example", "regulamin": "tak"})
    return live.events()
