"""A whole system on Messenger and WhatsApp: a strict stand-in of the Graph API, signed webhooks, the real model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import requests

from tests.fakes.graph import HOUR, GraphFake, MessengerPerson, Sent, WhatsAppPerson
from tests.support.pictures import picture as made_picture
from tests.support.system import System, start
from tests.support.waiting import until

HELENA = "helena.mroz@poczta.example"
VERIFY = "znak-powitania"
Person = MessengerPerson | WhatsAppPerson


@pytest.fixture(scope="module")
def graph() -> Iterator[GraphFake]:
    with GraphFake() as fake:
        yield fake


@pytest.fixture(scope="module")
def whole(graph: GraphFake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    system = start(
        tmp_path_factory.mktemp("meta"),
        meta_secrets=f"{graph.app_secret},dawny sekret",
        meta_verify_token=VERIFY,
        meta_url=f"{graph.url}/v24.0",
        messenger_token=graph.page_token,
        messenger_page="mojbok",
        whatsapp_token=graph.whatsapp_token,
        whatsapp_phone_id=graph.phone_number_id,
        whatsapp_number="48221000000",
        codes_per_quarter_hour="100",
    )
    graph.subscribe(f"{system.url}/webhooks/messenger", "page")
    graph.subscribe(f"{system.url}/webhooks/whatsapp", "whatsapp_business_account")
    yield system
    system.stop()


@pytest.fixture
def system(whole: System, graph: GraphFake) -> System:
    graph.drain()
    whole.reset()
    graph.sent.clear()
    return whole


@pytest.fixture(params=["messenger", "whatsapp", "whatsapp without a number"])
def person(system: System, graph: GraphFake, request: pytest.FixtureRequest) -> Person:
    if request.param == "messenger":
        return graph.messenger.user("7000000000000001", "Ewa Lis")
    if request.param == "whatsapp":
        return graph.whatsapp.user("48600000001", "Ewa Lis")
    return graph.whatsapp.user("48600000002", "Iza Sowa", user_id="PL.1234567", hides_phone=True)


def heard(graph: GraphFake, person: Person) -> list[Sent]:
    """What reached the person, the oldest first."""
    if isinstance(person, MessengerPerson):
        return list(reversed(graph.messenger.sent_to(person.psid)))
    return list(reversed(graph.whatsapp.sent_to(person.phone)))


def texts(graph: GraphFake, person: Person) -> list[str]:
    return [(sent.text or "").replace("\u00a0", " ") for sent in heard(graph, person)]


def wait_for(graph: GraphFake, person: Person, words: str) -> None:
    until(lambda: any(words in text for text in texts(graph, person)), lambda: f"{words!r}: {texts(graph, person)}")


def identify(system: System, graph: GraphFake, person: Person) -> None:
    person.say("ile mam do zapłaty?")
    wait_for(graph, person, "Najpierw potwierdźmy")
    person.say(HELENA)
    wait_for(graph, person, "6-cyfrowym kodem")
    person.say(system.latest_code(HELENA))
    wait_for(graph, person, "Do zapłaty: 1 234,56 zł")


def test_the_balance_and_a_comparison_with_its_chart(system: System, graph: GraphFake, person: Person) -> None:
    identify(system, graph, person)
    assert "automatyczny asystent mojBOK" in texts(graph, person)[0]
    assert "/dane-osobowe" in texts(graph, person)[1]
    person.say("porównaj październik")
    wait_for(graph, person, "Zużycie, październik 2026")
    until(lambda: any(sent.kind == "image" for sent in heard(graph, person)))
    assert "https" not in " ".join(text for text in texts(graph, person) if "Zużycie" in text)


def test_a_document_is_a_link_that_asks_who_is_there(system: System, graph: GraphFake, person: Person) -> None:
    identify(system, graph, person)
    person.say("pokaż ostatnią fakturę")
    wait_for(graph, person, "Pobierz PDF: ")
    [address] = [text.rpartition("Pobierz PDF: ")[2] for text in texts(graph, person) if "Pobierz PDF" in text]
    shown = requests.get(address, timeout=10)
    assert shown.status_code == 200
    assert "FV/2026" not in shown.text
    assert "Wyślij kod" in shown.text
    http = requests.Session()
    http.headers["Origin"] = system.url
    assert "6-cyfrowym kodem" in http.post(f"{address}/kod", data={}, timeout=10).text
    wrong = http.post(address, data={"cyfry": "000000"}, timeout=10)
    assert (wrong.status_code, "się nie zgadza" in wrong.text) == (403, True)
    right = http.post(address, data={"cyfry": system.latest_code(HELENA)}, timeout=10)
    assert right.headers["Content-Type"] == "application/pdf"
    assert right.content.startswith(b"%PDF")
    assert requests.get(address[:-12] + "A" + address[-11:], timeout=10).status_code == 404


def test_many_choices_are_a_list_and_a_few_are_buttons(system: System, graph: GraphFake, person: Person) -> None:
    person.say("chcę złożyć zgłoszenie")
    wait_for(graph, person, "Czego dotyczy zgłoszenie?")
    asked = next(sent for sent in heard(graph, person) if "Czego dotyczy" in (sent.text or ""))
    assert asked.kind == ("quick_replies" if isinstance(person, MessengerPerson) else "list")
    if isinstance(person, MessengerPerson):
        person.answer("Reklamacja")
    else:
        person.press("Reklamacja")
    wait_for(graph, person, "Na jaki adres e-mail biuro ma odpowiedzieć?")


def test_a_batch_is_taken_whole_and_in_order(system: System, graph: GraphFake) -> None:
    eve, adam = (graph.messenger.user(f"70000000000000{n}", name) for n, name in ((11, "Ewa Lis"), (12, "Adam Wilk")))
    with graph.held() as events:
        for someone in (eve, adam):
            someone.say("ile kosztuje konto?")
            someone.say("jak się zalogować?")
    graph.messenger.deliver(*events, times=2)
    for someone in (eve, adam):
        wait_for(graph, someone, "„Zaloguj się”")
        said = texts(graph, someone)
        assert sum("bezpłatne" in text for text in said) == 1
        places = [
            next(place for place, text in enumerate(said) if words in text) for words in ("bezpłatne", "„Zaloguj")
        ]
        assert places == sorted(places)


@pytest.mark.parametrize("name", ["messenger", "whatsapp"])
def test_the_handshake_is_answered_and_a_strange_one_refused(system: System, graph: GraphFake, name: str) -> None:
    assert graph.verify(f"{system.url}/webhooks/{name}", VERIFY)
    assert not graph.verify(f"{system.url}/webhooks/{name}", "inny")


@pytest.mark.parametrize("name", ["messenger", "whatsapp"])
@pytest.mark.parametrize("signature", [None, "", "sha256=00", "sha1=abc"])
def test_a_call_without_the_right_signature_is_refused(
    system: System, graph: GraphFake, name: str, signature: str | None
) -> None:
    headers = {} if signature is None else {"X-Hub-Signature-256": signature}
    answer = requests.post(f"{system.url}/webhooks/{name}", data=b"{}", headers=headers, timeout=10)
    assert answer.status_code == 403
    assert f"{name} forged" in system.stored()


def test_an_old_call_is_refused_although_it_is_signed(system: System, graph: GraphFake) -> None:
    graph.clock -= 8 * 24 * HOUR
    with graph.held() as events:
        graph.messenger.user("7000000000000021", "Ewa Lis").say("dzień dobry")
    graph.clock += 8 * 24 * HOUR
    body = graph.messenger.envelope(*events)
    [parcel] = graph.deliver(body)
    until(lambda: bool(parcel.statuses))
    assert parcel.statuses[0] == 403
    assert "messenger stale" in system.stored()
    for courier in graph._couriers.values():
        courier.drop()


def test_what_comes_too_late_is_not_sent_and_is_noted(system: System, graph: GraphFake, person: Person) -> None:
    person.say("ile kosztuje konto?")
    wait_for(graph, person, "bezpłatne")
    before = len(heard(graph, person))
    graph.clock += 25 * HOUR
    # The platform's clock is ahead of ours: it refuses what we think is in time.
    with graph.held() as events:
        person.say("jak się zalogować?")
    person.wrote_at = float("-inf")
    (graph.messenger if isinstance(person, MessengerPerson) else graph.whatsapp).deliver(*events)
    until(lambda: '"reason": "window"' in system.stored())
    assert len(heard(graph, person)) == before
    graph.clock -= 25 * HOUR


def test_what_would_come_too_late_is_not_even_tried(system: System, graph: GraphFake, person: Person) -> None:
    identify(system, graph, person)
    before, calls = len(heard(graph, person)), len(graph.calls)
    # The grant ends by itself, and what the assistant says of it has no message of the customer before it.
    system.set_clock((dt.datetime.now(dt.UTC) + dt.timedelta(hours=25)).isoformat())
    until(lambda: '"reason": "window"' in system.stored())
    assert len(heard(graph, person)) == before
    assert len(graph.calls) == calls


def undelivered(system: System) -> list[str]:
    return [line for line in system.stored().splitlines() if line.startswith("undelivered ")]


def test_what_is_told_later_to_be_undelivered_is_noted_once(system: System, graph: GraphFake) -> None:
    ewa = graph.whatsapp.user("48600000001", "Ewa Lis")
    ewa.say("ile kosztuje konto?")
    wait_for(graph, ewa, "bezpłatne")
    with graph.held() as events:
        ewa.failed(heard(graph, ewa)[-1], 131026)
        ewa.failed(Sent("whatsapp", "text", ewa.phone, {}, id="wamid.obca"), 131026)
        ewa.read(heard(graph, ewa)[0])
    parcels = graph.whatsapp.deliver(*events, times=3)
    graph.drain()
    assert [parcel.statuses for parcel in parcels] == [[200]] * 3
    (noted,) = undelivered(system)
    assert '"reason": "blocked"' in noted
    assert system.log().count("is not delivered after all") == 1


def test_what_is_told_to_be_undelivered_before_it_is_acknowledged_is_noted(system: System, graph: GraphFake) -> None:
    ewa = graph.whatsapp.user("48600000001", "Ewa Lis")
    with graph.held() as events:
        ewa.say("ile kosztuje konto?")
    ewa.wrote_at = float("-inf")
    graph.whatsapp.late = True
    graph.whatsapp.deliver(*events)
    wait_for(graph, ewa, "bezpłatne")
    until(lambda: len(undelivered(system)) == len(heard(graph, ewa)), lambda: str(undelivered(system)))
    graph.whatsapp.late = False
    assert all('"reason": "window"' in line for line in undelivered(system))


def test_a_picture_from_a_customer_goes_to_the_ticket(system: System, graph: GraphFake, person: Person) -> None:
    person.send_image(made_picture())
    wait_for(graph, person, "Plik dotarł.")


def test_edits_reactions_receipts_and_echoes_are_no_messages(system: System, graph: GraphFake, person: Person) -> None:
    person.say("ile kosztuje konto?")
    wait_for(graph, person, "bezpłatne")
    before = len(heard(graph, person))
    last = heard(graph, person)[-1]
    person.react("👍")
    if isinstance(person, MessengerPerson):
        person.read()
        person.delivered()
        person.edit("jak się zalogować?")
        person.hear_from_page("Dzień dobry, tu biuro.")
    else:
        person.read(last)
        person.delivered(last)
        person.stop_marketing()
    person.say("jak założyć konto?")
    wait_for(graph, person, "„Zarejestruj się”")
    assert len(heard(graph, person)) == before + 1


def test_nothing_personal_is_stored_or_logged(system: System, graph: GraphFake, person: Person) -> None:
    identify(system, graph, person)
    kept = (system.stored() + system.log()).replace("\u00a0", " ")
    own = [person.psid] if isinstance(person, MessengerPerson) else [person.phone, person.user_id]
    secrets = (graph.page_token, graph.whatsapp_token, graph.app_secret)
    for value in (HELENA, "1 234,56", "Ewa Lis", "Iza Sowa", *own, *secrets):
        assert value not in kept, value
