"""The stand-in of Telegram: the updates it sends, and that it sends them again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fakes.receiver import HTTP, Receiver
from tests.fakes.telegram import Person, TelegramFake
from tests.support.pictures import PDF, picture

ANNA = 5_001


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def fake(receiver: Receiver) -> Iterator[TelegramFake]:
    with TelegramFake(patience=0.3) as fake:
        fake.point(f"{receiver.url}/webhooks/telegram", "tajny_znak")
        yield fake


@pytest.fixture
def anna(fake: TelegramFake) -> Person:
    return fake.user(ANNA, "Anna Kowalska")


def buttons(fake: TelegramFake) -> None:
    markup = {"inline_keyboard": [[{"text": "Faktury", "callback_data": "faktury"}]]}
    message = {"chat_id": ANNA, "text": "W czym pomóc?", "reply_markup": markup}
    assert HTTP.post(f"{fake.url}/bot{fake.token}/sendMessage", json=message).json()["ok"]


DEEDS: list[tuple[Callable[[Person], Any], str, Callable[[Any], Any], Any]] = [
    (lambda anna: anna.say("Ile mam zapłacić?"), "message", lambda told: told["text"], "Ile mam zapłacić?"),
    (lambda anna: anna.start("faktury"), "message", lambda told: told["entities"][0]["type"], "bot_command"),
    (lambda anna: anna.press("Faktury"), "callback_query", lambda told: told["data"], "faktury"),
    (lambda anna: anna.edit("Ile?"), "edited_message", lambda told: told["text"], "Ile?"),
    (lambda anna: anna.react("👍"), "message_reaction", lambda told: told["new_reaction"][0]["emoji"], "👍"),
    (lambda anna: anna.send_photo(picture()), "message", lambda told: told["photo"][-1]["width"], 8),
    (
        lambda anna: anna.send_document(PDF, "umowa.pdf", "application/pdf"),
        "message",
        lambda told: told["document"]["file_name"],
        "umowa.pdf",
    ),
    (lambda anna: anna.send(sticker={"file_id": "a", "emoji": "🙂"}), "message", lambda told: "sticker" in told, True),
    (lambda anna: anna.block(), "my_chat_member", lambda told: told["new_chat_member"]["status"], "kicked"),
    (lambda anna: anna.unblock(), "my_chat_member", lambda told: told["new_chat_member"]["status"], "member"),
    (lambda anna: anna.say_in_group("Halo"), "message", lambda told: told["chat"]["type"], "supergroup"),
    (lambda anna: anna.channel_post("Awaria"), "channel_post", lambda told: told["chat"]["type"], "channel"),
]


@pytest.mark.parametrize(("deed", "kind", "part", "value"), DEEDS)
def test_each_deed_is_sent_with_the_secret(
    fake: TelegramFake, receiver: Receiver, anna: Person, deed: Any, kind: str, part: Any, value: Any
) -> None:
    anna.say("Dzień dobry")
    buttons(fake)
    update = deed(anna)
    fake.drain()
    bodies = receiver.bodies(2)
    assert update in bodies
    assert part(update[kind]) == value
    assert bodies[0]["message"]["from"] == {
        "id": ANNA,
        "is_bot": False,
        "first_name": "Anna",
        "last_name": "Kowalska",
        "language_code": "pl",
    }
    assert {call.headers["X-Telegram-Bot-Api-Secret-Token"] for call in receiver.sent} == {"tajny_znak"}
    assert {call.headers["Content-Type"] for call in receiver.sent} == {"application/json"}


def test_updates_of_a_chat_come_in_order_and_are_numbered(fake: TelegramFake, receiver: Receiver, anna: Person) -> None:
    texts = [f"Pytanie {number}" for number in range(5)]
    for text in texts:
        anna.say(text)
    fake.drain()
    bodies = receiver.bodies(5)
    assert [body["message"]["text"] for body in bodies] == texts
    numbers = [body["update_id"] for body in bodies]
    assert numbers == sorted(set(numbers))


def test_what_is_not_taken_comes_again_before_the_next(fake: TelegramFake, receiver: Receiver, anna: Person) -> None:
    receiver.statuses = [500, 302]
    anna.say("Pierwsze")
    anna.say("Drugie")
    fake.drain()
    texts = [body["message"]["text"] for body in receiver.bodies(4)]
    assert texts == ["Pierwsze", "Pierwsze", "Pierwsze", "Drugie"]
    assert fake.courier.parcels[0].statuses == [500, 302, 200]


def test_what_is_answered_too_late_comes_again(fake: TelegramFake, receiver: Receiver, anna: Person) -> None:
    receiver.delay = 0.6
    anna.say("Halo")
    parcel = fake.courier.parcels[0]
    while not parcel.statuses:
        time.sleep(0.02)
    receiver.delay = 0
    fake.drain()
    assert (parcel.statuses[0], parcel.statuses[-1]) == (None, 200)
    assert len(receiver.bodies(2)) == len(parcel.statuses)


def test_another_chat_is_not_held_up(fake: TelegramFake, receiver: Receiver, anna: Person) -> None:
    fake.courier.backoff = 0.5
    receiver.statuses = [500]
    anna.say("Pierwsze")
    receiver.expect(1)
    fake.user(5_002, "Jan Nowak").say("Drugie")
    texts = [body["message"]["text"] for body in receiver.bodies(3)]
    assert texts == ["Pierwsze", "Drugie", "Pierwsze"]


def test_duplicates_and_a_wrong_order(fake: TelegramFake, receiver: Receiver, anna: Person) -> None:
    with fake.held() as held:
        anna.say("Pierwsze")
        anna.say("Drugie")
    assert receiver.sent == []
    fake.deliver_all(reversed(held))
    fake.deliver(held[0], times=2, at_once=True)
    fake.drain()
    texts = [body["message"]["text"] for body in receiver.bodies(4)]
    assert texts == ["Drugie", "Pierwsze", "Pierwsze", "Pierwsze"]


def test_kinds_that_nobody_asked_for_are_not_sent(fake: TelegramFake, receiver: Receiver, anna: Person) -> None:
    def ask_for(**more: Any) -> None:
        url = f"{fake.url}/bot{fake.token}/setWebhook"
        assert HTTP.post(url, json={"url": f"{receiver.url}/t"} | more).json()["ok"]

    anna.say("Halo")
    fake.drain()
    ask_for()
    anna.react("👍")
    ask_for(allowed_updates=["callback_query"])
    anna.say("Nikt tego nie czyta")
    ask_for(allowed_updates=["message_reaction"])
    anna.react("🙏")
    fake.drain()
    assert [call.headers["X-Telegram-Bot-Api-Secret-Token"] for call in receiver.sent] == ["tajny_znak", None]
    assert receiver.bodies(2)[1]["message_reaction"]["new_reaction"][0]["emoji"] == "🙏"


def test_updates_wait_for_a_webhook_or_are_dropped(receiver: Receiver) -> None:
    with TelegramFake() as fake:
        anna = fake.user(ANNA, "Anna")
        url = f"{fake.url}/bot{fake.token}"
        anna.say("Porzucone")
        assert HTTP.post(f"{url}/getWebhookInfo").json()["result"]["pending_update_count"] == 1
        HTTP.post(f"{url}/deleteWebhook", json={"drop_pending_updates": True})
        anna.say("Czeka")
        HTTP.post(f"{url}/setWebhook", json={"url": f"{receiver.url}/t"})
        fake.drain()
    assert [body["message"]["text"] for body in receiver.bodies(1)] == ["Czeka"]


def test_an_error_of_the_webhook_is_told(fake: TelegramFake, receiver: Receiver, anna: Person) -> None:
    fake.courier.backoff = 1
    receiver.statuses = [403]
    anna.say("Halo")
    receiver.expect(1)
    while not fake.courier.parcels[0].statuses:
        time.sleep(0.02)
    info = HTTP.post(f"{fake.url}/bot{fake.token}/getWebhookInfo").json()["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 403"
    assert info["pending_update_count"] == 1
