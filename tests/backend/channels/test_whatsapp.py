"""WhatsApp as a channel, against the stand-in of the Graph API."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from backend.channels import meta
from backend.channels.schemas import Arrival, Call, Channel, Deed, LateRefusal, Picture, Refused, Shown, TryAgain
from backend.channels.whatsapp.channel import WhatsApp
from tests.fakes.graph import HOUR, GraphFake, Sent, WhatsAppPerson
from tests.fakes.graph_rules import Refused as GraphError
from tests.fakes.server import Answer, as_json
from tests.support.pictures import PDF, picture

ANNA, JAN, EWA = "48600000001", "48600000002", "48600000003"
TO_ANNA = f"to:{ANNA}"
NUMBERED = "Odpowiedz, podając numer albo nazwę."
SENTENCE = "Faktura jest już opłacona, dziękujemy. "
LINKING = "Połącz moje konto mojBOK:"
TEXT = Call("messages", {"type": "text", "text": {"body": "Halo"}})
STRANGE: list[Any] = [7, [], {}, [[]], {"id": 5}, float("nan"), True, 10**400, ""]


@pytest.fixture
def fake() -> Iterator[GraphFake]:
    with GraphFake() as fake:
        yield fake


@pytest.fixture
async def channel(fake: GraphFake) -> AsyncIterator[WhatsApp]:
    channel = of(fake, fake.whatsapp_token)
    yield channel
    await channel.close()


def of(fake: GraphFake, token: str) -> WhatsApp:
    secrets = [fake.app_secret, "poprzedni sekret"]
    return WhatsApp(token, secrets, fake.phone_number_id, "+48 22 100 00 00", f"{fake.url}/v24.0")


@pytest.fixture
def anna(fake: GraphFake) -> WhatsAppPerson:
    """Somebody whose window is open."""
    anna = fake.whatsapp.user(ANNA, "Anna Kowalska")
    anna.say("Dzień dobry")
    return anna


def choices(count: int, title: str = "Wybór") -> list[tuple[str, str]]:
    return [(f"c_{number}", f"{title} {number}") for number in range(1, count + 1)]


async def shown(channel: Channel, fake: GraphFake, message: Shown, address: str = TO_ANNA) -> list[Sent]:
    before = len(fake.sent)
    for call in channel.render(message):
        await channel.send(address, call)
    return fake.sent[before:]


def heard(channel: Channel, fake: GraphFake, deed: Callable[[WhatsAppPerson], object]) -> list[Arrival]:
    with fake.held() as events:
        deed(fake.whatsapp.user(ANNA, "Anna Kowalska"))
    return channel.parse(fake.whatsapp.envelope(*events))


def message_of(fake: GraphFake, **changes: Any) -> dict[str, Any]:
    """A change with one message, with something in it another way; None leaves it out."""
    message = {"id": "wamid.1", "from": ANNA, "timestamp": "1700000000", "type": "text", "text": {"body": "Halo"}}
    changed = {key: value for key, value in (message | changes).items() if value is not None}
    return fake.whatsapp.change(messages=[changed])


# Signatures


def test_only_the_platforms_calls_are_genuine(channel: WhatsApp, fake: GraphFake) -> None:
    body = b'{"object":"whatsapp_business_account"}'
    for secret, genuine in ((None, True), ("poprzedni sekret", True), ("inny sekret", False)):
        assert channel.verify({"X-Hub-Signature-256": fake.sign(body, secret)}, body) is genuine
    assert not channel.verify({"X-Hub-Signature-256": fake.sign(body)}, body + b" ")
    assert not channel.verify({"X-Hub-Signature-256": "sha256=abc"}, body)
    assert not channel.verify({}, body)


# What people do


@pytest.mark.parametrize(
    ("deed", "expected", "value"),
    [
        (lambda anna: anna.say("Ile mam do zapłaty?"), Deed.SAID, "Ile mam do zapłaty?"),
        (lambda anna: anna.say(LINKING), Deed.SAID, LINKING),
        (lambda anna: anna.say(f"{LINKING} to nie działa"), Deed.SAID, f"{LINKING} to nie działa"),
        (lambda anna: anna.send("audio", {"id": "1", "voice": True}), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send("video", {"id": "1"}), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send("sticker", {"id": "1"}), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send("location", {"latitude": 52.2, "longitude": 21.0}), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send("contacts", [{"name": {"formatted_name": "Jan Nowak"}}]), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send("order", {"catalog_id": "1"}), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send("interactive", {"type": "nfm_reply", "nfm_reply": {}}), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send_unsupported(), Deed.SENT_OTHER, ""),
        (lambda anna: anna.send("unsupported", None), Deed.SENT_OTHER, ""),
    ],
)
def test_deeds_are_understood(
    channel: WhatsApp, fake: GraphFake, deed: Callable[[WhatsAppPerson], object], expected: Deed, value: str
) -> None:
    (arrival,) = heard(channel, fake, deed)
    anna = fake.whatsapp.people[ANNA]
    assert (arrival.deed, arrival.value, arrival.link) == (expected, value, "")
    assert (arrival.account, arrival.address, arrival.name) == (anna.user_id, TO_ANNA, "Anna Kowalska")
    assert arrival.platform_id == arrival.sign == anna.last_id
    assert abs(arrival.sent_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    "deed",
    [
        lambda anna: anna.react("👍", to=Sent("whatsapp", "text", ANNA, {}, id="wamid.1")),
        lambda anna: anna.send_unsupported("edit"),
        lambda anna: anna.send("edit", {"original_message_id": "wamid.1", "message": {"type": "text"}}),
        lambda anna: anna.send("revoke", {"original_message_id": "wamid.1"}),
        lambda anna: anna.send("system", {"type": "user_changed_number", "wa_id": JAN}),
        lambda anna: anna.received(Sent("whatsapp", "text", ANNA, {}, id="wamid.1")),
        lambda anna: anna.failed(Sent("whatsapp", "text", ANNA, {}, id="wamid.1"), 131047),
        lambda anna: anna.stop_marketing(),
    ],
)
def test_what_is_no_deed_is_left_out(
    channel: WhatsApp, fake: GraphFake, deed: Callable[[WhatsAppPerson], object]
) -> None:
    assert heard(channel, fake, deed) == []


def test_other_fields_are_left_out(channel: WhatsApp, fake: GraphFake) -> None:
    change = message_of(fake) | {"field": "smb_message_echoes"}
    assert channel.parse(fake.whatsapp.envelope(change)) == []


@pytest.mark.parametrize("text", [f"{LINKING} Ab_-9", f"  {LINKING}Ab_-9\n", f"{LINKING}\n Ab_-9 "])
def test_links_of_the_portal_come_back(channel: WhatsApp, fake: GraphFake, text: str) -> None:
    (arrival,) = heard(channel, fake, lambda anna: anna.say(text))
    assert (arrival.deed, arrival.link, arrival.value) == (Deed.START, "Ab_-9", "")


def test_a_deep_link_brings_its_token(channel: WhatsApp, fake: GraphFake) -> None:
    link = channel.deep_link("Ab_-9")
    assert link.startswith("https://wa.me/48221000000?text=Po%C5%82%C4%85cz%20moje%20konto%20mojBOK%3A%20Ab_-9")
    (text,) = parse_qs(urlsplit(link).query)["text"]
    (arrival,) = heard(channel, fake, lambda anna: anna.say(text))
    assert (arrival.deed, arrival.link) == (Deed.START, "Ab_-9")


@pytest.mark.parametrize(
    ("known", "account", "address"),
    [
        ({"from": ANNA, "from_user_id": "PL.7"}, "PL.7", TO_ANNA),
        ({"from": ANNA}, ANNA, TO_ANNA),
        ({"from": None, "from_user_id": "PL.7"}, "PL.7", "recipient:PL.7"),
        ({"from": "", "from_user_id": "PL.7"}, "PL.7", "recipient:PL.7"),
    ],
)
def test_people_are_known_by_what_is_told(
    channel: WhatsApp, fake: GraphFake, known: dict[str, str | None], account: str, address: str
) -> None:
    (arrival,) = channel.parse(fake.whatsapp.envelope(message_of(fake, **known)))
    assert (arrival.account, arrival.address, arrival.name) == (account, address, "")
    assert arrival.sent_at == dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)


async def test_people_who_hide_their_number_get_answers(channel: WhatsApp, fake: GraphFake) -> None:
    ewa = fake.whatsapp.user(EWA, "Ewa Zielińska", hides_phone=True)
    with fake.held() as events:
        ewa.say("Dzień dobry")
    (arrival,) = channel.parse(fake.whatsapp.envelope(*events))
    assert (arrival.name, EWA in repr(arrival)) == ("Ewa Zielińska", False)
    message = Shown("Co dalej?", choices(2), Picture(picture(), "Wykres"))
    sent = await shown(channel, fake, message, arrival.address)
    assert [(one.kind, one.to) for one in sent] == [("upload", ""), ("image", EWA), ("buttons", EWA)]


def test_groups_are_told_apart(channel: WhatsApp, fake: GraphFake) -> None:
    deeds = [
        lambda anna: anna.send("text", {"body": "Cześć wszystkim"}, group_id="Y2FwaV9ncm91cDo"),
        lambda anna: anna.send("image", {"id": "1", "caption": "Widok"}, group_id="Y2FwaV9ncm91cDo"),
        lambda anna: anna.send("text", {"body": f"{LINKING} Ab_-9"}, group_id="Y2FwaV9ncm91cDo"),
    ]
    for deed in deeds:
        (arrival,) = heard(channel, fake, deed)
        assert (arrival.deed, arrival.value, arrival.link) == (Deed.GROUP, "", "")
    assert heard(channel, fake, lambda anna: anna.send("reaction", {"emoji": "👍"}, group_id="Y2FwaV9ncm91cDo")) == []


@pytest.mark.parametrize(
    ("deed", "name"),
    [
        (lambda anna: anna.send_image(picture()), "zdjecie.jpg"),
        (lambda anna: anna.send_image(picture(), "image/png"), "zdjecie.png"),
        (lambda anna: anna.send_document(PDF, "pismo.pdf", "application/pdf"), "pismo.pdf"),
        (lambda anna: anna.send("document", {"id": "800000000001"}), "plik"),
    ],
)
def test_files_have_an_id_and_a_name(
    channel: WhatsApp, fake: GraphFake, deed: Callable[[WhatsAppPerson], object], name: str
) -> None:
    (arrival,) = heard(channel, fake, deed)
    assert (arrival.deed, arrival.value, arrival.file_name) == (Deed.SENT_FILE, "800000000001", name)


def test_captions_are_said_after_their_file(channel: WhatsApp, fake: GraphFake) -> None:
    file, said = heard(channel, fake, lambda anna: anna.send_image(picture(), caption="To mój licznik"))
    assert (file.deed, file.value) == (Deed.SENT_FILE, "800000000001")
    assert (said.deed, said.value, said.file_name) == (Deed.SAID, "To mój licznik", "")
    assert (said.platform_id, said.sign) == (f"{file.platform_id}#caption", file.platform_id)
    video, said = heard(channel, fake, lambda anna: anna.send("video", {"id": "1", "caption": "Licznik"}))
    assert (video.deed, said.deed, said.value) == (Deed.SENT_OTHER, Deed.SAID, "Licznik")


def test_whole_batches_are_read(channel: WhatsApp, fake: GraphFake) -> None:
    with fake.held() as events:
        fake.whatsapp.user(ANNA, "Anna Kowalska").say("Pierwsze")
        fake.whatsapp.user(JAN, "Jan Nowak").say("Drugie")
        fake.whatsapp.user(EWA, "Ewa Zielińska", hides_phone=True).say("Trzecie")
    first, second, third = events
    for key in ("messages", "contacts"):
        second["value"][key] += third["value"][key]
    told = fake.whatsapp.envelope(first)
    told["entry"] += fake.whatsapp.envelope(second)["entry"]
    assert [(one.name, one.value) for one in channel.parse(told)] == [
        ("Anna Kowalska", "Pierwsze"),
        ("Jan Nowak", "Drugie"),
        ("Ewa Zielińska", "Trzecie"),
    ]


@pytest.mark.parametrize("strange", STRANGE)
def test_strange_shapes_are_left_out_alone(channel: WhatsApp, fake: GraphFake, strange: Any) -> None:
    good = message_of(fake)
    bad = [message_of(fake, **{key: strange}) for key in ("id", "timestamp", "type", "text")]
    bad += [message_of(fake, text={"body": strange}), message_of(fake, type="image", image=strange)]
    bad += [message_of(fake, type="interactive", interactive={"type": "button_reply", "button_reply": strange})]
    bad += [
        {"field": "messages", "value": value} for value in (strange, {"messages": strange}, {"messages": [strange]})
    ]
    bad += [strange, {"field": strange, "value": good["value"]}]
    found = channel.parse(fake.whatsapp.envelope(*bad, good))
    assert found[-1:] == channel.parse(fake.whatsapp.envelope(good))
    assert len(found) == (2 if strange in (7, True) else 1), "a number may be a time"
    for nothing in (strange, {"object": "whatsapp_business_account", "entry": strange}, {"object": strange}):
        assert channel.parse(nothing) == []


@pytest.mark.parametrize("key", ["id", "timestamp", "type", "text", "from"])
def test_what_lacks_something_is_left_out(channel: WhatsApp, fake: GraphFake, key: str) -> None:
    assert channel.parse(fake.whatsapp.envelope(message_of(fake, **{key: None}))) == []


@pytest.mark.parametrize("contacts", [None, 7, [7], [{}], [{"wa_id": ANNA}], [{"wa_id": ANNA, "profile": {"name": 7}}]])
def test_names_may_be_missing(channel: WhatsApp, fake: GraphFake, contacts: Any) -> None:
    change = message_of(fake)
    change["value"]["contacts"] = contacts
    (arrival,) = channel.parse(fake.whatsapp.envelope(change))
    assert (arrival.name, arrival.value) == ("", "Halo")


# What could not be delivered

FAILED = {"id": "wamid.1", "status": "failed", "errors": [{"code": 131047}]}


def refused(channel: WhatsApp, fake: GraphFake, *statuses: Any) -> list[LateRefusal]:
    return channel.late_refusals(fake.whatsapp.envelope(*[fake.whatsapp.change(statuses=[one]) for one in statuses]))


@pytest.mark.parametrize(
    ("code", "reason"), [(131047, "window"), (131026, "blocked"), (131030, "blocked"), (131000, "refused")]
)
async def test_a_late_refusal_names_what_was_sent(
    channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson, code: int, reason: str
) -> None:
    platform_id = await channel.send(TO_ANNA, TEXT)
    with fake.held() as events:
        anna.failed(fake.sent[-1], code)
    assert channel.late_refusals(fake.whatsapp.envelope(*events)) == [LateRefusal(platform_id, reason)]


def test_other_statuses_are_no_refusals(channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson) -> None:
    sent = Sent("whatsapp", "text", ANNA, {}, id="wamid.1")
    with fake.held() as events:
        for deed in (anna.received, anna.delivered, anna.read):
            deed(sent)
        anna.say("Halo")
    assert channel.late_refusals(fake.whatsapp.envelope(*events)) == []


def test_a_whole_batch_of_refusals_is_read(channel: WhatsApp, fake: GraphFake) -> None:
    second = FAILED | {"id": "wamid.2", "errors": [{"code": 131000}, {"code": 131026}]}
    found = refused(channel, fake, FAILED, FAILED | {"status": "sent"}, second)
    assert found == [LateRefusal("wamid.1", "window"), LateRefusal("wamid.2", "blocked")]


@pytest.mark.parametrize("strange", STRANGE)
def test_strange_statuses_are_left_out_alone(channel: WhatsApp, fake: GraphFake, strange: Any) -> None:
    named = strange if isinstance(strange, str) else None
    assert refused(channel, fake, strange, FAILED | {"status": strange}, FAILED)[-1:] == [
        LateRefusal("wamid.1", "window")
    ]
    assert refused(channel, fake, FAILED | {"id": strange}) == ([LateRefusal(named, "window")] if named else [])
    for errors in (strange, [strange], [{"code": strange}]):
        assert refused(channel, fake, FAILED | {"errors": errors}) == [LateRefusal("wamid.1", "refused")]
    assert channel.late_refusals(fake.whatsapp.envelope(fake.whatsapp.change(statuses=strange))) == []


@pytest.mark.parametrize("told", [{}, {"messages": 7}, {"messages": []}, {"messages": [{"id": 7}]}])
async def test_a_message_may_have_no_id(
    channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson, told: dict[str, Any]
) -> None:
    fake.fault(as_json(200, told), 1, "/messages")
    assert await channel.send(TO_ANNA, TEXT) == ""


# What is shown


async def test_a_text_is_sent_as_it_is(channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson) -> None:
    (sent,) = await shown(channel, fake, Shown("Masz dwie faktury"))
    assert (sent.kind, sent.to, sent.text, sent.buttons) == ("text", ANNA, "Masz dwie faktury", [])


@pytest.mark.parametrize(
    ("count", "kind"),
    [(1, "buttons"), (3, "buttons"), (4, "list"), (10, "list"), (11, "text"), (13, "text"), (14, "text")],
)
async def test_choices_stand_as_they_fit(
    channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson, count: int, kind: str
) -> None:
    (sent,) = await shown(channel, fake, Shown("Co dalej?", choices(count)))
    assert sent.kind == kind
    if kind == "text":
        assert sent.text.startswith("Co dalej?\n\n1. Wybór 1\n2. Wybór 2\n")
        assert sent.text.endswith(f"{count}. Wybór {count}\n\n{NUMBERED}")
    else:
        assert sent.text == "Co dalej?"
        assert [(button.payload, button.title) for button in sent.buttons] == choices(count)
    if kind == "list":
        assert sent.body["interactive"]["action"]["button"] == "Wybierz"


async def test_what_is_pressed_comes_back(channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson) -> None:
    for count in (3, 4):
        await shown(channel, fake, Shown("Co dalej?", choices(count)))
        (arrival,) = heard(channel, fake, lambda anna: anna.press("Wybór 2"))
        assert (arrival.deed, arrival.value) == (Deed.CHOSE, "c_2")


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        ([("c_1", "ż" * 20), ("c_2", "Nie")], "buttons"),
        ([("c_1", "ż" * 21), ("c_2", "Nie")], "list"),
        ([("c_1", "ż" * 24), ("c_2", "Nie")], "list"),
        ([("c_1", "ż" * 25), ("c_2", "Nie")], "text"),
        ([*choices(9), ("c_10", "ż" * 24)], "list"),
        ([*choices(9), ("c_10", "ż" * 25)], "text"),
        ([("c" * 200, "Tak"), ("c_2", "Nie")], "buttons"),
        ([("c" * 201, "Tak"), ("c_2", "Nie")], "text"),
        ([("c_1", "Umowa"), ("c_2", "Umowa")], "text"),
        ([("c_1", "Tak"), ("c_1", "Nie")], "text"),
        ([*choices(3), ("c_9", "Wybór 1")], "text"),
    ],
)
async def test_what_the_platform_would_refuse_is_numbered(
    channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson, made: list[tuple[str, str]], kind: str
) -> None:
    (sent,) = await shown(channel, fake, Shown("Co dalej?", made))
    assert sent.kind == kind
    if kind == "text":
        assert all(f"{number}. {title}\n" in sent.text for number, (_, title) in enumerate(made, 1))


async def test_long_texts_go_in_pieces(channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson) -> None:
    sent = await shown(channel, fake, Shown(SENTENCE * 130))
    assert [one.kind for one in sent] == ["text"] * 2
    assert " ".join(one.text for one in sent) == (SENTENCE * 130).strip()


@pytest.mark.parametrize(("count", "kind", "most"), [(3, "buttons", 1024), (5, "list", 4096)])
async def test_the_last_piece_of_a_long_text_has_the_choices(
    channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson, count: int, kind: str, most: int
) -> None:
    *before, last = await shown(channel, fake, Shown(SENTENCE * 200, choices(count)))
    assert {one.kind for one in before} == {"text"}
    assert (last.kind, len(last.buttons)) == (kind, count)
    assert len(last.text) <= most
    assert " ".join(one.text for one in [*before, last]).split() == (SENTENCE * 200).split()


@pytest.mark.parametrize(
    ("message", "kinds"),
    [
        (Shown("Zużycie", [], Picture(picture(), "Wykres")), ["upload", "image", "text"]),
        (Shown("Zużycie", choices(3), Picture(picture(), "Wykres")), ["upload", "image", "buttons"]),
        (Shown("Zużycie", choices(5), Picture(picture(), "Wykres")), ["upload", "image", "list"]),
        (Shown(SENTENCE * 130, choices(3), Picture(picture(), "Wykres")), ["text", "upload", "image", "buttons"]),
        (Shown("", [], Picture(picture(), "Wykres")), ["upload", "image"]),
        (Shown("", [], Picture(picture(), "Wykres" + "!" * 2000)), ["upload", "image"]),
        (Shown("", choices(2), Picture(picture(), "Wykres")), ["upload", "image", "text"]),
        (Shown(""), []),
    ],
)
async def test_pictures_are_uploaded(
    channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson, message: Shown, kinds: list[str]
) -> None:
    sent = await shown(channel, fake, message)
    assert [one.kind for one in sent] == kinds
    for upload, image in pairwise(sent):
        if upload.kind == "upload":
            assert (upload.files["file"].mime, upload.files["file"].content) == ("image/png", picture())
            assert image.body["image"]["id"] == upload.id
            assert image.body["image"]["caption"].startswith("Wykres")


async def test_a_picture_may_have_no_description(channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson) -> None:
    _, image = await shown(channel, fake, Shown("", [], Picture(picture(), "")))
    assert image.body["image"] == {"id": fake.sent[0].id}


async def test_an_upload_without_an_id_is_tried_again(channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson) -> None:
    (call,) = channel.render(Shown("", [], Picture(picture(), "Wykres")))
    fake.fault(as_json(200, {}), 1, "/media")
    with pytest.raises(TryAgain):
        await channel.send(TO_ANNA, call)
    assert fake.sent == []


# Signs, files, and whether it works


async def test_signs_are_shown(channel: WhatsApp, fake: GraphFake) -> None:
    arrivals = heard(channel, fake, lambda anna: anna.send_image(picture(), caption="To mój licznik"))
    for arrival in arrivals:
        await channel.show_signs(arrival)
    assert [(one.kind, one.id) for one in fake.sent] == [("typing", arrivals[0].platform_id)] * 2


async def test_files_are_fetched_with_the_token(channel: WhatsApp, fake: GraphFake) -> None:
    (arrival,) = heard(channel, fake, lambda anna: anna.send_document(PDF, "pismo.pdf", "application/pdf"))
    assert await channel.fetch(arrival.value) == PDF
    assert [call.path for call in fake.calls] == ["/v24.0/800000000001", "/whatsapp_business/attachments/"]


async def test_files_have_at_most_ten_megabytes(channel: WhatsApp, fake: GraphFake) -> None:
    for size in (meta.LARGEST_FILE, meta.LARGEST_FILE + 1):
        content = b"x" * size
        (arrival,) = heard(channel, fake, lambda anna, content=content: anna.send_image(content))  # type: ignore[misc]
        if size == meta.LARGEST_FILE:
            assert len(await channel.fetch(arrival.value)) == size
        else:
            with pytest.raises(Refused, match=r"^file$"):
                await channel.fetch(arrival.value)
            assert fake.calls[-1].path == f"/v24.0/{arrival.value}", "what is too large is not asked for"


async def test_a_size_that_is_not_told_is_measured(channel: WhatsApp, fake: GraphFake) -> None:
    url = f"{fake.url}/whatsapp_business/attachments/?mid=1"
    fake.fault(as_json(200, {"url": url}), 1, "/800")
    fake.fault(Answer(200, b"x" * (meta.LARGEST_FILE + 1)), 1, "/whatsapp_business/")
    with pytest.raises(Refused, match=r"^file$"):
        await channel.fetch("800")


@pytest.mark.parametrize("told", [{}, {"url": 7}, {"url": "https://127.0.0.1:1/1"}, {"url": "https://example.com/1"}])
async def test_the_token_goes_to_meta_alone(channel: WhatsApp, fake: GraphFake, told: dict[str, Any]) -> None:
    fake.fault(as_json(200, told), 1, "/800")
    with pytest.raises(Refused, match=r"^file$"):
        await channel.fetch("800")


async def test_files_that_are_gone_are_refused(channel: WhatsApp, fake: GraphFake) -> None:
    for media_id in ("800000000099", "../me", ""):
        with pytest.raises(Refused):
            await channel.fetch(media_id)
    fake.fail(path="/800")
    with pytest.raises(TryAgain):
        await channel.fetch("800")


async def test_what_is_wrong_is_said(channel: WhatsApp, fake: GraphFake) -> None:
    webhook = "https://bok.example/webhooks/whatsapp"
    assert await channel.check(webhook) == []
    stranger = of(fake, "EAAInny")
    (sentence,) = await stranger.check(webhook)
    await stranger.close()
    assert webhook in sentence
    assert "EAAInny" not in sentence
    other = WhatsApp(fake.whatsapp_token, [fake.app_secret], "3000000099", "48221000000", f"{fake.url}/v24.0")
    assert len(await other.check(webhook)) == 1
    await other.close()


# Refusals


@pytest.mark.parametrize("code", [4, 80007, 130429, 131056])
@pytest.mark.parametrize("status", [400, 429])
async def test_limits_pass(channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson, code: int, status: int) -> None:
    fake.limit(code=code, status=status, path="/messages")
    with pytest.raises(TryAgain):
        await channel.send(TO_ANNA, TEXT)
    await channel.send(TO_ANNA, TEXT)
    assert len(fake.sent) == 1


@pytest.mark.parametrize("path", ["/media", "/messages"])
async def test_pictures_are_tried_again(channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson, path: str) -> None:
    (call,) = channel.render(Shown("", [], Picture(picture(), "Wykres")))
    for fault in (fake.fail, fake.lose_answers, fake.limit):
        fault(path=path)
        with pytest.raises(TryAgain):
            await channel.send(TO_ANNA, call)
    await channel.send(TO_ANNA, call)
    assert fake.sent[-1].kind == "image"


async def test_a_wrong_token_loses_nothing(fake: GraphFake, anna: WhatsAppPerson) -> None:
    channel = of(fake, "EAAInny")
    for call in (TEXT, Call("media", {}, picture())):
        with pytest.raises(TryAgain) as caught:
            await channel.send(TO_ANNA, call)
        assert caught.value.after == 60
    with pytest.raises(TryAgain):
        await channel.fetch("800000000001")
    await channel.close()


async def test_a_closed_window_is_told(channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson) -> None:
    fake.clock += 25 * HOUR
    for call in (TEXT, Call("media", {}, picture())):
        with pytest.raises(Refused, match=r"^window$"):
            await channel.send(TO_ANNA, call)
    anna.say("Jestem")
    await channel.send(TO_ANNA, TEXT)


async def test_people_who_cannot_be_reached_are_told(channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson) -> None:
    anna.block()
    for address in (TO_ANNA, "to:48600000099", "recipient:PL.99"):
        with pytest.raises(Refused, match=r"^blocked$"):
            await channel.send(address, TEXT)
    anna.unblock()
    await channel.send(TO_ANNA, TEXT)


@pytest.mark.parametrize("address", ["", ANNA, "to:", "type:text", f"group:{ANNA}"])
async def test_addresses_of_another_kind_are_refused(channel: WhatsApp, fake: GraphFake, address: str) -> None:
    with pytest.raises(Refused, match=r"^refused$"):
        await channel.send(address, TEXT)
    assert fake.calls == []


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        (131047, 400, "window"),
        (131026, 400, "blocked"),
        (131030, 400, "blocked"),
        (131026, 500, "blocked"),
        (131009, 400, "refused"),
        (131051, 400, "refused"),
        (10, 403, "refused"),
    ],
)
async def test_refusals_have_a_reason(
    channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson, code: int, status: int, reason: str
) -> None:
    error = GraphError(code, f"(#{code}) {ANNA}", details=f"Anna Kowalska {ANNA}").error
    fake.fault(as_json(status, error), 1, "/messages")
    with pytest.raises(Refused) as caught:
        await channel.send(TO_ANNA, TEXT)
    assert (caught.value.reason, str(caught.value)) == (reason, reason)


async def test_what_the_platform_does_not_take_is_refused(
    channel: WhatsApp, fake: GraphFake, anna: WhatsAppPerson
) -> None:
    for call in (Call("messages", {"type": "text", "text": {"body": "ż" * 4097}}), Call("media", {}, b"to nie obraz")):
        with pytest.raises(Refused, match=r"^refused$"):
            await channel.send(TO_ANNA, call)
    assert fake.sent == []
