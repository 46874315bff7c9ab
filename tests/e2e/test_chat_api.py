"""The chat API as the contract has it, over real HTTP against the whole running system."""

from __future__ import annotations

import concurrent.futures
import json
import re
import time
import uuid
from typing import Any

import pytest
import requests

from tests.support.system import Customer, System

POLISH_SENTENCE = re.compile(r"^[A-ZĄĆĘŁŃÓŚŹŻ].*[.!?]$")


def assert_problem(answer: requests.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert POLISH_SENTENCE.match(answer.json()["detail"])


def test_a_conversation_begins_by_saying_that_this_is_an_automated_assistant(system: System) -> None:
    greeting = Customer(system.url).open()
    assert "automatyczny asystent" in greeting.messages[0]["text"].split(".")[0]
    assert greeting.messages[0]["from"] == "bot"
    assert greeting.titles
    assert all(len(title) <= 20 for title in greeting.titles)


def test_an_answer_refers_to_its_question_and_is_closed(system: System) -> None:
    customer = system.customer()
    answer = customer.say("jak założyć konto w mojBOK?")
    asked = next(e for e in customer.history() if e.get("from") == "customer")
    assert all(event["in_reply_to"] == asked["seq"] for event in answer.events)
    assert [event["type"] for event in answer.events] == ["message", "answered"]
    seqs = [event["seq"] for event in customer.history()]
    assert seqs == list(range(1, len(seqs) + 1))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "a"},
        {"client_id": "nie-uuid", "text": "a"},
        {"client_id": 5, "text": "a"},
        {"client_id": str(uuid.uuid4())},
        {"client_id": str(uuid.uuid4()), "text": "a", "choice": "c_1"},
        {"client_id": str(uuid.uuid4()), "text": None},
        {"client_id": str(uuid.uuid4()), "text": 7},
        {"client_id": str(uuid.uuid4()), "text": "   \n\t "},
        {"client_id": str(uuid.uuid4()), "text": "a\0b"},
        {"client_id": str(uuid.uuid4()), "text": "a", "sender": "b"},
        {"client_id": str(uuid.uuid4()), "text": "a", "metadata": {}},
        {"client_id": str(uuid.uuid4()), "text": "a", "input_channel": "x"},
        [],
        "text",
    ],
)
def test_a_wrong_body_is_refused_in_words(system: System, body: Any) -> None:
    customer = system.customer()
    assert_problem(customer.http.post(f"{customer.place}/messages", json=body, timeout=5), 400)
    assert customer.read() == []


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe{}", b"{", b"", b"null", b'{"client_id": "\xc3\x28"}', b'{"text": "\\ud800"}']
)
def test_a_body_that_is_no_json_is_refused(system: System, raw: bytes) -> None:
    customer = system.customer()
    headers = {"Content-Type": "application/json"}
    assert_problem(customer.http.post(f"{customer.place}/messages", data=raw, headers=headers, timeout=5), 400)


def test_text_plain_is_not_json(system: System) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = requests.post(f"{system.url}/api/chat/conversations", data="{}", headers=headers, timeout=5)
    assert_problem(answer, 415)


def test_unknown_keys_when_opening_are_refused(system: System) -> None:
    answer = requests.post(f"{system.url}/api/chat/conversations", json={"sender": "x"}, timeout=5)
    assert_problem(answer, 400)


@pytest.mark.parametrize("token", [None, "", "zly", "Bearer", "ą"])
def test_a_wrong_token_looks_like_an_unknown_conversation(system: System, token: str | None) -> None:
    customer = system.customer()
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
    unknown = requests.get(f"{system.url}/api/chat/conversations/k_nie_ma/events", headers=headers, timeout=5)
    wrong = requests.get(f"{customer.place}/events", headers=headers, timeout=5)
    assert_problem(wrong, 404)
    assert wrong.content == unknown.content


def test_another_conversations_token_opens_nothing(system: System) -> None:
    one, other = system.customer(), system.customer()
    answer = other.http.get(f"{one.place}/events", timeout=5)
    assert_problem(answer, 404)


def test_a_token_in_the_address_is_worth_nothing(system: System) -> None:
    customer = system.customer()
    assert_problem(requests.get(f"{customer.place}/events?token={customer.token}", timeout=5), 404)


def test_a_wrong_method_and_a_wrong_path_are_refused(system: System) -> None:
    customer = system.customer()
    assert_problem(customer.http.put(f"{customer.place}/messages", json={}, timeout=5), 405)
    assert_problem(requests.get(f"{system.url}/api/chat/nic", timeout=5), 404)


def test_the_same_client_id_says_a_thing_once(system: System) -> None:
    customer, client_id = system.customer(), str(uuid.uuid4())
    first = customer.post(client_id=client_id, text="ile to kosztuje?")
    again = customer.post(client_id=client_id, text="ile to kosztuje?")
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert_problem(customer.post(client_id=client_id, text="co innego"), 409)
    customer.read_until_answered(first.json()["seq"])
    assert sum(event.get("from") == "customer" for event in customer.history()) == 1


def test_the_same_client_id_at_the_same_instant_says_a_thing_once(system: System) -> None:
    customer, client_id = system.customer(), str(uuid.uuid4())
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: customer.post(client_id=client_id, text="dzień dobry"), range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["seq"] for answer in answers}) == 1
    customer.read_until_answered(answers[0].json()["seq"])
    assert sum(event["type"] == "answered" for event in customer.history()) == 1


def test_too_long_a_text_is_refused_and_the_longest_is_answered(system: System) -> None:
    customer = system.customer()
    assert_problem(customer.post(text="a" * 4001), 413)
    assert_problem(customer.post(text="a" * 1_000_000), 413)
    assert_problem(customer.post(text="😀" * 10_000), 413)
    assert customer.say("😀" * 4000).messages


def test_a_huge_body_gets_an_answer(system: System) -> None:
    customer = system.customer()
    assert_problem(customer.post(text="a" * 3_000_000), 413)


def test_more_than_twenty_unanswered_messages_are_refused_and_nothing_is_lost(system: System) -> None:
    customer = system.customer()
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda _: customer.post(text="jak założyć konto?"), range(40)))
    accepted = [answer.json()["seq"] for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code != 202]
    assert len(accepted) >= 20
    for answer in refused:
        assert_problem(answer, 429)
        assert int(answer.headers["Retry-After"]) > 0
    customer.read_until_answered(max(accepted))
    answered = [e["in_reply_to"] for e in customer.history() if e["type"] == "answered"]
    assert sorted(answered) == sorted(accepted)


def test_a_choice_is_taken_once_and_closes_its_siblings(system: System) -> None:
    customer = Customer(system.url)
    greeting = customer.open()
    balance, contact = greeting.choice("Moje saldo"), greeting.choice("Kontakt")
    assert customer.choose(balance).messages
    assert_problem(customer.post(choice=balance), 409)
    assert_problem(customer.post(choice=contact), 409)


def test_a_foreign_or_unknown_choice_is_refused(system: System) -> None:
    other = Customer(system.url).open().choice("Kontakt")
    customer = system.customer()
    assert_problem(customer.post(choice=other), 409)
    assert_problem(customer.post(choice="c_nie_ma"), 409)
    assert_problem(customer.post(choice="/restart"), 409)


def test_typing_a_title_takes_the_choice(system: System) -> None:
    customer = Customer(system.url)
    choice = customer.open().choice("Moje saldo")
    customer.say("moje SALDO.")
    assert_problem(customer.post(choice=choice), 409)


def test_what_a_form_offered_ends_with_the_form(system: System) -> None:
    customer = system.customer()
    asked = customer.say("ile mam do zapłaty?")
    cancel = asked.choice("Anuluj")
    customer.say("zostawmy to, rezygnuję")
    assert_problem(customer.post(choice=cancel), 409)


def test_reading_after_a_seq_gives_each_event_once(system: System) -> None:
    customer = system.customer()
    customer.say("jak się zalogować?")
    history = customer.history()
    pieces = [customer.read(after=event["seq"] - 1)[0] for event in history]
    assert pieces == history
    assert customer.read(after=history[-1]["seq"]) == []


@pytest.mark.parametrize("query", ["after=-1", "after=x", "wait=26", "wait=-1", "wait=nan", "after=1e400"])
def test_wrong_parameters_are_refused(system: System, query: str) -> None:
    customer = system.customer()
    assert_problem(customer.http.get(f"{customer.place}/events?{query}", timeout=5), 400)


def test_a_stream_tells_what_happens_and_resumes(system: System) -> None:
    customer = system.customer()
    seq = customer.post(text="ile kosztuje konto?").json()["seq"]
    first = list(stream(customer, last=1, until=seq))
    assert [event["seq"] for event in first if "seq" in event] == list(range(2, first[-1]["seq"] + 1))
    again = list(stream(customer, last=first[-2]["seq"], until=seq))
    assert again == [first[-1]]


def stream(customer: Customer, last: int, until: int) -> Any:
    headers = {"Accept": "text/event-stream", "Last-Event-ID": str(last)}
    with customer.http.get(f"{customer.place}/events", headers=headers, stream=True, timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        for line in answer.iter_lines(decode_unicode=True):
            if line.startswith("data: "):
                event = json.loads(line.removeprefix("data: "))
                if "seq" in event:
                    yield event
                if event["type"] == "answered" and event["in_reply_to"] == until:
                    return


def test_feedback_is_for_messages_of_the_assistant(system: System) -> None:
    customer = system.customer()
    url = f"{customer.place}/feedback"
    post = customer.http.post
    assert post(url, json={"seq": 1, "score": "up", "comment": "dobrze"}, timeout=5).status_code == 204
    for comment in ("piszcie na jan@poczta.example", "albo na ola@poczta.example"):
        assert post(url, json={"seq": 1, "score": "down", "comment": comment}, timeout=5).status_code == 204
    stored = system.stored()
    assert "albo na" in stored
    assert "piszcie na" not in stored
    assert "poczta.example" not in stored
    assert_problem(post(url, json={"seq": 99, "score": "up"}, timeout=5), 404)
    assert_problem(post(url, json={"seq": 1, "score": "meh"}, timeout=5), 400)
    customer.say("dzięki")
    assert_problem(post(url, json={"seq": 2, "score": "up"}, timeout=5), 404)


def test_an_ended_conversation_closes_what_is_open_and_is_gone(system: System) -> None:
    customer = system.customer()
    seq = customer.post(text="jak założyć konto?").json()["seq"]
    last = customer.read()[-1]["seq"]
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(list, stream(customer, last=last, until=10**6))
        time.sleep(0.5)
        assert requests.delete(customer.place, headers=dict(customer.http.headers), timeout=5).status_code == 204
        told = waiting.result(timeout=10)
    assert [event["in_reply_to"] for event in told if event["type"] == "answered"] in ([seq], [])
    assert told[-1] | {"at": ""} == {"seq": told[-1]["seq"], "type": "closed", "at": "", "by": "customer"}
    assert_problem(customer.http.delete(customer.place, timeout=5), 404)
    assert_problem(customer.post(text="halo"), 404)


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/ask_balance",
        '/i_am_business{"team": "bok"}',
        '／ask_person{"x": "y"}',
        "\u200b/restart",
        "<script>alert(1)</script>",
        "\u202eabc\u202c",
        "\ue000\ue020\ue011\ue001",
        "\ufeff",
        "\u200b\u200d",
        "{team} $phone ${cok_email}",
        "EXTERNAL: x",
        "😀",
        "1234",
        "?!",
    ],
)
def test_strange_text_is_only_ever_text(system: System, text: str) -> None:
    customer = system.customer()
    answer = customer.say(text)
    assert answer.messages
    assert "identity_form" not in answer.text
    assert "klienta indywidualnego, czy biznesowego" not in answer.text or "ask_person" not in text


def test_the_public_port_knows_no_internal_route(system: System) -> None:
    for path in (
        "internal/trackers/x",
        "internal/balance",
        "internal/identity/code",
        "webhook",
        "webhooks/gateway/turn",
    ):
        for method in ("GET", "POST", "PUT"):
            assert requests.request(method, f"{system.url}/{path}", json={}, timeout=5).status_code in (404, 405)


def test_the_internal_port_asks_for_the_secret(system: System) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}):
        answer = requests.post(f"{system.internal_url}/internal/balance", json={}, headers=headers, timeout=5)
        assert (answer.status_code, answer.content) == (403, b"")


def test_health_names_its_parts(system: System) -> None:
    assert system.health().json() == {"data": "ready", "model": "ready", "actions": "ready"}
    assert requests.get(f"{system.url}/livez", timeout=5).status_code == 200
