"""The journal over HTTP: what was done on tickets, calls and exports is read by administrators, and by nobody else."""

from __future__ import annotations

import html
import re

import pytest
import requests

from tests.e2e.test_office_desk import HELENA, opened, phone_page, reply, wish, write
from tests.support.office import Colleague, activated, at_work
from tests.support.system import System

HOSTILE = ['"', "%", "'; DROP TABLE staff_acts; --", "<script>alert(1)</script>", "NEAR(a, b) AND OR *"]


@pytest.fixture(scope="module")
def adam(running: System) -> Colleague:
    return at_work(running, "adam.dziennik", "administrator")


@pytest.fixture(scope="module")
def ala(running: System) -> Colleague:
    """Of the desk, and an administrator too."""
    return at_work(running, "ala.dziennik", "agent", "administrator", team="cok")


@pytest.fixture(scope="module")
def rita(running: System) -> Colleague:
    return at_work(running, "rita.dziennik", "reviewer")


def rows(colleague: Colleague, **filters: str) -> list[list[str]]:
    """The cells of each row, as they are read."""
    answer = colleague.get("/biuro/dziennik", params=filters)
    assert answer.status_code == 200, answer.text
    return [
        [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in re.findall(r"<tr>\s*(<td>.*?)</tr>", answer.text, re.DOTALL)
    ]


def number_of_member(colleague: Colleague, login: str) -> str:
    """The value by which a member is chosen."""
    return re.findall(rf'<option value="(\d+)"[^>]*>[^<]*\({login}\)', colleague.get("/biuro/dziennik").text)[0]


def test_an_answer_to_a_ticket_is_read_by_ticket_and_by_member(system: System, ala: Colleague, adam: Colleague) -> None:
    number = write(system.signed_in(HELENA), "Licznik stoi.")
    assert reply(ala, number, "Sprawdzone.").status_code == 303
    answered, viewed = rows(adam, dotyczy=number)
    assert answered[1:] == ["Ala Dziennik", "odpowiedź na zgłoszenie", number, "–"]
    assert re.fullmatch(r"\d{1,2} \w+ \d{4}, godz\. \d{1,2}:\d\d", answered[0])
    assert viewed[1:4] == ["Ala Dziennik", "wyświetlenie", number]
    who = number_of_member(adam, ala.login)
    assert rows(adam, kto=who, co="answered", dotyczy=number) == [answered]
    assert rows(adam, kto=number_of_member(adam, adam.login), dotyczy=number) == []


def test_ticket_and_call_lead_to_their_journal_and_back(system: System, ala: Colleague, adam: Colleague) -> None:
    ticket, call = write(system.signed_in(HELENA), "Licznik stoi."), wish(system)
    for number, page, name in (
        (ticket, opened(ala, ticket), "Dziennik tego zgłoszenia"),
        (call, ala.get(phone_page(call)).text, "Dziennik tego telefonu"),
    ):
        (link,) = re.findall(rf'<a href="([^"]+)">{name}</a>', page)
        told = ala.get(html.unescape(link)).text
        (back, *_) = re.findall(rf'<a href="([^"]+)">{number}</a>', told)
        assert ala.get(html.unescape(back)).status_code == 200
        assert f">{number}</a>" not in adam.get(html.unescape(link)).text, "Adam may not open it"
        assert number in adam.get(html.unescape(link)).text


def test_who_may_not_read_the_journal_finds_no_link_to_it(system: System) -> None:
    clerk = at_work(system, "celina.dziennik", "agent", team="cok")
    number = write(system.signed_in(HELENA), "Licznik stoi.")
    assert "dziennik?" not in opened(clerk, number)


def test_an_export_a_search_and_a_sign_in_are_read(system: System, ala: Colleague, adam: Colleague) -> None:
    assert ala.get("/biuro/liczby/rozmowy.csv?kanal=web&szukaj=jan.kos@poczta.example").status_code == 200
    assert ala.get("/biuro/rozmowy?klient=K0000101").status_code == 200
    who = number_of_member(adam, ala.login)
    assert rows(adam, kto=who, co="exported")[0][2:4] == [
        "pobranie CSV",
        "rozmowy (Słowa w rozmowie: [e-mail]; Kanał: Strona WWW)",
    ]
    (sought, *_) = rows(adam, kto=who, co="sought_customer")
    assert re.fullmatch(r"klient \d+", sought[3])
    assert sought in rows(adam, dotyczy=sought[3])
    assert rows(adam, kto=who, co="signed_in")[0][1:3] == ["Ala Dziennik", "zalogowanie"]
    page = adam.get("/biuro/dziennik").text
    assert "jan.kos" not in page
    assert "K0000101" not in page


def test_what_nobody_of_the_office_did_is_read_as_such(system: System, adam: Colleague) -> None:
    stranger = system.browser()
    stranger.post("/biuro/logowanie", data={"login": "nie.ma.takiego", "haslo": "cokolwiek"})
    assert rows(adam, kto="nikt", co="sign_in_failed")[0][1:] == ["nikt z biura", "nieudane logowanie", "–", "–"]


def test_reading_the_journal_writes_nothing_into_it(system: System, adam: Colleague) -> None:
    before = len(system.tables()["staff_acts"])
    adam.get("/biuro/dziennik?co=viewed")
    assert len(system.tables()["staff_acts"]) == before


def test_pages_follow_one_another(system: System, adam: Colleague) -> None:
    customer = system.customer()
    for _ in range(52):
        assert adam.get(f"/biuro/rozmowy/{customer.id}").status_code == 200
    first = adam.get(f"/biuro/dziennik?dotyczy={customer.id}").text
    assert "Nowsze" not in first
    (older, *_) = re.findall(r'<a href="([^"]+)">Starsze</a>', first)
    second = adam.get(html.unescape(older)).text
    assert (first.count("<tr>"), second.count("<tr>")) == (51, 3)
    assert "Starsze" not in second
    (newer, *_) = re.findall(r'<a href="([^"]+)">Nowsze</a>', second)
    assert re.findall("<time.*", adam.get(html.unescape(newer)).text) == re.findall("<time.*", first)


@pytest.mark.parametrize("role", ["reviewer", "agent", "trainer"])
def test_other_roles_are_told_that_they_may_not(system: System, role: str) -> None:
    colleague = at_work(system, f"{role}.dziennik", role, team="bok")
    for path in ("/biuro/dziennik", "/biuro/dziennik?dotyczy=Z/2026/00000001", "/biuro/dziennik?od=x"):
        assert colleague.get(path).status_code == 403
    assert "/biuro/dziennik" not in colleague.get("/biuro/rozmowy").text


def test_nobody_reads_it_without_signing_in(system: System) -> None:
    invited = activated(system, "igor.dziennik", "administrator")
    for visitor in (invited.http, requests.Session()):
        answer = visitor.get(f"{system.url}/biuro/dziennik?kto=nikt", allow_redirects=False, timeout=10)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/biuro/logowanie")


def test_empty_fields_of_the_form_do_not_stand_in_the_address(system: System, adam: Colleague) -> None:
    answer = adam.get("/biuro/dziennik?od=&do=&kto=nikt&co=&dotyczy=", allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/biuro/dziennik?kto=nikt")


@pytest.mark.parametrize(
    "query",
    [
        "od=wczoraj",
        "od=0000-00-00",
        "do=9999-12-31",
        "od=2026-11-05&do=2026-11-01",
        "kto=0",
        "kto=99999999999999999999",
        "kto=anna",
        "co=inne",
        "dotyczy=%00",
        "dotyczy=" + "a" * 401,
        "przed=0",
        "przed=-1",
        "przed=99999999999999999999",
        "po=%22",
    ],
)
def test_an_address_made_by_hand_gets_an_ordinary_answer(system: System, adam: Colleague, query: str) -> None:
    assert adam.get(f"/biuro/dziennik?{query}").status_code == 400


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_only_values(system: System, adam: Colleague, value: str) -> None:
    assert rows(adam, dotyczy=value) == []
    assert "<script>" not in adam.get("/biuro/dziennik", params={"dotyczy": value}).text
    for name in ("od", "do", "kto", "co", "przed", "po"):
        answer = adam.get("/biuro/dziennik", params={name: value})
        assert answer.status_code == 400
        assert "<script>" not in answer.text
