"""Taking over while processes are away: what waited is the person's, and the conversation outlives a restart."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.e2e.test_office_live import give_back, news, take, write
from tests.support.office import at_work
from tests.support.system import System, start


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    system = start(tmp_path_factory.mktemp("takeover"))
    yield system
    system.stop()


def test_what_waited_is_answered_by_the_person_alone_and_a_restart_keeps_all(own: System) -> None:
    anna = at_work(own, "anna.trwa", "agent", team="cok")
    customer = own.customer()
    customer.say("dzień dobry")
    own.kill("rasa")
    seqs = [customer.post(text=text).json()["seq"] for text in ("ile mam do zapłaty?", "halo?")]
    assert take(anna, customer).status_code == 303
    own.kill("backend")
    time.sleep(0.5)
    own.wait_until_ready()
    late = customer.post(text="jest tam kto?").json()["seq"]
    assert write(anna, customer, "Jestem, już sprawdzam.").status_code == 303
    events = news(customer, 5)
    assert [e["in_reply_to"] for e in events if e["type"] == "answered"] == [*seqs, late]
    said = [e["text"] for e in events if e.get("from") in ("bot", "staff") and "potrwa" not in e["text"]]
    assert [text.partition(" ")[0] for text in said] == ["Rozmawia", "Jestem,"]
    assert give_back(anna, customer).status_code == 303
    news(customer)
    assert "Zarejestruj się" in customer.say("jak założyć konto?").text
