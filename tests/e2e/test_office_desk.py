"""The desk over HTTP: a ticket is read, answered everywhere the customer may look, and never overwritten or shown
to another team.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
import requests

import backend.models  # noqa: F401 - every table is known
from backend.callbacks.models import Callback
from backend.database import Database
from backend.tickets.models import Ticket
from tests.support.office import Colleague, acts, at_work
from tests.support.pictures import PDF
from tests.support.system import Customer, System
from tests.support.visitor import Visitor

HELENA, FIRM, STRANGER = "helena.mroz@poczta.example", "biuro@tartak.example", "ewa.obca@poczta.example"
COK, BOK = "cok@polenergia-sprzedaz.pl", "bok@polenergia-sprzedaz.pl"
PESEL = "44051401359"
HOSTILE = "<script>alert(1)</script> \"'; DROP TABLE tickets; -- % NEAR"


@pytest.fixture(scope="module")
def anna(running: System) -> Colleague:
    return at_work(running, "anna.biurko", "agent", team="cok")


@pytest.fixture(scope="module")
def jan(running: System) -> Colleague:
    return at_work(running, "jan.biurko", "agent", team="cok")


@pytest.fixture(scope="module")
def bozena(running: System) -> Colleague:
    """Of the other team."""
    return at_work(running, "bozena.biurko", "agent", team="bok")


@pytest.fixture(scope="module")
def reviewer(running: System) -> Colleague:
    return at_work(running, "rita.biurko", "reviewer")


def write(customer: Visitor, text: str, subject: str = "Pytanie", **files: tuple[str, bytes]) -> str:
    """A new ticket by the portal; its number."""
    form = {"rodzaj": "query", "temat": subject, "tresc-zgloszenia": text}
    answer = customer.post("/zgloszenia/nowe", data=form, files=files or None)
    assert answer.status_code == 200, answer.text
    return re.findall(r"Z/\d{4}/\d{8}", answer.text)[0]


def address(number: str, act: str = "zgloszenie") -> str:
    return f"/biuro/zgloszenia/{act}?numer={number.replace('/', '%2F')}"


def opened(colleague: Colleague, number: str) -> str:
    answer = colleague.get(address(number))
    assert answer.status_code == 200, answer.text
    return answer.text


def read(page: str) -> dict[str, str]:
    """What the page knows that its reader has read."""
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("wersja", "widziane", "byl")}


def reply(
    colleague: Colleague, number: str, text: str, page: str | None = None, files: Any = None, **more: str
) -> requests.Response:
    known = read(page or opened(colleague, number))
    form = known | {"tresc-odpowiedzi": text, "dalej": "closed"} | more
    return colleague.post(address(number, "odpowiedz"), data=form, files=files, allow_redirects=False)


def number_of(system: System) -> str:
    tickets = requests.get(f"{system.url}/dev/effects", timeout=10).json()["tickets"]
    return str(tickets[-1]["ticket_no"])


def complaint(customer: Customer, *more: str) -> None:
    for words in ("chcę złożyć reklamację", *more, "licznik stoi od miesiąca", "gotowe"):
        answer = customer.say(words)
    if "Wysłać" not in answer.text:
        customer.say("Żadnego z nich")
    assert "Numer zgłoszenia" in customer.say("tak").text


def test_an_answer_reaches_the_customer_by_mail_and_in_the_portal(system: System, anna: Colleague) -> None:
    helena = system.signed_in(HELENA)
    number = write(helena, f"Mój PESEL to {PESEL}. {HOSTILE}")
    page = opened(anna, number)
    assert "Helena Mróz, K0000101" in page
    assert "[PESEL]" in page
    assert PESEL not in page
    assert "<script>alert" not in page
    done = reply(anna, number, f"Sprawdzone. {HOSTILE}", dalej="waiting_for_customer")
    assert done.status_code == 303
    assert "Odpowiedź jest wysłana" in anna.get(done.headers["location"]).text
    letter = system.mails(HELENA)[-1]
    assert letter["subject"] == f"Jest odpowiedź na zgłoszenie {number}"
    assert "Sprawdzone" not in letter["text"]
    portal = helena.get(f"/zgloszenia/zgloszenie?numer={number}").text
    assert "Sprawdzone. &lt;script&gt;" in portal
    assert "Czeka na Twoją odpowiedź" in portal
    kinds = [kind for kind, _ in acts(system, number)]
    assert kinds.count("answered") == 1
    assert "viewed" in kinds


def test_an_answer_reaches_the_conversation_in_which_the_ticket_was_written(system: System, anna: Colleague) -> None:
    helena = system.identified(HELENA)
    complaint(helena)
    number = number_of(system)
    assert "Rozmowa, w której powstało" in opened(anna, number)
    assert reply(anna, number, "Proszę pisać na nowak@firma.example.").status_code == 303
    said = [event for event in helena.history() if event.get("from") == "staff"]
    assert [(event["name"], event["text"]) for event in said] == [
        ("Anna", "Odpowiedź na Twoje zgłoszenie:\n\nProszę pisać na nowak@firma.example.")
    ]
    assert "nowak@firma.example" not in system.stored()
    assert number not in system.stored()


def test_an_ended_identity_or_conversation_is_told_nothing(system: System, anna: Colleague) -> None:
    """The letter and the portal have the answer all the same."""
    for ended in ("conversation", "identity"):
        system.reset()
        helena = system.identified(HELENA)
        complaint(helena)
        if ended == "conversation":
            assert helena.http.delete(helena.place, timeout=10).status_code == 204
        else:
            system.set_clock((dt.datetime.now(dt.UTC) + dt.timedelta(minutes=20)).isoformat())
        assert reply(anna, number_of(system), "Sprawdzone.").status_code == 303
        assert "Jest odpowiedź" in system.mails(HELENA)[-1]["subject"]
        assert "Sprawdzone." not in system.stored()


def test_a_stranger_gets_the_answer_itself(system: System, anna: Colleague) -> None:
    customer = system.customer()
    complaint(customer, STRANGER, "prywatnie")
    number = number_of(system)
    page = opened(anna, number)
    assert "tożsamość niepotwierdzona" in page
    assert STRANGER not in page
    assert 'type="file"' not in page
    assert reply(anna, number, "Licznik wymienimy. Kontakt: nowak@firma.example").status_code == 303
    letter = system.mails(STRANGER)[-1]
    assert "Licznik wymienimy." in letter["text"]
    said = [event["text"] for event in customer.history() if event.get("from") == "staff"]
    assert said == ["Odpowiedź na Twoje zgłoszenie:\n\nLicznik wymienimy. Kontakt: [e-mail]"]


def test_another_teams_ticket_and_none_look_the_same(system: System, anna: Colleague, bozena: Colleague) -> None:
    number = write(system.signed_in(HELENA), "Dzień dobry", plik=("skan.pdf", PDF))
    page = opened(anna, number)
    file = re.findall(r"/biuro/zgloszenia/plik/\d+", page)[0]
    missing = number[:-1] + ("1" if number[-1] != "1" else "2")
    form = read(page) | {"tresc-odpowiedzi": "x", "dalej": "closed", "stan": "closed", "co": "tresc"}
    form["powod"] = "sprawdzam cudze zgłoszenie"
    for act in ("odpowiedz", "stan", "przekaz", "pokaz"):
        answers = [bozena.post(address(one, act), data=form) for one in (number, missing)]
        assert [answer.status_code for answer in answers] == [404, 404], act
        assert answers[0].text == answers[1].text
    looked = [bozena.get(address(one)) for one in (number, missing)]
    assert [answer.status_code for answer in looked] == [404, 404]
    assert looked[0].text == looked[1].text
    assert bozena.get(file).status_code == bozena.get("/biuro/zgloszenia/plik/99999999").status_code == 404
    assert number not in bozena.get("/biuro/zgloszenia?stan=all").text
    assert "viewed" not in [kind for kind, _ in acts(system, missing)]
    assert read(opened(anna, number))["wersja"] == read(page)["wersja"]


def test_the_desk_is_the_agents(system: System, reviewer: Colleague) -> None:
    for path in ("/biuro/zgloszenia", "/biuro/telefony", address("Z/1"), "/biuro/zgloszenia/plik/1"):
        assert reviewer.get(path).status_code == 403
        assert Visitor(system.url).get(path, allow_redirects=False).status_code == 303


def test_who_comes_second_reads_what_the_first_did_and_saves_then(
    system: System, anna: Colleague, jan: Colleague
) -> None:
    number = write(system.signed_in(HELENA), "Dzień dobry")
    before = opened(jan, number)
    assert reply(anna, number, "Odpowiada Anna.").status_code == 303
    late = reply(jan, number, "Odpowiada Jan.", before, dalej="in_progress")
    assert late.status_code == 409
    assert "Ktoś był szybszy" in late.text
    assert "Odpowiada Anna." in re.findall(r'<li class="staff fresh">.*?</li>', late.text, re.DOTALL)[0]
    assert "Stan: <strong>Zamknięte</strong> (było: Nowe)" in late.text
    assert ">Odpowiada Jan.</textarea>" in late.text
    with_file = reply(jan, number, "Odpowiada Jan.", before, {"plik": ("pismo.pdf", PDF)})
    assert "Wybierz plik jeszcze raz." in with_file.text
    again = reply(jan, number, "Odpowiada Jan.", late.text, dalej="in_progress")
    assert again.status_code == 303
    page = opened(anna, number)
    assert page.index("Odpowiada Anna.") < page.index("Odpowiada Jan.")
    assert len([mail for mail in system.mails(HELENA) if "Jest odpowiedź" in mail["subject"]]) == 2


@pytest.mark.parametrize("version", ["", "-1", "999", "abc", "1" * 50, "٣"])
def test_a_version_made_by_hand_changes_nothing(system: System, anna: Colleague, version: str) -> None:
    number = write(system.signed_in(HELENA), "Dzień dobry")
    for act in ("odpowiedz", "stan", "przekaz"):
        form = {"tresc-odpowiedzi": "x", "dalej": "closed", "stan": "closed", "wersja": version}
        answer = anna.post(address(number, act), data=form, allow_redirects=False)
        assert answer.status_code in (400, 409)
    assert read(opened(anna, number))["byl"] == "new"


def test_an_empty_and_a_huge_answer_are_told_so_and_what_was_typed_stays(system: System, anna: Colleague) -> None:
    number = write(system.signed_in(HELENA), "Dzień dobry")
    empty = reply(anna, number, "   ")
    assert empty.status_code == 400
    assert "Napisz odpowiedź." in empty.text
    undecided = reply(anna, number, "Odpowiedź", dalej="")
    assert "Wybierz, co dalej." in undecided.text
    assert ">Odpowiedź</textarea>" in undecided.text
    huge = reply(anna, number, "ą" * 5000)
    assert huge.status_code == 400
    assert "ą" * 5000 in huge.text
    assert reply(anna, number, "ą" * 1_000_000).status_code == 400
    assert reply(anna, number, "tak\x00nie").status_code == 400
    assert reply(anna, number, "x", dalej="'; DROP TABLE").status_code == 400
    assert 'class="staff"' not in opened(anna, number)


def test_a_closed_ticket_takes_an_answer_and_can_be_opened_again(system: System, anna: Colleague) -> None:
    number = write(system.signed_in(HELENA), "Dzień dobry")
    assert reply(anna, number, "Zamykamy.").status_code == 303
    assert reply(anna, number, "Jeszcze dopisek.").status_code == 303
    form = read(opened(anna, number)) | {"stan": "in_progress"}
    assert anna.post(address(number, "stan"), data=form, allow_redirects=False).status_code == 303
    assert read(opened(anna, number))["byl"] == "in_progress"
    assert ("changed_status", "W toku") in acts(system, number)


def test_handing_over_tells_the_other_team(system: System, anna: Colleague, bozena: Colleague) -> None:
    number = write(system.signed_in(HELENA), "Dzień dobry")
    form = read(opened(anna, number)) | {"uwagi": "Proszę o pomoc"}
    done = anna.post(address(number, "przekaz"), data=form, allow_redirects=False)
    assert done.headers["location"] == "/biuro/zgloszenia?gotowe=przekazano"
    assert anna.get(address(number)).status_code == 404
    assert "Dzień dobry" in opened(bozena, number)
    letter = system.mails(BOK)[-1]
    assert number in letter["subject"]
    assert "Proszę o pomoc" in letter["text"]
    assert ("handed_over", "cok → bok") in acts(system, number)


def test_a_file_is_a_download_only_and_goes_both_ways(system: System, anna: Colleague) -> None:
    helena = system.signed_in(HELENA)
    number = write(helena, "Dzień dobry", plik=("skan.pdf", PDF))
    page = opened(anna, number)
    file = anna.get(re.findall(r"/biuro/zgloszenia/plik/\d+", page)[0])
    assert file.content == PDF
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"] == "sandbox"
    assert "downloaded" in [kind for kind, _ in acts(system, number)]
    assert reply(anna, number, "x", files={"plik": ("p.exe", b"MZ")}).status_code == 415
    assert reply(anna, number, "Pismo w załączniku", files={"plik": ("pismo.pdf", PDF)}).status_code == 303
    portal = helena.get(f"/zgloszenia/zgloszenie?numer={number}").text
    own = re.findall(r'(/zgloszenia/plik/\d+)">pismo.pdf', portal)[0]
    assert helena.get(own).content == PDF


@pytest.mark.parametrize("file_id", ["0", "-1", "9" * 30, "x", "1.5"])
def test_a_files_address_made_by_hand_finds_nothing(system: System, anna: Colleague, file_id: str) -> None:
    assert anna.get(f"/biuro/zgloszenia/plik/{file_id}").status_code == 404


def test_what_is_hidden_is_shown_one_by_one_to_who_says_why(system: System, anna: Colleague) -> None:
    number = write(system.signed_in(HELENA), f"Mój PESEL to {PESEL}")
    refused = anna.post(address(number, "pokaz"), data={"co": "tresc", "powod": "bo tak"})
    assert refused.status_code == 400
    assert PESEL not in refused.text
    assert (
        anna.post(address(number, "pokaz"), data={"co": "haslo", "powod": "sprawdzam hasło klienta"}).status_code == 404
    )
    reason = f"porównanie z umową klienta {PESEL}"
    shown = anna.post(address(number, "pokaz"), data={"co": "tresc", "powod": reason})
    assert PESEL in shown.text
    assert HELENA not in shown.text
    assert HELENA in anna.post(address(number, "pokaz"), data={"co": "e-mail", "powod": reason}).text
    assert PESEL not in opened(anna, number)
    told = [reason for kind, reason in acts(system, number) if kind == "revealed"]
    assert told == [f"{what}: porównanie z umową klienta [PESEL]" for what in ("Treść zgłoszenia", "Adres e-mail")]


@pytest.mark.parametrize(
    "query",
    [
        "stan=nic&rodzaj=nic&po=nic",
        "po=99_2026-13-45_Z",
        "po=1_2026-11-11_%00",
        "po=1_0001-01-01_Z%2F1",
        "po=1_9999-12-31_Z%2F1",
        "szukaj=%00%01",
        "szukaj=%22%20%25%20%27%3B%20DROP%20TABLE%20tickets%3B%20--",
        "szukaj=NEAR(a*)%20AND%20%3Cscript%3E",
        "szukaj=" + "a" * 3000,
        "szukaj=%ff%fe",
        "stan=closed&stan=new",
    ],
)
def test_a_list_made_by_hand_is_an_ordinary_one(system: System, anna: Colleague, query: str) -> None:
    answer = anna.get(f"/biuro/zgloszenia?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert anna.get(f"/biuro/telefony?{query}").status_code == 200


@pytest.mark.parametrize("number", ["", "%00", "%ff", "'; DROP TABLE tickets; --", "a" * 3000, "Z%2F1%0d%0aX: y"])
def test_a_number_made_by_hand_finds_nothing(system: System, anna: Colleague, number: str) -> None:
    for path in ("zgloszenia/zgloszenie", "telefony/telefon"):
        assert anna.get(f"/biuro/{path}?numer={number}").status_code == 404


def test_search_finds_by_number_subject_and_text_without_diacritics(system: System, anna: Colleague) -> None:
    helena = system.signed_in(HELENA)
    number = write(helena, f"Błąd w ŁODZI {HOSTILE}", "Zażółć gęślą")
    other = write(helena, "Coś innego")
    for words in ("blad w lodzi", "ZAZOLC", number, number[-8:], "<script>", "%", '"', "'; drop"):
        page = anna.get("/biuro/zgloszenia", params={"szukaj": words}).text
        assert number in page, words
        assert other not in page, words
    assert number not in anna.get("/biuro/zgloszenia", params={"szukaj": "_", "rodzaj": "query"}).text


def test_what_is_late_stands_first(system: System, anna: Colleague) -> None:
    """An old imported ticket that is opened again."""
    fresh = write(system.signed_in(HELENA), "Dzień dobry")
    number = re.findall(r"Z/K\d{7}/1", anna.get("/biuro/zgloszenia?stan=closed").text)[0]
    form = read(opened(anna, number)) | {"stan": "new"}
    anna.post(address(number, "stan"), data=form)
    page = anna.get("/biuro/zgloszenia").text
    assert "1 zgłoszenie po terminie" in page
    assert page.index(number) < page.index(fresh)
    late = anna.get("/biuro/zgloszenia?po-terminie=tak").text
    assert number in late
    assert fresh not in late


@pytest.mark.parametrize("first", ["zgloszenia", "zgloszenia?stan=closed&szukaj=pytanie", "telefony"])
async def test_a_long_list_goes_on_without_gap_or_repetition(system: System, anna: Colleague, first: str) -> None:
    status = "closed" if "closed" in first else "new"
    await add_many(system.database_url, 120, status)
    seen: list[str] = []
    path = f"/biuro/{first}"
    while path:
        page = anna.get(path).text
        seen += re.findall(r"(?:X/\d{3}|T/x\d{3})(?=</)", page)
        following = re.findall(r'<a href="([^"]+)">Dalsze</a>', page)
        path = html.unescape(following[0]) if following else ""
    assert len(seen) == len(set(seen)) == 120


async def add_many(url: str, count: int, status: str) -> None:
    """Tickets and calls of cok, some of the same day and hour."""
    database, now = Database(url), dt.datetime.now(dt.UTC)
    shared = {"team": "cok", "kind": "query", "status": status, "subject": "Pytanie", "text": "Ile?"}
    call = {"team": "cok", "phone": b"", "conversation_id": "k_1", "made_at": now}
    try:
        async with database.write() as session:
            for number in range(count):
                opened = now.date() - dt.timedelta(days=number % 7)
                begins = now + dt.timedelta(hours=number % 7)
                session.add(Ticket(ticket_no=f"X/{number:03}", opened=opened, **shared))
                session.add(Callback(callback_no=f"T/x{number:03}", begins=begins, ends=begins, **call))
    finally:
        await database.close()


# Telephones


def wish(system: System) -> str:
    """A call that a stranger asked for, tomorrow; its number."""
    customer = system.customer()
    customer.say("oddzwońcie do mnie")
    customer.say("501 234 567")
    customer.say("jutro między 10 a 12")
    callbacks = requests.get(f"{system.url}/dev/effects", timeout=10).json()["callbacks"]
    return str(callbacks[-1]["callback_no"])


def phone_page(number: str, act: str = "telefon") -> str:
    return f"/biuro/telefony/{act}?numer={number.replace('/', '%2F')}"


def test_a_number_is_shown_by_an_act_and_what_came_of_the_call_is_kept(system: System, anna: Colleague) -> None:
    number = wish(system)
    page = anna.get(phone_page(number)).text
    assert "501 234 567" not in page
    assert "501234567" not in page
    assert number in anna.get("/biuro/telefony").text
    assert "+48501234567" in anna.post(phone_page(number, "numer")).text
    assert ("revealed", "Numer telefonu") in acts(system, number)
    form = {"wersja": "0", "wynik": f"Dzwoni z {PESEL} i 501 234 567", "dalej": "zadzwonione"}
    assert anna.post(phone_page(number, "wynik"), data=form, allow_redirects=False).status_code == 303
    assert number not in anna.get("/biuro/telefony").text
    done = anna.get("/biuro/telefony?stan=zadzwonione").text
    assert "Dzwoni z [PESEL] i [telefon]" in done
    assert ("called", "Rozmowa odbyta, sprawa załatwiona") in acts(system, number)
    late = anna.post(phone_page(number, "wynik"), data=form | {"wynik": "Nie odbiera"})
    assert late.status_code == 409
    assert "Nie odbiera</textarea>" in late.text
    assert anna.post(phone_page(number, "wynik"), data=form | {"wynik": ""}).status_code == 400
    assert anna.post(phone_page(number, "wynik"), data=form | {"dalej": "nic"}).status_code == 400


def test_another_teams_call_and_none_look_the_same(system: System, bozena: Colleague) -> None:
    number = wish(system)
    missing = number[:-1] + ("1" if number[-1] != "1" else "2")
    form = {"wersja": "0", "wynik": "x", "dalej": "zadzwonione"}
    for one in (number, missing):
        assert bozena.get(phone_page(one)).status_code == 404
        assert bozena.post(phone_page(one, "numer")).status_code == 404
        assert bozena.post(phone_page(one, "wynik"), data=form).status_code == 404
    assert bozena.get(phone_page(number)).text == bozena.get(phone_page(missing)).text
    assert acts(system, number) == []


def test_a_call_whose_hours_are_over_is_marked(system: System, anna: Colleague) -> None:
    system.set_clock((dt.datetime.now(dt.UTC) - dt.timedelta(days=3)).isoformat())
    number = wish(system)
    system.set_clock(None)
    page = anna.get("/biuro/telefony").text
    assert "1 telefon po terminie" in page
    assert number in anna.get("/biuro/telefony?po-terminie=tak").text
    assert number not in anna.get("/biuro/telefony?stan=zadzwonione&po-terminie=tak").text
