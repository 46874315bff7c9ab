"""The stand-in of Messenger: what it takes, what it refuses, and the events it sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fakes.graph import DAY, HOUR, GraphFake, MessengerPerson
from tests.fakes.receiver import HTTP, Receiver
from tests.support.pictures import PDF, picture

ANNA = "6001"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def fake(receiver: Receiver) -> Iterator[GraphFake]:
    with GraphFake() as fake:
        yield fake


@pytest.fixture
def anna(fake: GraphFake) -> MessengerPerson:
    anna = fake.messenger.user(ANNA, "Anna Kowalska")
    anna.say("Dzień dobry")
    return anna


def call(fake: GraphFake, path: str, **body: Any) -> Any:
    return HTTP.post(f"{fake.url}/v25.0/{path}", params={"access_token": fake.page_token}, json=body).json()


def said(fake: GraphFake, to: str = ANNA, **message: Any) -> Any:
    return call(fake, "me/messages", recipient={"id": to}, messaging_type="RESPONSE", message=message)


def replies(count: int = 1, **changes: Any) -> dict[str, Any]:
    reply = {"content_type": "text", "title": "Faktury", "payload": "faktury"} | changes
    return {"text": "Co dalej?", "quick_replies": [reply] * count}


def template(count: int = 1, text: str = "Co dalej?", **changes: Any) -> dict[str, Any]:
    button = {"type": "postback", "title": "Faktury", "payload": "faktury"} | changes
    payload = {"template_type": "button", "text": text, "buttons": [button] * count}
    return {"attachment": {"type": "template", "payload": payload}}


@pytest.mark.parametrize(
    ("message", "kind", "text"),
    [
        ({"text": "ż" * 2000}, "text", "ż" * 2000),
        (replies(13, title="a" * 20, payload="b" * 1000), "quick_replies", "Co dalej?"),
        (template(3, text="a" * 640), "buttons", "a" * 640),
        (template(type="web_url", url="https://bok.example", payload=None), "buttons", "Co dalej?"),
    ],
)
def test_messages_are_taken(
    fake: GraphFake, anna: MessengerPerson, message: dict[str, Any], kind: str, text: str
) -> None:
    for button in message.get("attachment", {}).get("payload", {}).get("buttons", []):
        if button["payload"] is None:
            del button["payload"]
    answer = said(fake, **message)
    sent = fake.expect(1)[0]
    assert answer == {"recipient_id": ANNA, "message_id": sent.id}
    assert (sent.product, sent.kind, sent.to, sent.text) == ("messenger", kind, ANNA, text)
    assert len(sent.buttons) == {"text": 0, "quick_replies": 13}.get(kind, len(sent.buttons))


@pytest.mark.parametrize(
    ("message", "said_"),
    [
        ({"text": "a" * 2001}, "(#100) Length of param message[text] must be less than or equal to 2000"),
        ({"text": " "}, "(#100) Param message[text] cannot be empty."),
        ({}, "(#100) Message must have either text or an attachment."),
        ({"text": "a", "colour": "red"}, '(#100) Invalid keys "colour" were found in param "message".'),
        (replies(14), "(#100) Param message[quick_replies] must have at most 13 elements."),
        (replies(title="a" * 21), "(#100) Length of param message[quick_replies][0][title]"),
        (replies(title=""), "(#100) The parameter message[quick_replies][0][title] is required."),
        (replies(payload="a" * 1001), "(#100) Length of param message[quick_replies][0][payload]"),
        (replies(colour="red"), '(#100) Invalid keys "colour" were found'),
        (template(4), "(#100) Param message[attachment][payload][buttons] must have at most 3 elements."),
        (template(text="a" * 641), "(#100) Length of param message[attachment][payload][text]"),
        (template(title="a" * 21), "(#100) Length of param message[attachment][payload][buttons][0][title]"),
        (template(payload="a" * 1001), "(#100) Length of param message[attachment][payload][buttons][0][payload]"),
        (template(type="fax"), "(#100) Param message[attachment][payload][buttons][0][type]"),
        ({"attachment": {"type": "image", "payload": {"attachment_id": "9"}}}, "(#100) Invalid attachment id"),
        ({"attachment": {"type": "fax", "payload": {}}}, "(#100) Param message[attachment][type]"),
    ],
)
def test_messages_are_refused(fake: GraphFake, anna: MessengerPerson, message: dict[str, Any], said_: str) -> None:
    error = said(fake, **message)["error"]
    assert (error["code"], error["type"]) == (100, "OAuthException")
    assert error["message"].startswith(said_)
    assert fake.sent == []


@pytest.mark.parametrize(
    ("body", "said_"),
    [
        ({"message": {"text": "a"}, "sender_action": "typing_on"}, "Cannot send both message and state"),
        ({"sender_action": "dance"}, "Param sender_action"),
        ({"message": {"text": "a"}, "messaging_type": "CHAT"}, "Param messaging_type"),
        ({"message": {"text": "a"}, "tag": "HUMAN_AGENT"}, "Param tag"),
        ({"message": {"text": "a"}, "colour": "red"}, "Unexpected parameter"),
        ({"message": {"text": "a"}, "recipient": {}}, "The parameter recipient[id] is required."),
    ],
)
def test_requests_are_refused(fake: GraphFake, anna: MessengerPerson, body: dict[str, Any], said_: str) -> None:
    error = call(fake, "me/messages", **{"recipient": {"id": ANNA}} | body)["error"]
    assert error["message"].startswith(f"(#100) {said_}")


def test_who_cannot_be_reached_is_told(fake: GraphFake, anna: MessengerPerson) -> None:
    error = said(fake, to="404", text="Halo")["error"]
    assert (error["code"], error["error_subcode"]) == (100, 2018001)
    anna.block()
    assert said(fake, text="Halo")["error"]["code"] == 551


def test_the_window_closes_after_a_day(fake: GraphFake, anna: MessengerPerson) -> None:
    fake.clock += 23 * HOUR
    assert "message_id" in said(fake, text="Halo")
    fake.clock += 2 * HOUR
    error = said(fake, text="Halo")["error"]
    assert (error["code"], error["error_subcode"]) == (10, 2018278)
    agent = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": {"text": "Halo"}}
    assert "message_id" in call(fake, "me/messages", recipient={"id": ANNA}, **agent)
    fake.clock += 6 * DAY
    assert call(fake, "me/messages", recipient={"id": ANNA}, **agent)["error"]["code"] == 10
    anna.postback("Rozpocznij", "start")
    assert "message_id" in said(fake, text="Halo")


def test_signs_of_life_are_taken(fake: GraphFake, anna: MessengerPerson) -> None:
    for action in ("mark_seen", "typing_on"):
        answer = call(fake, "me/messages", recipient={"id": ANNA}, sender_action=action)
        assert answer == {"recipient_id": ANNA}
    assert [sent.kind for sent in fake.sent] == ["mark_seen", "typing_on"]


@pytest.mark.parametrize(
    ("kind", "content", "mime", "taken"),
    [
        ("image", picture(), "image/png", True),
        ("file", PDF, "application/pdf", True),
        ("image", PDF, "application/pdf", False),
        ("image", PDF, "image/png", False),
        ("fax", picture(), "image/png", False),
    ],
    ids=["image", "file", "pdf as image", "pdf as png", "fax"],
)
def test_files_are_uploaded_and_sent(
    fake: GraphFake, anna: MessengerPerson, kind: str, content: bytes, mime: str, taken: bool
) -> None:
    form = {"message": json.dumps({"attachment": {"type": kind, "payload": {"is_reusable": True}}})}
    url = f"{fake.url}/v25.0/me/message_attachments"
    files = {"filedata": ("plik", content, mime)}
    answer = HTTP.post(url, params={"access_token": fake.page_token}, data=form, files=files).json()
    assert ("attachment_id" in answer) == taken
    if not taken:
        assert (answer["error"]["code"], answer["error"]["error_subcode"]) == (100, 2018047)
        return
    assert fake.sent[0].files["filedata"].content == content
    payload = {"attachment_id": answer["attachment_id"]}
    assert "message_id" in said(fake, attachment={"type": kind, "payload": payload})
    other = {"image": "file", "file": "image"}[kind]
    assert said(fake, attachment={"type": other, "payload": payload})["error"]["code"] == 100


def test_a_file_may_come_along(fake: GraphFake, anna: MessengerPerson) -> None:
    form = {
        "recipient": json.dumps({"id": ANNA}),
        "message": json.dumps({"attachment": {"type": "image", "payload": {"is_reusable": False}}}),
    }
    url, files = f"{fake.url}/v25.0/me/messages", {"filedata": ("kod.png", picture(), "image/png")}
    bearer = {"Authorization": f"Bearer {fake.page_token}"}
    assert "message_id" in HTTP.post(url, headers=bearer, data=form, files=files).json()
    assert fake.sent[0].files["filedata"].content == picture()


def test_people_and_the_profile_are_read(fake: GraphFake, anna: MessengerPerson) -> None:
    def read(path: str, **query: str) -> Any:
        return HTTP.get(f"{fake.url}/v25.0/{path}", params={"access_token": fake.page_token, **query}).json()

    known = {"first_name": "Anna", "last_name": "Kowalska", "id": ANNA}
    assert read(ANNA, fields="first_name,last_name") == known
    assert "nonexisting field (shoe_size)" in read(ANNA, fields="shoe_size")["error"]["message"]
    assert read("404")["error"]["error_subcode"] == 33
    assert read("me")["id"] == fake.page_id
    menu = {"locale": "default", "call_to_actions": []}
    assert call(fake, "me/messenger_profile", persistent_menu=[menu])["error"]["code"] == 100
    assert call(fake, "me/messenger_profile", get_started={"payload": "start"}) == {"result": "success"}
    assert read("me/messenger_profile", fields="get_started") == {"data": [{"get_started": {"payload": "start"}}]}
    assert call(fake, "me/messenger_profile", colour="red")["error"]["code"] == 100


DEEDS: list[tuple[Callable[[MessengerPerson], Any], str, Callable[[Any], Any], Any]] = [
    (lambda anna: anna.say("Halo"), "message", lambda told: told["text"], "Halo"),
    (lambda anna: anna.answer("Faktury"), "message", lambda told: told["quick_reply"], {"payload": "faktury"}),
    (lambda anna: anna.press("Saldo"), "postback", lambda told: told["payload"], "saldo"),
    (lambda anna: anna.get_started("start"), "postback", lambda told: told["title"], "Rozpocznij"),
    (lambda anna: anna.edit("Inaczej"), "message_edit", lambda told: (told["text"], told["num_edit"]), ("Inaczej", 1)),
    (lambda anna: anna.react("❤️"), "reaction", lambda told: told["reaction"], "love"),
    (lambda anna: anna.read(), "read", lambda told: told["watermark"] > 0, True),
    (lambda anna: anna.delivered(), "delivery", lambda told: len(told["mids"]), 1),
    (lambda anna: anna.send_attachment("sticker", sticker_id=1), "message", lambda told: len(told["attachments"]), 1),
    (lambda anna: anna.hear_from_page("Konsultant"), "message", lambda told: told["is_echo"], True),
]


@pytest.mark.parametrize(("deed", "kind", "part", "value"), DEEDS)
def test_each_deed_is_sent(
    fake: GraphFake, receiver: Receiver, anna: MessengerPerson, deed: Any, kind: str, part: Any, value: Any
) -> None:
    said(fake, **template(title="Saldo", payload="saldo"))
    said(fake, **replies())
    fake.subscribe(receiver.url)
    event = deed(anna)
    body = receiver.bodies(1)[0]
    assert (body["object"], body["entry"][0]["id"]) == ("page", fake.page_id)
    assert body["entry"][0]["messaging"] == [event]
    assert part(event[kind]) == value


def test_pictures_and_files_have_an_address(fake: GraphFake, anna: MessengerPerson) -> None:
    for event, content in (
        (anna.send_image(picture(), "image/png"), picture()),
        (anna.send_file(PDF, "umowa.pdf", "application/pdf"), PDF),
    ):
        assert HTTP.get(event["message"]["attachments"][0]["payload"]["url"]).content == content


def test_quick_replies_are_gone_after_the_next_message(fake: GraphFake, anna: MessengerPerson) -> None:
    said(fake, **replies())
    said(fake, text="Albo inaczej")
    with pytest.raises(AssertionError, match="there are no quick replies"):
        anna.answer("Faktury")


def test_what_is_sent_is_echoed(fake: GraphFake, receiver: Receiver, anna: MessengerPerson) -> None:
    fake.subscribe(receiver.url)
    fake.messenger.echoes = True
    message_id = said(fake, text="Halo")["message_id"]
    event = receiver.bodies(1)[0]["entry"][0]["messaging"][0]
    assert event["message"] == {"mid": message_id, "is_echo": True, "text": "Halo", "app_id": int(fake.app_id)}
    assert (event["sender"]["id"], event["recipient"]["id"]) == (fake.page_id, ANNA)
