"""The stand-in of Telegram: what it takes and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fakes.receiver import HTTP
from tests.fakes.telegram import Person, TelegramFake
from tests.support.pictures import PDF, picture

ANNA = 5_001


@pytest.fixture
def fake() -> Iterator[TelegramFake]:
    with TelegramFake() as fake:
        yield fake


@pytest.fixture
def anna(fake: TelegramFake) -> Person:
    anna = fake.user(ANNA, "Anna Kowalska")
    anna.start()
    return anna


def call(fake: TelegramFake, method: str, **body: Any) -> Any:
    return HTTP.post(f"{fake.url}/bot{fake.token}/{method}", json=body).json()


def said(fake: TelegramFake, **body: Any) -> Any:
    return call(fake, "sendMessage", **{"chat_id": ANNA, "text": "Dzień dobry"} | body)


def keyboard(text: Any = "Faktury", **rest: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, **rest}]]}


def test_a_message_with_buttons_is_taken(fake: TelegramFake, anna: Person) -> None:
    answer = said(fake, reply_markup=keyboard(callback_data="ą" * 32))
    assert answer["ok"]
    assert answer["result"]["chat"]["id"] == ANNA
    sent = fake.expect(1)[0]
    assert (sent.method, sent.chat_id, sent.text) == ("sendMessage", ANNA, "Dzień dobry")
    assert [button["text"] for button in sent.buttons] == ["Faktury"]
    assert sent.message_id == answer["result"]["message_id"]


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"chat_id": None}, "chat_id is empty"),
        ({"chat_id": 404}, "chat not found"),
        ({"chat_id": 404, "text": "a" * 4097}, "chat not found"),
        ({"text": "<div>Saldo</div>", "parse_mode": "HTML"}, "can't parse entities: Unsupported start tag"),
        ({"text": "<b>Saldo", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        ({"text": "2 < 3", "parse_mode": "HTML"}, "can't parse entities"),
        ({"reply_markup": keyboard(callback_data="a" * 65)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": keyboard(callback_data="ą" * 33)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": keyboard("", callback_data="a")}, "inline keyboard button text must be non-empty"),
        ({"reply_markup": keyboard(None, callback_data="a")}, "can't parse inline keyboard button: Can't find field"),
        ({"reply_markup": keyboard()}, "can't parse inline keyboard button: Text buttons are unallowed"),
        ({"reply_markup": keyboard(url="http://localhost/a")}, "inline keyboard button URL"),
        ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"reply_parameters": {"message_id": 9}}, "message to be replied not found"),
    ],
)
def test_messages_are_refused(fake: TelegramFake, anna: Person, body: dict[str, Any], description: str) -> None:
    answer = said(fake, **body)
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert answer["description"].startswith(f"Bad Request: {description}")
    assert fake.sent == []


def test_a_text_of_the_longest_length_is_taken(fake: TelegramFake, anna: Person) -> None:
    assert said(fake, text="<b>" + "ż" * 4096 + "</b>", parse_mode="HTML")["ok"]


@pytest.mark.parametrize(
    ("path", "body", "status", "description"),
    [
        ("/bot1:zły/getMe", b"{}", 401, "Unauthorized"),
        ("/file/bot1:zły/photos/file_1.jpg", b"{}", 401, "Unauthorized"),
        ("/bot{token}/sendFax", b"{}", 404, "Not Found: method not found"),
        ("/getMe", b"{}", 404, "Not Found"),
        ("/bot{token}/sendMessage", b'{"text": "a', 400, "Bad Request: can't parse parameter value: invalid JSON"),
        ("/bot{token}/sendMessage", b"[]", 400, "Bad Request: JSON object expected"),
        ("/bot{token}/sendMessage", b'{"text": "\\ud83d"}', 400, "Bad Request: strings must be encoded in UTF-8"),
        ("/bot{token}/getFile", b'{"file_id": "x"}', 400, "Bad Request: invalid file_id"),
        ("/bot{token}/sendChatAction", b'{"chat_id": 5001}', 400, "Bad Request: wrong parameter action in request"),
        (
            "/bot{token}/answerCallbackQuery",
            b'{"callback_query_id": "1"}',
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ),
    ],
)
def test_calls_are_refused(fake: TelegramFake, path: str, body: bytes, status: int, description: str) -> None:
    url = fake.url + path.format(token=fake.token)
    answer = HTTP.post(url, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.json() == {"ok": False, "error_code": status, "description": description}


def test_who_never_wrote_and_who_blocked_are_not_written_to(fake: TelegramFake) -> None:
    anna = fake.user(ANNA, "Anna Kowalska")
    assert said(fake)["description"] == "Bad Request: chat not found"
    anna.say_in_group("Czy ktoś ma fakturę?")
    assert said(fake)["description"] == "Forbidden: bot can't initiate conversation with a user"
    anna.start()
    assert said(fake)["ok"]
    anna.block()
    for method, more in (("sendMessage", {"text": "Halo"}), ("sendChatAction", {"action": "typing"})):
        answer = call(fake, method, chat_id=ANNA, **more)
        assert (answer["error_code"], answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    anna.unblock()
    assert said(fake)["ok"]


def test_a_query_is_answered_once_and_in_time(fake: TelegramFake, anna: Person) -> None:
    said(fake, reply_markup=keyboard(callback_data="faktury"))
    first = anna.press("Faktury")["callback_query"]["id"]
    assert call(fake, "answerCallbackQuery", callback_query_id=first)["ok"]
    assert not call(fake, "answerCallbackQuery", callback_query_id=first)["ok"]
    second = anna.press("Faktury")["callback_query"]["id"]
    long = call(fake, "answerCallbackQuery", callback_query_id=second, text="a" * 201)
    assert long["description"] == "Bad Request: MESSAGE_TOO_LONG"
    fake.query_lifetime = 0
    late = anna.press("Faktury")["callback_query"]["id"]
    assert "too old" in call(fake, "answerCallbackQuery", callback_query_id=late)["description"]


def test_a_keyboard_is_taken_away_once(fake: TelegramFake, anna: Person) -> None:
    message_id = said(fake, reply_markup=keyboard(callback_data="faktury"))["result"]["message_id"]
    assert call(fake, "editMessageReplyMarkup", chat_id=ANNA, message_id=message_id)["ok"]
    again = call(fake, "editMessageReplyMarkup", chat_id=ANNA, message_id=message_id)
    assert "message is not modified" in again["description"]
    gone = call(fake, "editMessageReplyMarkup", chat_id=ANNA, message_id=9999)
    assert gone["description"] == "Bad Request: message to edit not found"
    with pytest.raises(AssertionError, match="there is no button"):
        anna.press("Faktury")


@pytest.mark.parametrize(
    ("photo", "caption", "description"),
    [
        (None, "", "there is no photo in the request"),
        (b"", "", "file must be non-empty"),
        (PDF, "", "IMAGE_PROCESS_FAILED"),
        (picture()[:50], "", "IMAGE_PROCESS_FAILED"),
        (picture(width=210, height=10), "", "PHOTO_INVALID_DIMENSIONS"),
        (picture(), "a" * 1025, "message caption is too long"),
    ],
    ids=["none", "empty", "pdf", "torn", "long", "caption"],
)
def test_photos_are_refused(
    fake: TelegramFake, anna: Person, photo: bytes | None, caption: str, description: str
) -> None:
    files = None if photo is None else {"photo": ("kod.png", photo, "image/png")}
    url = f"{fake.url}/bot{fake.token}/sendPhoto"
    answer = HTTP.post(url, data={"chat_id": str(ANNA), "caption": caption}, files=files).json()
    assert answer["description"] == f"Bad Request: {description}"


def test_a_photo_is_taken_and_fetched_again(fake: TelegramFake, anna: Person) -> None:
    url = f"{fake.url}/bot{fake.token}/sendPhoto"
    form = {
        "chat_id": str(ANNA),
        "caption": "Kod do płatności",
        "reply_markup": json.dumps(keyboard(callback_data="a")),
    }
    answer = HTTP.post(url, data=form, files={"photo": ("kod.png", picture(), "image/png")}).json()
    sent = fake.expect(1)[0]
    assert (sent.files["photo"].content, sent.text) == (picture(), "Kod do płatności")
    assert len(sent.buttons) == 1
    file = call(fake, "getFile", file_id=answer["result"]["photo"][-1]["file_id"])["result"]
    assert HTTP.get(f"{fake.url}/file/bot{fake.token}/{file['file_path']}").content == picture()
    assert HTTP.get(f"{fake.url}/file/bot{fake.token}/photos/file_99.png").status_code == 404


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ({"url": "http://bok.example/t"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://bok.example:8080/t"}, "bad webhook: Webhook can be set up only on ports"),
        ({"url": "https://bok.example/t", "secret_token": "klucz!"}, "secret token contains unallowed characters"),
        ({"url": "https://bok.example/t", "secret_token": "a" * 257}, "secret token is too long"),
        ({"url": "https://bok.example/t", "max_connections": 101}, "max_connections must be between 1 and 100"),
    ],
)
def test_webhooks_are_refused(fake: TelegramFake, body: dict[str, Any], description: str) -> None:
    assert call(fake, "setWebhook", **body)["description"].startswith(f"Bad Request: {description}")
    assert call(fake, "getWebhookInfo")["result"]["url"] == ""


def test_a_webhook_on_loopback_is_taken_where_it_is_let(fake: TelegramFake) -> None:
    address = {"url": "http://127.0.0.1:1/t", "secret_token": "abc_-1"}
    assert call(fake, "setWebhook", **address)["ok"]
    assert call(fake, "getWebhookInfo")["result"]["url"] == "http://127.0.0.1:1/t"
    assert call(fake, "deleteWebhook")["ok"]
    assert call(fake, "getWebhookInfo")["result"]["url"] == ""
    with TelegramFake(loopback=False) as strict:
        assert not call(strict, "setWebhook", **address)["ok"]


def test_faults_come_on_demand(fake: TelegramFake, anna: Person) -> None:
    url = f"{fake.url}/bot{fake.token}/sendMessage"
    message = {"chat_id": ANNA, "text": "Halo"}
    fake.limit(times=2, retry_after=3, method="sendMessage")
    for _ in range(2):
        limited = HTTP.post(url, json=message)
        assert limited.status_code == 429
        assert limited.json()["parameters"] == {"retry_after": 3}
        assert limited.json()["description"] == "Too Many Requests: retry after 3"
    fake.fail()
    assert HTTP.post(url, json=message).status_code == 502
    assert fake.sent == []
    fake.lose_answers()
    with pytest.raises(httpx.RemoteProtocolError):
        HTTP.post(url, json=message)
    assert len(fake.sent) == 1
    assert HTTP.post(url, json=message).json()["ok"]


def test_a_second_message_within_a_second_is_too_much_where_that_counts(anna: Person) -> None:
    with TelegramFake(strict_rate=True) as fake:
        fake.user(ANNA, "Anna").start()
        assert said(fake)["ok"]
        assert said(fake)["error_code"] == 429


def test_get_me_and_commands(fake: TelegramFake) -> None:
    assert HTTP.get(f"{fake.url}/bot{fake.token}/getme").json()["result"]["is_bot"]
    assert call(fake, "setMyCommands", commands=[{"command": "start", "description": "Początek"}])["ok"]
    assert fake.commands == [{"command": "start", "description": "Początek"}]
