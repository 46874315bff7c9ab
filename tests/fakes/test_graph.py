"""The stand-in of the Graph API: tokens, faults, and how its webhook calls come."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fakes.graph import GraphFake, MessengerPerson
from tests.fakes.receiver import HTTP, Receiver

ANNA = "6001"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def fake(receiver: Receiver) -> Iterator[GraphFake]:
    with GraphFake(patience=0.3, backoff=0.2) as fake:
        fake.subscribe(receiver.url)
        yield fake


@pytest.fixture
def anna(fake: GraphFake) -> MessengerPerson:
    return fake.messenger.user(ANNA, "Anna Kowalska")


def texts(receiver: Receiver, count: int) -> list[str]:
    return [body["entry"][0]["messaging"][0]["message"]["text"] for body in receiver.bodies(count)]


@pytest.mark.parametrize(
    ("path", "token", "status", "code"),
    [
        ("v25.0/me/messages", "EAAInny", 401, 190),
        ("v25.0/me/messages", "", 401, 190),
        ("v25.0/3000000001/messages", "EAAInny", 401, 190),
        ("v25.0/3000000001/messages", "EAAFakePage", 400, 2500),
        ("v25.0/me/messages", "EAAFakeWhatsApp", 400, 2500),
        ("v25.0/me/faxes", "EAAFakePage", 400, 2500),
    ],
)
def test_tokens_and_paths_are_checked(fake: GraphFake, path: str, token: str, status: int, code: int) -> None:
    answer = HTTP.post(f"{fake.url}/{path}", params={"access_token": token}, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("body", [b'{"recipient": ', b"[]"])
def test_bodies_are_json_objects(fake: GraphFake, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {fake.page_token}", "Content-Type": "application/json"}
    answer = HTTP.post(f"{fake.url}/v25.0/me/messages", headers=headers, content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)


def test_a_proof_of_the_secret_is_checked(fake: GraphFake) -> None:
    def read(proof: str) -> Any:
        query = {"access_token": fake.page_token, "appsecret_proof": proof}
        return HTTP.get(f"{fake.url}/v25.0/me", params=query).json()

    proof = hmac.new(fake.app_secret.encode(), fake.page_token.encode(), hashlib.sha256).hexdigest()
    assert read(proof)["id"] == fake.page_id
    assert read("0" * 64)["error"]["code"] == 100


def test_faults_come_on_demand(fake: GraphFake, anna: MessengerPerson) -> None:
    anna.say("Halo")

    def send() -> httpx.Response:
        body = {"recipient": {"id": ANNA}, "message": {"text": "Halo"}}
        return HTTP.post(f"{fake.url}/v25.0/me/messages", params={"access_token": fake.page_token}, json=body)

    for code in (4, 80007, 130429):
        fake.limit(code=code, path="/messages")
        limited = send()
        assert (limited.status_code, limited.json()["error"]["code"]) == (429, code)
    fake.fail(times=2, status=503)
    assert [send().status_code for _ in range(2)] == [503, 503]
    assert fake.sent == []
    fake.lose_answers()
    with pytest.raises(httpx.RemoteProtocolError):
        send()
    assert len(fake.sent) == 1
    assert send().status_code == 200


def test_the_handshake_is_checked(fake: GraphFake, receiver: Receiver) -> None:
    assert fake.verify(receiver.url, "potwierdzam")
    assert not fake.verify(receiver.url, "inny")
    assert receiver.sent[0].query["hub.mode"] == "subscribe"
    receiver.challenge = b"1"
    assert not fake.verify(receiver.url, "potwierdzam")


@pytest.mark.parametrize(
    ("url", "token", "taken"),
    [("{receiver}/meta", "potwierdzam", True), ("{receiver}/meta", "inny", False), ("http://bok.example", "", False)],
)
def test_a_subscription_needs_the_handshake(receiver: Receiver, url: str, token: str, taken: bool) -> None:
    with GraphFake() as fake:
        address = url.format(receiver=receiver.url)
        form = {"object": "page", "callback_url": address, "verify_token": token, "fields": "messages"}
        query = {"access_token": f"{fake.app_id}|{fake.app_secret}"}
        answer = HTTP.post(f"{fake.url}/v25.0/{fake.app_id}/subscriptions", params=query, data=form).json()
        assert (answer == {"success": True}) == taken
        assert fake.webhooks == ({"page": address} if taken else {})
        assert taken or answer["error"]["code"] == 2200


def test_calls_are_signed_over_their_raw_body(fake: GraphFake, receiver: Receiver, anna: MessengerPerson) -> None:
    anna.say("Żółć https://bok.example/a")
    call = receiver.expect(1)[0]
    expected = hmac.new(fake.app_secret.encode(), call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Hub-Signature-256"] == f"sha256={expected}"
    assert b"\\u017b\\u00f3" in call.body
    assert b"https:\\/\\/bok" in call.body
    assert json.loads(call.body)["entry"][0]["messaging"][0]["message"]["text"] == "Żółć https://bok.example/a"


def test_a_forged_call_can_be_sent(fake: GraphFake, receiver: Receiver, anna: MessengerPerson) -> None:
    with fake.held() as held:
        anna.say("Halo")
    fake.deliver(fake.messenger.envelope(*held), secret="obcy")
    call = receiver.expect(1)[0]
    assert call.headers["X-Hub-Signature-256"] == fake.sign(call.body, "obcy") != fake.sign(call.body)


def test_events_come_in_one_call_or_twice_or_in_a_wrong_order(
    fake: GraphFake, receiver: Receiver, anna: MessengerPerson
) -> None:
    with fake.held() as held:
        anna.say("Pierwsze")
        anna.say("Drugie")
    fake.messenger.deliver(*held)
    entries = receiver.bodies(1)[0]["entry"]
    assert [entry["messaging"][0] for entry in entries] == held
    for event in reversed(held):
        fake.messenger.deliver(event)
        fake.drain()
    fake.messenger.deliver(held[0], times=2, at_once=True)
    fake.drain()
    assert texts(receiver, 5)[1:] == ["Drugie", "Pierwsze", "Pierwsze", "Pierwsze"]


def test_what_is_not_taken_comes_again_after_the_next(
    fake: GraphFake, receiver: Receiver, anna: MessengerPerson
) -> None:
    receiver.statuses = [500]
    anna.say("Pierwsze")
    anna.say("Drugie")
    fake.drain()
    assert texts(receiver, 3) == ["Pierwsze", "Drugie", "Pierwsze"]
    assert [parcel.statuses for parcel in fake.parcels] == [[500, 200], [200]]


def test_what_is_answered_too_late_comes_again(fake: GraphFake, receiver: Receiver, anna: MessengerPerson) -> None:
    receiver.delay = 0.6
    anna.say("Halo")
    while not fake.parcels[0].statuses:
        time.sleep(0.02)
    receiver.delay = 0
    fake.drain()
    statuses = fake.parcels[0].statuses
    assert (statuses[0], statuses[-1]) == (None, 200)
    assert len(texts(receiver, 2)) == len(statuses)


def test_a_call_is_given_up_at_last(receiver: Receiver) -> None:
    with GraphFake(attempts=3, backoff=0.01) as fake:
        fake.subscribe(receiver.url)
        receiver.statuses = [403] * 5
        fake.messenger.user(ANNA, "Anna").say("Halo")
        fake.drain()
        assert [(parcel.statuses, parcel.given_up) for parcel in fake.parcels] == [([403] * 3, True)]
