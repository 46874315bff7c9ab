"""The stand-in of WhatsApp: what it takes, what it refuses, and the changes it sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fakes.graph import HOUR, GraphFake, WhatsAppPerson
from tests.fakes.receiver import HTTP, Receiver
from tests.support.pictures import PDF, picture

ANNA = "48600000001"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def fake() -> Iterator[GraphFake]:
    with GraphFake() as fake:
        yield fake


@pytest.fixture
def anna(fake: GraphFake) -> WhatsAppPerson:
    anna = fake.whatsapp.user(ANNA, "Anna Kowalska")
    anna.say("Dzień dobry")
    return anna


def bearer(fake: GraphFake) -> dict[str, str]:
    return {"Authorization": f"Bearer {fake.whatsapp_token}"}


def call(fake: GraphFake, **body: Any) -> Any:
    url = f"{fake.url}/v25.0/{fake.phone_number_id}/messages"
    return HTTP.post(url, headers=bearer(fake), json={"messaging_product": "whatsapp"} | body).json()


def said(fake: GraphFake, to: str = ANNA, body: str = "Halo") -> Any:
    return call(fake, to=to, type="text", text={"body": body})


def uploaded(fake: GraphFake, content: bytes, mime: str, **fields: str) -> Any:
    url = f"{fake.url}/v25.0/{fake.phone_number_id}/media"
    form = {"messaging_product": "whatsapp", "type": mime} | fields
    return HTTP.post(url, headers=bearer(fake), data=form, files={"file": ("plik", content, mime)}).json()


def buttons(count: int = 1, **changes: Any) -> dict[str, Any]:
    replies = [{"id": f"b{number}", "title": f"Wybór {number}"} | changes for number in range(count)]
    action = {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}
    return {
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": "Co dalej?"}, "action": action},
    }


def rows(count: int = 1, button: str = "Wybierz", **changes: Any) -> dict[str, Any]:
    each = [{"id": f"r{number}", "title": f"Wiersz {number}"} | changes for number in range(count)]
    action = {"button": button, "sections": [{"rows": each}]}
    return {"type": "interactive", "interactive": {"type": "list", "body": {"text": "Co dalej?"}, "action": action}}


@pytest.mark.parametrize(
    ("message", "kind", "count"),
    [
        ({"type": "text", "text": {"body": "ż" * 4096}}, "text", 0),
        (buttons(3), "buttons", 3),
        (buttons(id="a" * 256, title="b" * 20), "buttons", 1),
        (rows(10, button="a" * 20, description="c" * 72), "list", 10),
        (rows(title="a" * 24, id="b" * 200), "list", 1),
    ],
)
def test_messages_are_taken(
    fake: GraphFake, anna: WhatsAppPerson, message: dict[str, Any], kind: str, count: int
) -> None:
    answer = call(fake, to=f"+{ANNA}", recipient_type="individual", **message)
    sent = fake.expect(1)[0]
    assert answer["messages"] == [{"id": sent.id}]
    assert answer["contacts"][0]["wa_id"] == ANNA
    assert (sent.kind, sent.to, len(sent.buttons)) == (kind, ANNA, count)


@pytest.mark.parametrize(
    ("message", "code", "details"),
    [
        ({"type": "text", "text": {"body": "a" * 4097}}, 100, "must be at most 4096 characters long"),
        ({"type": "text", "text": {"body": ""}}, 100, "text[body] is required"),
        ({"type": "text", "text": {"body": "a", "colour": "red"}}, 100, 'Invalid keys "colour"'),
        ({"type": "text"}, 131008, "Parameter 'text' is mandatory"),
        ({"type": "fax"}, 100, "Param type must be one of"),
        ({"type": "text", "text": {"body": "a"}, "colour": "red"}, 100, 'Unexpected key "colour"'),
        ({"type": "text", "text": {"body": "a"}, "messaging_product": "fax"}, 100, "messaging_product is required"),
        ({"type": "text", "text": {"body": "a"}, "to": "Anna"}, 131009, "phone number is not valid"),
        ({"type": "text", "text": {"body": "a"}, "context": {"message_id": "x"}}, 131009, "context message_id"),
        (buttons(4), 131009, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3"),
        (buttons(0), 131009, "Invalid buttons count"),
        (buttons(title="a" * 21), 131009, "Button title length invalid. Min length: 1, Max length: 20"),
        (buttons(title=""), 131009, "Button title length invalid"),
        (buttons(id="a" * 257), 131009, "Button id length invalid"),
        (buttons(2, id="a"), 131009, "Duplicated button id"),
        (buttons(2, title="a"), 131009, "Duplicated button title"),
        (rows(11), 131009, "Total row count exceed max allowed count: 10"),
        (rows(title="a" * 25), 131009, "Row title is too long. Max length is 24"),
        (rows(description="a" * 73), 131009, "Row description is too long. Max length is 72"),
        (rows(id="a" * 201), 131009, "Row id is too long. Max length is 200"),
        (rows(2, id="a"), 131009, "Duplicated row id"),
        (rows(button="a" * 21), 131009, "Button text length invalid"),
        ({"type": "image", "image": {"id": "9"}}, 100, "is not a valid whatsapp business account media attachment ID"),
        ({"type": "image", "image": {}}, 131008, "image must have one of id and link"),
    ],
)
def test_messages_are_refused(
    fake: GraphFake, anna: WhatsAppPerson, message: dict[str, Any], code: int, details: str
) -> None:
    error = call(fake, **{"to": ANNA} | message)["error"]
    assert error["code"] == code
    assert details in error.get("error_data", {}).get("details", error["message"])
    assert fake.sent == []


def test_who_cannot_be_reached_is_told(fake: GraphFake, anna: WhatsAppPerson) -> None:
    assert said(fake, to="48600000404")["error"]["code"] == 131030
    fake.clock += 25 * HOUR
    assert said(fake)["error"]["code"] == 131047
    anna.say("Jestem")
    assert "messages" in said(fake)
    anna.block()
    assert said(fake)["error"]["code"] == 131026


@pytest.mark.parametrize(("code", "hours"), [(131047, 25), (131026, 0)])
def test_who_cannot_be_reached_may_be_told_later(
    fake: GraphFake, receiver: Receiver, anna: WhatsAppPerson, code: int, hours: int
) -> None:
    fake.subscribe(receiver.url)
    fake.whatsapp.late = True
    fake.clock += hours * HOUR
    if not hours:
        anna.block()
    message_id = said(fake)["messages"][0]["id"]
    status = receiver.bodies(1)[0]["entry"][0]["changes"][0]["value"]["statuses"][0]
    assert (status["id"], status["status"], status["errors"][0]["code"]) == (message_id, "failed", code)


def test_reading_and_typing_name_a_message(fake: GraphFake, anna: WhatsAppPerson) -> None:
    seen = {"status": "read", "message_id": anna.last_id}
    assert call(fake, **seen) == {"success": True}
    assert call(fake, **seen, typing_indicator={"type": "text"}) == {"success": True}
    assert [sent.kind for sent in fake.sent] == ["read", "typing"]
    assert call(fake, status="read", message_id="wamid.obcy")["error"]["code"] == 131009
    assert call(fake, **seen, typing_indicator={"type": "dance"})["error"]["code"] == 131009


def test_a_hidden_number_is_reached_by_its_user_id(fake: GraphFake) -> None:
    anna = fake.whatsapp.user(ANNA, "Anna", user_id="PL.123", hides_phone=True)
    value = anna.say("Halo")["value"]
    assert value["contacts"] == [{"profile": {"name": "Anna"}, "user_id": "PL.123"}]
    assert "from" not in value["messages"][0]
    answer = call(fake, recipient=value["messages"][0]["from_user_id"], type="text", text={"body": "Halo"})
    assert answer["contacts"] == [{"input": "PL.123", "user_id": "PL.123"}]


@pytest.mark.parametrize(
    ("content", "mime", "fields", "code"),
    [
        (PDF, "application/zip", {}, 100),
        (PDF, "image/png", {}, 131053),
        (picture(), "image/png", {"messaging_product": "fax"}, 100),
    ],
    ids=["zip", "pdf as png", "fax"],
)
def test_uploads_are_refused(fake: GraphFake, content: bytes, mime: str, fields: dict[str, str], code: int) -> None:
    assert uploaded(fake, content, mime, **fields)["error"]["code"] == code


def test_a_picture_is_uploaded_and_sent(fake: GraphFake, anna: WhatsAppPerson) -> None:
    media_id = uploaded(fake, picture(), "image/png")["id"]
    assert "messages" in call(fake, to=ANNA, type="image", image={"id": media_id, "caption": "Kod"})
    assert [sent.kind for sent in fake.sent] == ["upload", "image"]
    assert fake.sent[0].files["file"].content == picture()
    document = uploaded(fake, PDF, "application/pdf")["id"]
    assert call(fake, to=ANNA, type="image", image={"id": document})["error"]["code"] == 131053


def test_what_people_send_is_fetched_with_the_token(fake: GraphFake, anna: WhatsAppPerson) -> None:
    media_id = anna.send_image(picture(), "image/png")["value"]["messages"][0]["image"]["id"]
    told = HTTP.get(f"{fake.url}/v25.0/{media_id}", headers=bearer(fake)).json()
    assert (told["mime_type"], told["file_size"]) == ("image/png", len(picture()))
    assert HTTP.get(told["url"], headers=bearer(fake)).content == picture()
    assert HTTP.get(told["url"]).status_code == 401
    fake.clock += 301
    assert HTTP.get(told["url"], headers=bearer(fake)).status_code == 404
    unknown = HTTP.get(f"{fake.url}/v25.0/404", headers=bearer(fake)).json()
    assert unknown["error"]["error_subcode"] == 33
    number = HTTP.get(f"{fake.url}/v25.0/{fake.phone_number_id}", headers=bearer(fake)).json()
    assert number["display_phone_number"] == "+48 22 100 00 00"


def message(change: Any) -> Any:
    return change["value"]["messages"][0]


def status(change: Any) -> Any:
    return change["value"]["statuses"][0]["status"]


DEEDS: list[tuple[Callable[[WhatsAppPerson, Any], Any], Callable[[Any], Any], Any]] = [
    (lambda anna, _: anna.say("Halo"), lambda told: message(told)["text"]["body"], "Halo"),
    (lambda anna, _: anna.press("Wybór 0"), lambda told: message(told)["interactive"]["button_reply"]["id"], "b0"),
    (lambda anna, _: anna.press("Wiersz 0"), lambda told: message(told)["interactive"]["list_reply"]["id"], "r0"),
    (lambda anna, _: anna.react("👍"), lambda told: message(told)["reaction"]["emoji"], "👍"),
    (lambda anna, _: anna.send_image(picture()), lambda told: message(told)["image"]["mime_type"], "image/jpeg"),
    (
        lambda anna, _: anna.send_document(PDF, "umowa.pdf", "application/pdf"),
        lambda told: message(told)["document"]["filename"],
        "umowa.pdf",
    ),
    (lambda anna, _: anna.send_unsupported(), lambda told: message(told)["errors"][0]["code"], 131051),
    (lambda anna, _: anna.edit("Inaczej"), lambda told: message(told)["unsupported"]["type"], "edit"),
    (
        lambda anna, _: anna.edit("Inaczej", told=True),
        lambda told: message(told)["edit"]["message"]["text"]["body"],
        "Inaczej",
    ),
    (lambda anna, sent: anna.received(sent), status, "sent"),
    (lambda anna, sent: anna.delivered(sent), status, "delivered"),
    (lambda anna, sent: anna.read(sent), status, "read"),
    (lambda anna, sent: anna.failed(sent, 131026), status, "failed"),
    (lambda anna, _: anna.stop_marketing(), lambda told: told["value"]["user_preferences"][0]["value"], "stop"),
]


@pytest.mark.parametrize(("deed", "part", "value"), DEEDS)
def test_each_deed_is_sent(
    fake: GraphFake, receiver: Receiver, anna: WhatsAppPerson, deed: Any, part: Any, value: Any
) -> None:
    call(fake, to=ANNA, **rows())
    call(fake, to=ANNA, **buttons())
    fake.subscribe(receiver.url)
    change = deed(anna, fake.sent[-1])
    body = receiver.bodies(1)[0]
    assert body == {
        "object": "whatsapp_business_account",
        "entry": [{"id": fake.account_id, "changes": [change]}],
    }
    assert change["value"]["metadata"]["phone_number_id"] == fake.phone_number_id
    assert part(change) == value


def test_what_is_sent_has_its_statuses(fake: GraphFake, receiver: Receiver, anna: WhatsAppPerson) -> None:
    fake.subscribe(receiver.url)
    fake.whatsapp.statuses = True
    said(fake)
    told = [status(body["entry"][0]["changes"][0]) for body in receiver.bodies(2)]
    assert told == ["sent", "delivered"]
