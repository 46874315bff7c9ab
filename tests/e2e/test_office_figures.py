"""Figures and CSV over HTTP: from what customers say to numbers, from numbers to the list, and out of the house."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
import requests

from tests.support.office import Colleague, at_work
from tests.support.system import System
from tests.support.waiting import until

HELENA = "helena.mroz@poczta.example"
NUMBER = "K0000101"
NONSENSE = "kolor godziny przeglądarka raty"
HOSTILE = "<script>alert(1)</script> '; DROP TABLE summaries; -- 100% _ NEAR(a, b) \" AND OR *"


@pytest.fixture(scope="module")
def reviewer(running: System) -> Colleague:
    return at_work(running, "rita.liczby", "reviewer")


@pytest.fixture(scope="module")
def agent(running: System) -> Colleague:
    return at_work(running, "alek.liczby", "agent", team="cok")


@pytest.fixture(scope="module")
def both(running: System) -> Colleague:
    return at_work(running, "beata.liczby", "agent", "reviewer", team="cok")


def figures(colleague: Colleague, numbers: dict[str, int]) -> str:
    """The page once it has these numbers: conversations are summed up soon after they change."""
    page = ""

    def summed_up() -> bool:
        nonlocal page
        page = colleague.get("/biuro/liczby").text
        return all(number(page, name) == count for name, count in numbers.items())

    until(summed_up, lambda: str({name: number(page, name) for name in numbers}))
    return page


def cell(page: str, name: str) -> str:
    """The first number of a row."""
    found = re.search(rf'<th scope="row">{name}</th><td[^>]*>(.*?)</td>', page, re.DOTALL)
    return found[1] if found else ""


def number(page: str, name: str) -> int:
    bare = re.sub(r"<[^>]+>|\s", "", cell(page, name))
    return int(bare) if bare.isdigit() else 0


def listed(colleague: Colleague, page: str, name: str) -> int:
    """How many conversations stand in the list behind the number of a row."""
    link = re.search(r'href="([^"]+)"', cell(page, name))
    assert link, name
    return colleague.get(html.unescape(link[1])).text.count('href="/biuro/rozmowy/k_')


def rows(answer: requests.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def exports(system: System) -> list[str]:
    return [subject for _, _, _, kind, subject, _ in system.tables()["staff_acts"] if kind == "exported"]


def test_numbers_lead_to_their_conversations(system: System, reviewer: Colleague) -> None:
    asks, thanks, lost = system.customer(), system.customer(), system.customer()
    asks.say("gdzie są moje faktury?")
    thanks.say("jak założyć konto?")
    thanks.say("dziękuję")
    lost.say(NONSENSE)
    lost.say("chcę rozmawiać z konsultantem, jestem klientem indywidualnym")
    of_customers = {
        "Rozmowy": 3,
        "Z niezrozumianą wiadomością": 1,
        "Przekazanie: zaproponowane": 1,
        "Strona WWW": 3,
        "Podziękowanie": 1,
        "Pomoc konsultanta": 1,
    }
    more = {"Wiadomości klientów": 5, "Bez pomocy, potwierdzone": 1, "Bez pomocy, przypuszczalne": 1}
    page = figures(reviewer, of_customers | more)
    for name, count in of_customers.items():
        assert listed(reviewer, page, name) == count, name


def test_the_last_thirty_days_stand_in_the_address(system: System, reviewer: Colleague) -> None:
    answer = reviewer.get("/biuro/liczby?kanal=web&gotowe=tag&zle=1", allow_redirects=False)
    assert answer.status_code == 303
    assert re.fullmatch(r"/biuro/liczby\?kanal=web&od=\d{4}-\d\d-\d\d", answer.headers["location"])
    page = reviewer.get("/biuro/liczby").text
    assert "Nie ma rozmów, które pasują do tego wyboru." in page


def test_the_export_has_what_is_filtered_and_is_recorded(system: System, reviewer: Colleague) -> None:
    known, lost = system.identified(HELENA), system.customer()
    lost.say(NONSENSE)
    lost.say("=1+1 mój adres to jan.kos@poczta.example")
    figures(reviewer, {"Rozmowy": 2, "Wiadomości klientów": 5})
    answer = reviewer.get("/biuro/liczby/rozmowy.csv?niezrozumiane=tak&szukaj=jan.kos@poczta.example")
    assert answer.status_code == 200
    answer = reviewer.get("/biuro/liczby/rozmowy.csv?tozsamosc=nie")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="mojbok-rozmowy-\d{4}-\d\d-\d\d.csv"', answer.headers["content-disposition"]
    )
    assert answer.headers["cache-control"] == "no-store"
    (row,) = rows(answer)
    assert row["Rozmowa"] == lost.id
    assert row["Ostatnia wiadomość"] == "'=1+1 mój adres to [e-mail]"
    everything = reviewer.get("/biuro/liczby/rozmowy.csv")
    assert {row["Rozmowa"] for row in rows(everything)} == {known.id, lost.id}
    assert {row["Numer klienta"] for row in rows(everything)} == {""}
    for personal in ("jan.kos", HELENA, "Mróz", NUMBER):
        assert personal not in everything.text
    assert exports(system)[-3:] == [
        "rozmowy?szukaj=%5Be-mail%5D&niezrozumiane=tak",
        "rozmowy?tozsamosc=nie",
        "rozmowy?",
    ]


def test_customer_numbers_are_for_who_may_find_customers(system: System, both: Colleague) -> None:
    system.identified(HELENA)
    figures(both, {"Wiadomości klientów": 3})
    until(lambda: [row["Numer klienta"] for row in rows(both.get("/biuro/liczby/rozmowy.csv"))] == [NUMBER])
    assert len(rows(both.get(f"/biuro/liczby/rozmowy.csv?klient={NUMBER}"))) == 1
    assert NUMBER not in str(system.tables()["staff_acts"])
    assert exports(system)[-1] == "rozmowy?klient=podany"


def test_tables_are_exported_as_they_stand_on_the_page(system: System, reviewer: Colleague) -> None:
    system.customer().say("jak założyć konto?")
    page = figures(reviewer, {"Wiadomości klientów": 1})
    links = [html.unescape(link) for link in re.findall(r'href="(/biuro/liczby/[a-z]+\.csv[^"]*)"', page)]
    assert len(links) >= 5
    for link in links:
        for row in rows(reviewer.get(link)):
            first = next(iter(row.values()))
            assert first in page or re.fullmatch(r"\d{4}-\d\d-\d\d|k_.*", first), link


def test_who_may_not_export_is_told_so(system: System, agent: Colleague) -> None:
    system.customer().say("jak założyć konto?")
    before = exports(system)
    assert ".csv" not in figures(agent, {"Wiadomości klientów": 1})
    for name in ("rozmowy", "dni"):
        assert agent.get(f"/biuro/liczby/{name}.csv").status_code == 403
    assert exports(system) == before


def test_nobody_reads_figures_without_signing_in(system: System) -> None:
    for path in ("/biuro/liczby", "/biuro/liczby/rozmowy.csv", "/biuro/liczby/dni.csv"):
        answer = requests.get(f"{system.url}{path}", allow_redirects=False, timeout=10)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/biuro/logowanie")


@pytest.mark.parametrize(
    "query",
    [
        "od=wczoraj",
        "od=2026-11-05&do=2026-11-01",
        "kanal=fax",
        "pewnosc=101",
        "szukaj=%22",
        "od=0000-00-00",
        "zespol=x",
    ],
)
def test_an_address_made_by_hand_gets_an_ordinary_answer(system: System, reviewer: Colleague, query: str) -> None:
    assert reviewer.get(f"/biuro/liczby?{query}&od=2026-11-01").status_code == 400
    for name in ("rozmowy", "dni"):
        assert reviewer.get(f"/biuro/liczby/{name}.csv?{query}").status_code == 400
    assert reviewer.get("/biuro/liczby/inne.csv").status_code == 404
    assert reviewer.get(f"/biuro/liczby/rozmowy.csv?klient={NUMBER}").status_code == 403


def test_hostile_words_are_only_words(system: System, reviewer: Colleague) -> None:
    customer = system.customer()
    customer.say(HOSTILE)
    page = figures(reviewer, {"Wiadomości klientów": 1})
    assert "<script>" not in page
    answer = reviewer.get("/biuro/liczby/rozmowy.csv", params={"szukaj": HOSTILE})
    assert [row["Rozmowa"] for row in rows(answer)] == [customer.id]
    assert "<script>" not in reviewer.get("/biuro/liczby", params={"od": "2026-01-01", "szukaj": HOSTILE}).text
