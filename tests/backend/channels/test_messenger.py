"""Messenger as a channel, against the stand-in of the Graph API."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from backend.channels import meta
from backend.channels.messenger.channel import Messenger
from backend.channels.schemas import Arrival, Call, Channel, Deed, Picture, Refused, Shown, TryAgain
from tests.fakes.graph import HOUR, GraphFake, MessengerPerson, Sent
from tests.fakes.graph_rules import Refused as GraphError
from tests.fakes.server import Answer, as_json
from tests.support.pictures import PDF, picture

ANNA, JAN = "6001", "6002"
OLD_SECRET = "poprzedni sekret"
NUMBERED = "Odpowiedz, podając numer albo nazwę."
SENTENCE = "Faktura jest już opłacona, dziękujemy. "


@pytest.fixture
def fake() -> Iterator[GraphFake]:
    with GraphFake() as fake:
        yield fake


@pytest.fixture
async def channel(fake: GraphFake) -> AsyncIterator[Messenger]:
    channel = Messenger(fake.page_token, [fake.app_secret, OLD_SECRET], "mojbok", f"{fake.url}/v24.0")
    yield channel
    await channel.close()


@pytest.fixture
def anna(fake: GraphFake) -> MessengerPerson:
    """Somebody whose window is open."""
    anna = fake.messenger.user(ANNA, "Anna Kowalska")
    anna.say("Dzień dobry")
    return anna


def choices(count: int, title: str = "Wybór") -> list[tuple[str, str]]:
    return [(f"c_{number}", f"{title} {number}") for number in range(1, count + 1)]


async def shown(channel: Channel, fake: GraphFake, message: Shown) -> list[Sent]:
    before = len(fake.sent)
    for call in channel.render(message):
        await channel.send(ANNA, call)
    return fake.sent[before:]


def heard(channel: Channel, fake: GraphFake, deed: Callable[[MessengerPerson], object]) -> list[Arrival]:
    with fake.held() as events:
        deed(fake.messenger.user(ANNA, "Anna Kowalska"))
    return channel.parse(fake.messenger.envelope(*events))


# Signatures


def signed(body: bytes, secret: str) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


BODY = b'{"object":"page","entry":[{"text":"za\\u017c\\u00f3\\u0142\\u0107 \\/"}]}'
RIGHT = signed(BODY, "tajny sekret aplikacji")["X-Hub-Signature-256"]


@pytest.mark.parametrize(
    ("headers", "body", "genuine"),
    [
        ({"X-Hub-Signature-256": RIGHT}, BODY, True),
        ({"x-hub-signature-256": RIGHT}, BODY, True),
        (signed(BODY, OLD_SECRET), BODY, True),
        ({"X-Hub-Signature-256": RIGHT}, BODY + b" ", False),
        ({"X-Hub-Signature-256": RIGHT}, BODY.replace(b"\\/", b"/"), False),
        (signed(BODY, "inny sekret"), BODY, False),
        (signed(BODY, ""), BODY, False),
        ({}, BODY, False),
        ({"X-Hub-Signature-256": ""}, BODY, False),
        ({"X-Hub-Signature-256": RIGHT.removeprefix("sha256=")}, BODY, False),
        ({"X-Hub-Signature-256": RIGHT.replace("sha256", "sha1")}, BODY, False),
        ({"X-Hub-Signature-256": RIGHT[:-1]}, BODY, False),
        ({"X-Hub-Signature-256": RIGHT + "\n"}, BODY, False),
        ({"X-Hub-Signature-256": "sha256=" + "ż" * 64}, BODY, False),
        ({"X-Hub-Signature-256": "sha256=" + "\udcff" * 64}, BODY, False),
        ({"X-Hub-Signature": RIGHT}, BODY, False),
    ],
)
def test_only_the_platforms_calls_are_genuine(
    channel: Messenger, headers: dict[str, str], body: bytes, genuine: bool
) -> None:
    assert channel.verify(headers, body) is genuine


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nothing_is_genuine(secrets: list[str]) -> None:
    assert not meta.is_genuine(secrets, signed(BODY, ""), BODY)


ASKED = {"hub.mode": "subscribe", "hub.verify_token": "potwierdzam ż", "hub.challenge": "1158201444"}


@pytest.mark.parametrize(
    ("token", "changes", "answer"),
    [
        ("potwierdzam ż", {}, "1158201444"),
        ("inne", {}, None),
        ("", {"hub.verify_token": ""}, None),
        ("potwierdzam ż", {"hub.verify_token": ""}, None),
        ("potwierdzam ż", {"hub.verify_token": "\udcff"}, None),
        ("potwierdzam ż", {"hub.mode": "unsubscribe"}, None),
        ("potwierdzam ż", {"hub.challenge": ""}, None),
        ("potwierdzam ż", {"hub.challenge": "<script>"}, None),
    ],
)
def test_the_handshake(token: str, changes: dict[str, str], answer: str | None) -> None:
    assert meta.challenge(token, ASKED | changes) == answer


def test_an_empty_handshake_is_nobodys() -> None:
    assert meta.challenge("potwierdzam", {}) is None


# What people do


@pytest.mark.parametrize(
    ("deed", "expected", "value"),
    [
        (lambda anna: anna.say("Ile mam do zapłaty?"), Deed.SAID, "Ile mam do zapłaty?"),
        (lambda anna: anna.say("/start"), Deed.SAID, "/start"),
        (lambda anna: anna.say("Tak", quick_reply={"payload": "c_1"}), Deed.CHOSE, "c_1"),
        (lambda anna: anna.postback("Faktury", "c_2"), Deed.CHOSE, "c_2"),
        (lambda anna: anna.get_started("start"), Deed.START, ""),
        (lambda anna: anna.send_attachment("audio", url="https://cdn.fbsbx.com/glos.mp4"), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send_attachment("video", url="https://cdn.fbsbx.com/film.mp4"), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send_attachment("location", coordinates={"lat": 52.2, "long": 21.0}), Deed.SENT_OTHER, ""),
        (
            lambda anna: anna.send_attachment("image", url="https://scontent.fbcdn.net/like.png", sticker_id=3692),
            Deed.SENT_OTHER,
            "",
        ),
        (lambda anna: anna.send_attachment("image"), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send(is_unsupported=True), Deed.SENT_OTHER, ""),
        (
            lambda anna: anna.send(
                text="Zobacz https://example.com", attachments=[{"type": "fallback", "payload": {"title": "Strona"}}]
            ),
            Deed.SAID,
            "Zobacz https://example.com",
        ),
    ],
)
def test_deeds_are_understood(
    channel: Messenger, fake: GraphFake, deed: Callable[[MessengerPerson], object], expected: Deed, value: str
) -> None:
    (arrival,) = heard(channel, fake, deed)
    assert (arrival.deed, arrival.value, arrival.link) == (expected, value, "")
    assert (arrival.account, arrival.address, arrival.name, arrival.sign) == (ANNA, ANNA, "", "")
    assert arrival.platform_id.startswith("m_in")
    assert abs(arrival.sent_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_times_are_the_platforms(channel: Messenger, fake: GraphFake) -> None:
    event = fake.messenger.event(ANNA, message={"mid": "m_1", "text": "Halo"}) | {"timestamp": 1_700_000_000_250}
    (arrival,) = channel.parse(fake.messenger.envelope(event))
    assert arrival.sent_at == dt.datetime(2023, 11, 14, 22, 13, 20, 250_000, dt.UTC)


@pytest.mark.parametrize(
    "deed",
    [
        lambda anna: anna.hear_from_page("Dzień dobry"),
        lambda anna: anna.read(),
        lambda anna: anna.delivered(),
        lambda anna: anna.react("👍", to=Sent("messenger", "text", ANNA, {}, id="m_1")),
        lambda anna: (anna._messenger.push({}), anna._messenger.push({"sender": {"id": ANNA}, "timestamp": 1})),
    ],
)
def test_what_is_no_deed_is_left_out(
    channel: Messenger, fake: GraphFake, deed: Callable[[MessengerPerson], object]
) -> None:
    assert heard(channel, fake, deed) == []


def test_edits_are_left_out(channel: Messenger, fake: GraphFake) -> None:
    def deed(anna: MessengerPerson) -> None:
        anna.say("Ile mam do zaplaty?")
        anna.edit("Ile mam do zapłaty?")

    assert [arrival.value for arrival in heard(channel, fake, deed)] == ["Ile mam do zaplaty?"]


@pytest.mark.parametrize(
    ("referral", "link"),
    [
        ({"ref": "Ab_-9=", "source": "SHORTLINK", "type": "OPEN_THREAD"}, "Ab_-9="),
        ({"ref": "kampania", "source": "ADS", "type": "OPEN_THREAD"}, ""),
        ({"source": "SHORTLINK", "type": "OPEN_THREAD"}, ""),
    ],
)
def test_links_of_the_portal_come_back(
    channel: Messenger, fake: GraphFake, referral: dict[str, str], link: str
) -> None:
    known = fake.messenger.event(ANNA, referral=referral)
    new = fake.messenger.event(JAN, postback={"mid": "m_7", "payload": "start", "referral": referral})
    arrivals = channel.parse(fake.messenger.envelope(known, new))
    assert [(one.account, one.deed, one.link, one.value) for one in arrivals] == [
        (ANNA, Deed.START, link, ""),
        (JAN, Deed.START, link, ""),
    ]
    assert channel.parse(fake.messenger.envelope(known)) == arrivals[:1]


def test_what_has_no_id_gets_the_same_each_time(channel: Messenger, fake: GraphFake) -> None:
    def told(psid: str, at: int, payload: str) -> str:
        event = fake.messenger.event(psid, postback={"title": "Tak", "payload": payload}) | {"timestamp": at}
        return channel.parse(fake.messenger.envelope(event))[0].platform_id

    assert told(ANNA, 1_700_000_000_000, "c_1") == told(ANNA, 1_700_000_000_000, "c_1")
    others = [(JAN, 1_700_000_000_000, "c_1"), (ANNA, 1_700_000_000_001, "c_1"), (ANNA, 1_700_000_000_000, "c_2")]
    assert len({told(ANNA, 1_700_000_000_000, "c_1"), *(told(*other) for other in others)}) == 4


@pytest.mark.parametrize(
    ("kind", "url", "name"),
    [
        ("image", "https://scontent.fbcdn.net/v/t1/licznik.png?x=1", "licznik.png"),
        ("image", "https://scontent.fbcdn.net/v/t1", "zdjecie.jpg"),
        ("file", "https://cdn.fbsbx.com/v/pismo%20z%20%C5%82odzi.pdf?dl=1", "pismo z łodzi.pdf"),
        ("file", "https://cdn.fbsbx.com/a%2F..%2Fpismo.pdf", "pismo.pdf"),
        ("file", "https://cdn.fbsbx.com/", "plik"),
    ],
)
def test_files_have_their_address_and_a_name(
    channel: Messenger, fake: GraphFake, kind: str, url: str, name: str
) -> None:
    (arrival,) = heard(channel, fake, lambda anna: anna.send_attachment(kind, url=url))
    assert (arrival.deed, arrival.value, arrival.file_name) == (Deed.SENT_FILE, url, name)


def test_several_files_and_words_are_each_a_deed(channel: Messenger, fake: GraphFake) -> None:
    urls = ["https://scontent.fbcdn.net/1.jpg", "https://scontent.fbcdn.net/2.jpg"]
    attachments = [{"type": "image", "payload": {"url": url}} for url in urls]
    attachments += [{"type": "audio", "payload": {"url": "https://cdn.fbsbx.com/a"}}, {"type": "location"}]
    arrivals = heard(channel, fake, lambda anna: anna.send(text="To mój licznik", attachments=attachments))
    mid = arrivals[0].platform_id
    assert [(one.platform_id, one.deed, one.value) for one in arrivals] == [
        (mid, Deed.SENT_FILE, urls[0]),
        (f"{mid}#2", Deed.SENT_FILE, urls[1]),
        (f"{mid}#3", Deed.SENT_OTHER, ""),
        (f"{mid}#caption", Deed.SAID, "To mój licznik"),
    ]


def test_whole_batches_are_read(channel: Messenger, fake: GraphFake) -> None:
    with fake.held() as events:
        fake.messenger.user(ANNA, "Anna Kowalska").say("Pierwsze")
        fake.messenger.user(JAN, "Jan Nowak").say("Drugie")
        fake.messenger.user(ANNA, "Anna Kowalska").say("Trzecie")
    told = fake.messenger.envelope(*events[:2])
    told["entry"][1]["messaging"].append(events[2])
    arrivals = channel.parse(told)
    assert [(one.account, one.value) for one in arrivals] == [(ANNA, "Pierwsze"), (JAN, "Drugie"), (ANNA, "Trzecie")]
    assert len({one.platform_id for one in arrivals}) == 3


STRANGE: list[Any] = [None, 7, "tekst", [], {}, [[]], {"id": 5}, float("nan"), True, 10**400]


@pytest.mark.parametrize("strange", STRANGE)
def test_strange_shapes_are_left_out_alone(channel: Messenger, fake: GraphFake, strange: Any) -> None:
    good = fake.messenger.event(ANNA, message={"mid": "m_1", "text": "Halo"})
    events = [strange, good | {"message": strange}, good | {"sender": strange}, good | {"sender": {"id": strange}}]
    events += [good | {"message": {"mid": strange, "text": "Halo"}}, good | {"message": {"text": "Halo"}}]
    events += [fake.messenger.event(ANNA, postback=strange), fake.messenger.event(ANNA, postback={"payload": strange})]
    told = fake.messenger.envelope(good)
    told["entry"] += [strange, {"messaging": strange}, {"id": "1", "standby": [good]}, {"messaging": [*events, good]}]
    arrivals = channel.parse(told)
    whole = [one for one in arrivals if (one.account, one.platform_id, one.value) == (ANNA, "m_1", "Halo")]
    assert len(whole) == 2
    assert len(arrivals) == (5 if strange == "tekst" else 2)
    for nothing in (strange, {"object": "page", "entry": strange}, {"object": strange, "entry": told["entry"]}):
        assert channel.parse(nothing) == []


@pytest.mark.parametrize("at", [None, "1700000000000", 10**400, float("inf"), float("nan"), -(10**18)])
def test_strange_times_are_left_out(channel: Messenger, fake: GraphFake, at: Any) -> None:
    event = fake.messenger.event(ANNA, message={"mid": "m_1", "text": "Halo"}) | {"timestamp": at}
    assert channel.parse(fake.messenger.envelope(event)) == []


@pytest.mark.parametrize("strange", [7, ["tekst"], {"a": 1}])
def test_strange_contents_of_a_message_raise_nothing(channel: Messenger, fake: GraphFake, strange: Any) -> None:
    keys = ("text", "quick_reply", "attachments")
    events = [fake.messenger.event(ANNA, message={"mid": "m_1", key: strange}) for key in keys]
    payload = [{"type": "image", "payload": strange}, {"type": strange, "payload": {"url": "https://a.fbcdn.net/"}}]
    events += [fake.messenger.event(ANNA, message={"mid": "m_1", "attachments": [one]}) for one in payload]
    assert {one.deed for one in channel.parse(fake.messenger.envelope(*events))} <= {Deed.SENT_OTHER}


# What is shown


async def test_a_text_is_sent_as_it_is(channel: Messenger, fake: GraphFake, anna: MessengerPerson) -> None:
    (sent,) = await shown(channel, fake, Shown("Masz *dwie* faktury: ą_b"))
    assert (sent.kind, sent.to, sent.text, sent.buttons) == ("text", ANNA, "Masz *dwie* faktury: ą_b", [])
    assert sent.body["messaging_type"] == "RESPONSE"


@pytest.mark.parametrize(
    ("count", "kind"), [(1, "buttons"), (3, "buttons"), (4, "quick_replies"), (13, "quick_replies"), (14, "text")]
)
async def test_choices_stand_as_they_fit(
    channel: Messenger, fake: GraphFake, anna: MessengerPerson, count: int, kind: str
) -> None:
    (sent,) = await shown(channel, fake, Shown("Co dalej?", choices(count)))
    assert sent.kind == kind
    if kind == "text":
        assert sent.text.startswith("Co dalej?\n\n1. Wybór 1\n2. Wybór 2\n")
        assert sent.text.endswith(f"14. Wybór 14\n\n{NUMBERED}")
    else:
        assert sent.text == "Co dalej?"
        assert [(button.payload, button.title) for button in sent.buttons] == choices(count)


async def test_what_is_pressed_comes_back(channel: Messenger, fake: GraphFake, anna: MessengerPerson) -> None:
    for count in (3, 4):
        await shown(channel, fake, Shown("Co dalej?", choices(count)))
        press = anna.press if count == 3 else anna.answer
        (arrival,) = heard(channel, fake, lambda _, press=press: press("Wybór 2"))  # type: ignore[misc]
        assert (arrival.deed, arrival.value) == (Deed.CHOSE, "c_2")


@pytest.mark.parametrize(("length", "kind"), [(20, "buttons"), (21, "text")])
async def test_titles_that_are_too_long_are_numbered(
    channel: Messenger, fake: GraphFake, anna: MessengerPerson, length: int, kind: str
) -> None:
    title = "ż" * length
    (sent,) = await shown(channel, fake, Shown("Co dalej?", [("c_1", title), ("c_2", "Nie")]))
    assert sent.kind == kind
    assert title in (sent.text if kind == "text" else sent.buttons[0].title)


async def test_long_texts_go_in_pieces(channel: Messenger, fake: GraphFake, anna: MessengerPerson) -> None:
    sent = await shown(channel, fake, Shown(SENTENCE * 130))
    assert [one.kind for one in sent] == ["text"] * 3
    assert " ".join(one.text for one in sent) == (SENTENCE * 130).strip()


@pytest.mark.parametrize(("count", "kind", "most"), [(3, "buttons", 640), (5, "quick_replies", 2000)])
async def test_the_last_piece_of_a_long_text_has_the_choices(
    channel: Messenger, fake: GraphFake, anna: MessengerPerson, count: int, kind: str, most: int
) -> None:
    *before, last = await shown(channel, fake, Shown(SENTENCE * 85, choices(count)))
    assert {one.kind for one in before} == {"text"}
    assert (last.kind, len(last.buttons)) == (kind, count)
    assert len(last.text) <= most
    assert " ".join(one.text for one in [*before, last]).split() == (SENTENCE * 85).split()


async def test_many_numbered_choices_go_in_pieces(channel: Messenger, fake: GraphFake, anna: MessengerPerson) -> None:
    sent = await shown(channel, fake, Shown("Która umowa?", choices(60, "Umowa na adres przy ulicy Przykładowej")))
    assert len(sent) == 2
    assert sent[-1].text.endswith(NUMBERED)


@pytest.mark.parametrize(
    ("message", "kinds"),
    [
        (Shown("Zużycie", [], Picture(picture(), "Wykres zużycia")), ["image", "text"]),
        (Shown("Zużycie", choices(3), Picture(picture(), "Wykres zużycia")), ["image", "buttons"]),
        (Shown("Zużycie", choices(5), Picture(picture(), "Wykres zużycia")), ["image", "quick_replies"]),
        (Shown(SENTENCE * 60, choices(3), Picture(picture(), "Wykres")), ["text", "image", "buttons"]),
        (Shown("", [], Picture(picture(), "Wykres zużycia")), ["text", "image"]),
        (Shown("", choices(2), Picture(picture(), "Wykres zużycia")), ["image", "buttons"]),
        (Shown("", [], Picture(picture(), "")), ["image"]),
        (Shown("", choices(2)), ["text"]),
        (Shown(""), []),
    ],
)
async def test_pictures_are_uploaded(
    channel: Messenger, fake: GraphFake, anna: MessengerPerson, message: Shown, kinds: list[str]
) -> None:
    sent = await shown(channel, fake, message)
    assert [one.kind for one in sent] == kinds
    for one in sent:
        if one.kind == "image":
            upload = one.files["filedata"]
            assert (upload.mime, upload.content) == ("image/png", picture())
            assert "url" not in str(one.body)
        elif not message.text and message.picture:
            assert one.text == "Wykres zużycia"


# Signs, files, links, and whether it works


async def test_signs_are_shown(channel: Messenger, fake: GraphFake, anna: MessengerPerson) -> None:
    (arrival,) = heard(channel, fake, lambda anna: anna.say("Halo"))
    await channel.show_signs(arrival)
    assert [(one.kind, one.to) for one in fake.sent] == [("mark_seen", ANNA), ("typing_on", ANNA)]


async def test_files_are_fetched_without_the_token(channel: Messenger, fake: GraphFake) -> None:
    (arrival,) = heard(channel, fake, lambda anna: anna.send_file(PDF, "pismo.pdf", "application/pdf"))
    assert await channel.fetch(arrival.value) == PDF
    assert fake.page_token not in f"{fake.calls[-1].headers} {fake.calls[-1].query}"


async def test_files_have_at_most_ten_megabytes(channel: Messenger, fake: GraphFake) -> None:
    for size in (meta.LARGEST_FILE, meta.LARGEST_FILE + 1):
        content = b"x" * size
        (arrival,) = heard(channel, fake, lambda anna, content=content: anna.send_image(content))  # type: ignore[misc]
        if size == meta.LARGEST_FILE:
            assert len(await channel.fetch(arrival.value)) == size
        else:
            with pytest.raises(Refused, match=r"^file$"):
                await channel.fetch(arrival.value)


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("https://scontent.xx.fbcdn.net/v/1.jpg?a=b", True),
        ("https://cdn.fbsbx.com/v/1.pdf", True),
        ("https://lookaside.facebook.com/1", True),
        ("https://graph.facebook.com/v24.0/1", True),
        ("https://graph.example/1", True),
        ("https://SCONTENT.FBCDN.NET/1", True),
        ("http://scontent.fbcdn.net/1", False),
        ("https://scontent.fbcdn.net:8443/1", False),
        ("https://evilfbcdn.net/1", False),
        ("https://scontent.fbcdn.net.example.com/1", False),
        ("https://example.com/.fbcdn.net", False),
        ("https://example.com#.fbcdn.net", False),
        ("https://a.fbcdn.net@example.com/1", False),
        ("https://example.com\\.fbcdn.net/1", False),
        ("http://graph.example/1", False),
        ("https://127.0.0.1/1", False),
        ("file:///etc/passwd", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_files_come_from_meta_alone(address: str, trusted: bool) -> None:
    assert meta.is_trusted(address, httpx.URL("https://graph.example/v24.0")) is trusted


async def test_files_from_elsewhere_are_not_asked_for(channel: Messenger, fake: GraphFake) -> None:
    with GraphFake() as other, pytest.raises(Refused, match=r"^file$"):
        await channel.fetch(f"{other.url}/cdn/1")
    assert (fake.calls, other.calls) == ([], [])


async def test_redirects_are_not_followed(channel: Messenger, fake: GraphFake) -> None:
    with GraphFake() as other:
        fake.fault(Answer(302, b"", headers={"Location": f"{other.url}/cdn/1"}), 1, "/cdn/")
        with pytest.raises(Refused, match=r"^file$"):
            await channel.fetch(f"{fake.url}/cdn/1")
        assert other.calls == []


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (Answer(404, b""), Refused("file")),
        (Answer(403, b""), Refused("file")),
        (Answer(503, b"", headers={"Retry-After": "7"}), TryAgain(7)),
        (Answer(429, b""), TryAgain(0)),
        (None, TryAgain(0)),
    ],
)
async def test_files_that_do_not_come(
    channel: Messenger, fake: GraphFake, answer: Answer | None, raised: Exception
) -> None:
    fake.fault(answer, 1, "/cdn/")
    with pytest.raises(type(raised)) as caught:
        await channel.fetch(f"{fake.url}/cdn/1")
    assert str(caught.value) == str(raised)


def test_deep_links(channel: Messenger) -> None:
    assert channel.deep_link("Ab_-9") == "https://m.me/mojbok?ref=Ab_-9"


async def test_what_is_wrong_is_said(channel: Messenger, fake: GraphFake) -> None:
    webhook = "https://bok.example/webhooks/messenger"
    assert await channel.check(webhook) == []
    stranger = Messenger("EAAInny", [fake.app_secret], "mojbok", f"{fake.url}/v24.0")
    (sentence,) = await stranger.check(webhook)
    await stranger.close()
    assert webhook in sentence
    assert "EAAInny" not in sentence
    fake.fail()
    assert len(await channel.check(webhook)) == 1


# Refusals

TEXT = Call("messages", {"message": {"text": "Halo"}})


def graph_error(code: int, status: int = 400, subcode: int | None = None) -> Answer:
    return as_json(status, GraphError(code, f"(#{code}) Anna 6001", subcode=subcode).error)


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80007, 130429, 131056])
@pytest.mark.parametrize("status", [400, 429])
async def test_limits_pass(channel: Messenger, fake: GraphFake, anna: MessengerPerson, code: int, status: int) -> None:
    fake.fault(graph_error(code, status), 1, "/messages")
    with pytest.raises(TryAgain):
        await channel.send(ANNA, TEXT)
    await channel.send(ANNA, TEXT)
    assert len(fake.sent) == 1


@pytest.mark.parametrize(
    ("answer", "after"),
    [
        (as_json(429, {"error": {"code": 99}}, {"Retry-After": "12"}), 12),
        (as_json(429, {"error": {"code": 99}}, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), 0),
        (as_json(400, {"error": {"code": 99, "is_transient": True}}), 0),
        (as_json(500, {"error": {"code": 1}}), 0),
        (as_json(500, {"error": {"code": []}}), 0),
        (Answer(502, b"<html>nginx</html>", "text/html"), 0),
        (Answer(503, b"{}", headers={"Retry-After": "3"}), 3),
        (Answer(404, b"<html>nginx</html>", "text/html"), 0),
        (Answer(302, b"{}", headers={"Location": "https://example.com/"}), 0),
        (as_json(200, ["dziwne"]), 0),
        (as_json(400, {"error": {"code": 190}}), 60),
        (as_json(401, {"error": {"code": 0}}), 60),
        (None, 0),
    ],
)
async def test_what_passes_is_tried_again(
    channel: Messenger, fake: GraphFake, anna: MessengerPerson, answer: Answer | None, after: float
) -> None:
    fake.fault(answer, 1, "/messages")
    with pytest.raises(TryAgain) as caught:
        await channel.send(ANNA, TEXT)
    assert caught.value.after == after


async def test_a_platform_that_is_away_or_slow_is_tried_again(
    fake: GraphFake, anna: MessengerPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meta, "TIMEOUT", 0.2)
    for base_url in (f"{fake.url}/v24.0", "http://127.0.0.1:9/v24.0"):
        fake.delay = 0.6
        channel = Messenger(fake.page_token, [fake.app_secret], "mojbok", base_url)
        with pytest.raises(TryAgain):
            await channel.send(ANNA, TEXT)
        await channel.close()


async def test_a_wrong_token_loses_nothing(fake: GraphFake, anna: MessengerPerson) -> None:
    channel = Messenger("EAAInny", [fake.app_secret], "mojbok", f"{fake.url}/v24.0")
    for call in (TEXT, channel.render(Shown("", [], Picture(picture(), "Wykres")))[-1]):
        with pytest.raises(TryAgain) as caught:
            await channel.send(ANNA, call)
        assert caught.value.after == 60
    await channel.close()


async def test_a_closed_window_is_told(channel: Messenger, fake: GraphFake, anna: MessengerPerson) -> None:
    fake.clock += 25 * HOUR
    for call in (TEXT, channel.render(Shown("Wykres", [], Picture(picture(), "Wykres")))[0]):
        with pytest.raises(Refused, match=r"^window$"):
            await channel.send(ANNA, call)
    anna.say("Jestem")
    await channel.send(ANNA, TEXT)


async def test_people_who_cannot_be_reached_are_told(
    channel: Messenger, fake: GraphFake, anna: MessengerPerson
) -> None:
    anna.block()
    for psid in (ANNA, "6999"):
        with pytest.raises(Refused, match=r"^blocked$"):
            await channel.send(psid, TEXT)
    anna.unblock()
    await channel.send(ANNA, TEXT)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (graph_error(10, subcode=2018278), "window"),
        (graph_error(10, 403), "refused"),
        (graph_error(100), "refused"),
        (graph_error(100, subcode=2018278), "refused"),
        (graph_error(100, subcode=2018001), "blocked"),
        (graph_error(551, subcode=1545041), "blocked"),
        (graph_error(551, 500), "blocked"),
        (graph_error(200, 403), "refused"),
        (as_json(400, {"error": {"code": "100"}}), "refused"),
        (as_json(400, {"error": {}}), "refused"),
    ],
)
async def test_refusals_have_a_reason(
    channel: Messenger, fake: GraphFake, anna: MessengerPerson, answer: Answer, reason: str
) -> None:
    fake.fault(answer, 1, "/messages")
    with pytest.raises(Refused) as caught:
        await channel.send(ANNA, TEXT)
    assert (caught.value.reason, str(caught.value)) == (reason, reason)


async def test_what_the_platform_does_not_take_is_refused(
    channel: Messenger, fake: GraphFake, anna: MessengerPerson
) -> None:
    (no_picture,) = channel.render(Shown("", [], Picture(b"to nie obraz", "")))
    for call in (Call("messages", {"message": {"text": "ż" * 2001}}), no_picture):
        with pytest.raises(Refused, match=r"^refused$"):
            await channel.send(ANNA, call)
    assert fake.sent == []
