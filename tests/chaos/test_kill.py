"""Every process is killed in the middle of turns: each accepted message is answered, and nothing is done twice."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
import requests

from tests.support.client import Customer
from tests.support.system import System, start

EMAIL = "helena.mroz@poczta.example"
CUSTOMERS = 6


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    system = start(tmp_path_factory.mktemp("chaos"), turn_patience="100", codes_per_quarter_hour="100")
    yield system
    system.stop()


@pytest.mark.parametrize("name", ["backend", "actions", "rasa"])
def test_killing_a_process_loses_nothing_and_does_nothing_twice(own: System, name: str) -> None:
    own.reset()
    customers = [own.customer() for _ in range(CUSTOMERS)]
    for customer in customers:
        customer.say("ile mam do zapłaty?")
    accepted: list[tuple[Customer, int]] = []
    sender = threading.Thread(target=say_in_turn, args=(customers, accepted))
    sender.start()
    while len(accepted) < CUSTOMERS // 2:
        time.sleep(0.001)
    own.kill(name)
    sender.join()
    own.wait_until_ready()
    for customer, seq in accepted:
        customer.read_until_answered(seq, patience=110)
    for customer in customers:
        closed = Counter(e["in_reply_to"] for e in customer.history() if e["type"] == "answered")
        said = [e["seq"] for e in customer.history() if e.get("from") == "customer"]
        assert closed == Counter(said)
        texts = [event["text"] for event in customer.history() if "text" in event]
        assert sum("6-cyfrowym kodem" in text for text in texts) == 1, texts
    assert len(own.mails(EMAIL)) == CUSTOMERS
    assert f"{name} ended with status" in own.log()


def say_in_turn(customers: list[Customer], accepted: list[tuple[Customer, int]]) -> None:
    """Each gives the address and asks a question; what is not acknowledged is said again with the same id."""
    for index, customer in enumerate(customers):
        for number, text in enumerate((EMAIL, "jak założyć konto?")):
            client_id = f"00000000-0000-4000-8000-{index:06d}{number:06d}"
            accepted.append((customer, say_until_accepted(customer, client_id, text)))


def say_until_accepted(customer: Customer, client_id: str, text: str) -> int:
    for _ in range(300):
        try:
            answer = customer.post(client_id=client_id, text=text)
            if answer.status_code == 202:
                return int(answer.json()["seq"])
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise AssertionError("the message was not accepted within 30 s")


def test_while_rasa_is_away_the_customer_reads_that_it_takes_a_moment(own: System) -> None:
    own.reset()
    customer = own.customer()
    own.kill("rasa")
    reply = customer.say("jak się zalogować?")
    assert "Zaloguj się" in reply.text
    if len(reply.messages) > 1:
        assert "To potrwa jeszcze chwilę" in reply.messages[0]["text"]
    own.wait_until_ready()


def test_a_conversation_opens_and_messages_are_taken_while_rasa_is_away(own: System) -> None:
    own.kill("rasa")
    time.sleep(0.2)
    customer = own.customer()
    assert own.health().status_code == 503
    assert requests.get(f"{own.url}/livez", timeout=5).status_code == 200
    seq = customer.post(text="ile kosztuje konto?").json()["seq"]
    own.wait_until_ready()
    customer.read_until_answered(seq)


@pytest.mark.parametrize("name", ["backend", "actions"])
def test_a_ticket_in_the_middle_is_neither_lost_nor_sent_twice(own: System, name: str) -> None:
    own.reset()
    customer = own.identified(EMAIL)
    customer.say("chcę złożyć reklamację")
    customer.say("licznik pokazuje mniej niż faktura")
    seq = customer.post(text="byłam przy odczycie").json()["seq"]
    own.kill(name)
    own.wait_until_ready()
    customer.read_until_answered(seq, patience=110)
    customer.say("gotowe")
    customer.say("Żadnego z nich")
    seq = customer.post(text="tak").json()["seq"]
    own.kill(name)
    own.wait_until_ready()
    answer = customer.read_until_answered(seq, patience=110)
    (ticket,) = requests.get(f"{own.url}/dev/effects", timeout=10).json()["tickets"]
    assert ticket["text"] == "licznik pokazuje mniej niż faktura\nbyłam przy odczycie"
    assert f"Numer zgłoszenia: {ticket['ticket_no']}" in answer.text
