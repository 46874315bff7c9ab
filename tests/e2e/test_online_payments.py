"""Paying online: begun in the portal, paid at the provider's, told of by notifications as real ones come."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
import requests

from backend.clock import Clock
from backend.payments.sandbox import SIGNATURE, Sandbox
from backend.payments.schemas import Notice, State
from backend.secrecy import Hasher
from tests.support.system import System, Visitor

KAZIMIERZ, HELENA = "kazimierz.jez@poczta.example", "helena.mroz@poczta.example"
LEFT = 31209


@dataclass
class Begun:
    """A payment of Kazimierz's overdue invoice that has been begun, and the provider's hand on it."""

    system: System
    visitor: Visitor
    document: str
    payment_id: str

    @property
    def status(self) -> str:
        return self.visitor.get(f"/faktury/platnosc?id={self.payment_id}").text

    def document_page(self) -> str:
        return self.visitor.get(f"/faktury/dokument?numer={self.document}").text

    def notice(self, state: State, amount: int = LEFT, payment_id: str | None = None) -> requests.Response:
        notice = Notice(payment_id or self.payment_id, state, amount, "S-1")
        body, headers = sandbox(self.system).notification(notice)
        return self.send(body, headers)

    def send(self, body: bytes, headers: dict[str, str]) -> requests.Response:
        return requests.post(f"{self.system.url}/webhooks/payments/sandbox", data=body, headers=headers, timeout=10)


def sandbox(system: System) -> Sandbox:
    secrets = json.loads((system.data_dir / "secrets.json").read_text())
    return Sandbox(system.url, Hasher(secrets["hash_key"]).digest("payment sandbox"), Clock())


@pytest.fixture
def begun(system: System) -> Begun:
    visitor = system.signed_in(KAZIMIERZ)
    listed = visitor.get("/faktury?niezaplacone=tak").text
    numbers = [unescape(number) for number in re.findall(r"dokument\?numer=([^\"]+)", listed)]
    document = next(number for number in numbers if "312,09" in visitor.get(f"/faktury/dokument?numer={number}").text)
    answer = visitor.post(f"/faktury/zaplac?numer={document}", allow_redirects=False)
    assert answer.status_code == 303
    return Begun(system, visitor, document, answer.headers["Location"].partition("id=")[2])


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, "it did not happen within 10 s"
        time.sleep(0.1)


def at_the_bank(begun: Begun, choice: str) -> None:
    address = unescape(re.findall(r'class="button" href="([^"]+)"', begun.status)[0])
    assert "312,09\xa0zł" in requests.get(address, timeout=10).text
    answer = requests.post(address, data={"wybor": choice}, timeout=10, allow_redirects=False)
    assert answer.headers["Location"].endswith(begun.payment_id)


def test_paid_though_notifications_are_repeated_and_out_of_order(begun: Begun) -> None:
    at_the_bank(begun, "zaplac")
    until(lambda: "płatność jest przyjęta" in begun.status)
    time.sleep(1.5)  # the late "pending" and the repetitions are in by now
    assert "płatność jest przyjęta" in begun.status
    page = begun.document_page()
    assert "Płatność online na 312,09\xa0zł jest w drodze" in page
    assert "Zapłać online" not in page


def test_a_refused_payment_can_be_tried_again(begun: Begun) -> None:
    at_the_bank(begun, "odrzuc")
    until(lambda: "Płatność się nie powiodła" in begun.status)
    assert "Zapłać online" in begun.document_page()
    again = begun.visitor.post(f"/faktury/zaplac?numer={begun.document}", allow_redirects=False)
    assert begun.payment_id not in again.headers["Location"]


def test_the_same_notification_three_times_is_one_payment(begun: Begun) -> None:
    assert [begun.notice("paid").status_code for _ in range(3)] == [204] * 3
    assert "w drodze" in begun.document_page()
    assert begun.document_page().count("312,09\xa0zł jest w drodze") == 1


@pytest.mark.parametrize("late", ["pending", "failed", "started"])
def test_what_comes_late_takes_nothing_back(begun: Begun, late: State) -> None:
    begun.notice("paid")
    assert begun.notice(late).status_code == 204
    assert "płatność jest przyjęta" in begun.status


def test_begun_twice_it_is_one_payment(begun: Begun) -> None:
    again = begun.visitor.post(f"/faktury/zaplac?numer={begun.document}", allow_redirects=False)
    assert again.headers["Location"].endswith(begun.payment_id)


def test_what_is_on_its_way_is_not_begun_again(begun: Begun) -> None:
    begun.notice("pending")
    answer = begun.visitor.post(f"/faktury/zaplac?numer={begun.document}", allow_redirects=False)
    assert answer.headers["Location"].startswith("/faktury/dokument")


def test_forged_stale_strange_or_wrong_it_is_refused_and_recorded(begun: Begun) -> None:
    body, headers = sandbox(begun.system).notification(Notice(begun.payment_id, "paid", LEFT, "S-1"))
    moment, signature = headers[SIGNATURE].split(",")
    assert begun.send(body, {}).status_code == 401
    assert begun.send(body.replace(b"paid", b"PAID"), headers).status_code == 401
    assert begun.send(body, {SIGNATURE: f"{int(moment) - 1},{signature}"}).status_code == 401
    begun.system.set_clock("2030-01-01T10:00:00+01:00")
    assert begun.send(body, headers).status_code == 401
    begun.system.set_clock(None)
    assert begun.notice("paid", payment_id="p_unknown").status_code == 404
    assert begun.notice("paid", amount=1).status_code == 409
    recorded = [row for row in begun.system.stored().splitlines() if "payment_notice_refused" in row]
    assert [json.loads(row.partition(" ")[2])["detail"] for row in recorded] == [
        "forged", "forged", "forged", "stale", "unknown", "amount",
    ]  # fmt: skip
    assert "w drodze" not in begun.system.signed_in(KAZIMIERZ).get(f"/faktury/dokument?numer={begun.document}").text


def test_an_order_cannot_be_altered(begun: Begun) -> None:
    address = unescape(re.findall(r'class="button" href="([^"]+)"', begun.status)[0])
    assert requests.get(address[:-1] + ("0" if address[-1] != "0" else "1"), timeout=10).status_code == 404


def test_another_customers_payment_and_document_are_not_there(begun: Begun) -> None:
    helena = begun.system.signed_in(HELENA)
    assert helena.get(f"/faktury/platnosc?id={begun.payment_id}").status_code == 404
    assert helena.post(f"/faktury/zaplac?numer={begun.document}").status_code == 404


def test_the_assistant_tells_the_way_and_what_is_on_its_way(begun: Begun) -> None:
    customer = begun.system.identified(KAZIMIERZ)
    which = customer.say("chcę zapłacić")
    number = next(i for i, line in enumerate(which.text.split("\n")) if "312,09" in line)
    paying = customer.say(str(number))
    assert "„Zapłać online”" in paying.text
    assert "Te same dane są na dokumencie" in paying.text
    begun.notice("paid")
    customer.say("chcę zapłacić")
    assert "Płatność online na 312,09\xa0zł jest już w drodze" in customer.say(str(number)).text
