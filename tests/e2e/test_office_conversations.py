"""The list of conversations over HTTP: what was said a moment ago is found, and who may look for what."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.office import Colleague, at_work
from tests.support.system import Customer, System
from tests.support.waiting import until

LIST = "/biuro/rozmowy"
HELENA = "helena.mroz@poczta.example"
HOSTILE = "<script>alert(1)</script> \"; DROP TABLE summaries; -- 100% _ NEAR(a, b) ' {{ 7*7 }}"


@pytest.fixture(scope="module")
def reviewer(running: System) -> Colleague:
    return at_work(running, "lena.lista", "reviewer")


@pytest.fixture(scope="module")
def agent(running: System) -> Colleague:
    return at_work(running, "adam.lista", "agent", team="cok")


def listed(colleague: Colleague, **filters: str) -> list[str]:
    """The ids of the conversations on the first page."""
    answer = colleague.get(LIST, params=filters)
    assert answer.status_code == 200, answer.text
    return re.findall(r'href="/biuro/rozmowy/(k_[\w-]+)"', answer.text)


def is_listed(colleague: Colleague, customer: Customer, **filters: str) -> None:
    """Waits until the summary is there."""
    until(lambda: customer.id in listed(colleague, **filters), lambda: f"not listed under {filters}", 15)


def test_what_was_said_a_moment_ago_is_found_in_other_forms(system: System, reviewer: Colleague) -> None:
    customer, silent = system.customer(), system.customer()
    customer.say("Gdzie są moje rachunki?")
    is_listed(reviewer, customer, szukaj="rachunku")
    is_listed(reviewer, silent)
    assert listed(reviewer, szukaj="rachunek gołębia") == []
    page = reviewer.get(LIST).text
    assert "Gdzie są moje rachunki?" in page
    assert "Nic nie napisano" in page


def test_failed_conversations_about_invoices_are_found(system: System, reviewer: Colleague) -> None:
    failed, fine = system.customer(), system.customer()
    failed.say("pokaż moje faktury")
    failed.say("anuluj")
    failed.say("w sprawie papierów")
    fine.say("pokaż moje faktury")
    wanted = {"niezrozumiane": "tak", "intencja": "show_documents", "stan": "new"}
    is_listed(reviewer, failed, **wanted)
    is_listed(reviewer, fine, niezrozumiane="nie", zadanie="show_documents", wynik="begun")
    assert listed(reviewer, **wanted) == [failed.id]
    assert listed(reviewer, zadanie="show_documents", wynik="given_up") == [failed.id]
    reviewer.post(f"{LIST}/{failed.id}/stan", data={"stan": "reviewed"})
    is_listed(reviewer, failed, stan="reviewed", niezrozumiane="tak")
    until(lambda: listed(reviewer, **wanted) == [])


def test_a_rating_and_a_tag_are_found(system: System, reviewer: Colleague) -> None:
    customer = system.customer()
    reply = customer.say("jak się zarejestrować?")
    is_listed(reviewer, customer, ocena="brak")
    rating = {"seq": reply.messages[-1]["seq"], "score": "down"}
    assert customer.http.post(f"{customer.place}/feedback", json=rating, timeout=10).status_code == 204
    is_listed(reviewer, customer, ocena="down")
    reviewer.post(f"{LIST}/{customer.id}/tag", data={"tag": "Do szkolenia"})
    is_listed(reviewer, customer, tag="do szkolenia", ocena="down")


def test_a_customers_conversations_are_found_by_number_and_that_is_recorded(
    system: System, agent: Colleague, reviewer: Colleague
) -> None:
    customer = system.identified(HELENA)
    rows = system.tables()["customers"]
    number, id_ = next((row[1], row[0]) for row in rows if HELENA in row)
    is_listed(agent, customer, klient=number, tozsamosc="tak")
    assert listed(agent, klient="K9999999") == []
    acts = [row[3:5] for row in system.tables()["staff_acts"] if row[3] == "sought_customer"]
    assert ("sought_customer", f"customer {id_}") in acts
    assert ("sought_customer", None) in acts
    before = len(acts)
    answer = reviewer.get(LIST, params={"klient": number})
    assert answer.status_code == 403
    assert customer.id not in answer.text
    assert 'name="klient"' not in reviewer.get(LIST).text
    assert len([row for row in system.tables()["staff_acts"] if row[3] == "sought_customer"]) == before


def test_nothing_personal_is_shown_or_searched(system: System, reviewer: Colleague) -> None:
    customer = system.customer()
    customer.say("zapytanie z adresu jan.kowal@poczta.example, tel. 601 202 303")
    is_listed(reviewer, customer, szukaj="zapytanie")
    page = reviewer.get(LIST).text
    assert "[e-mail]" in page
    assert "jan.kowal" not in page
    assert listed(reviewer, szukaj="kowal") == []
    assert "kowal" not in str(system.tables()["summaries"])


def test_hostile_text_is_text(system: System, reviewer: Colleague) -> None:
    customer = system.customer()
    customer.say(HOSTILE)
    is_listed(reviewer, customer, szukaj=HOSTILE)
    page = reviewer.get(LIST, params={"szukaj": HOSTILE}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page


@pytest.mark.parametrize(
    "query",
    [
        "od=wczoraj",
        "kanal=%27%20OR%201%3D1",
        "pewnosc=1e9",
        "szukaj=%25",
        "szukaj=%22",
        "od=2026-11-05&do=2026-11-04",
        "przed=abc",
        "przed=99999999999999999999-k_1",
        "po=1-k%271",
    ],
)
def test_an_address_made_by_hand_is_answered_plainly(reviewer: Colleague, query: str) -> None:
    answer = reviewer.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert 'href="/biuro/rozmowy/k_' not in answer.text


@pytest.mark.parametrize(
    "query", ["nieznany=1", "kanal=", "kanal=web&kanal=telegram", "przed=0-k_1", "po=1-k_1", "%00=1"]
)
def test_an_odd_address_is_still_a_list(reviewer: Colleague, query: str) -> None:
    assert reviewer.get(f"{LIST}?{query}").status_code == 200


def test_pages_lead_to_older_ones_and_back(system: System, reviewer: Colleague) -> None:
    talks = [system.customer().id for _ in range(53)]
    until(lambda: len(set(listed(reviewer))) == 50 and talks[-1] in listed(reviewer))
    until(lambda: all(not row for row in unsummarised(system)))
    first = reviewer.get(f"{LIST}?kanal=web").text
    assert ">Nowsze<" not in first
    older = follow(reviewer, first, "Starsze")
    assert re.findall(r'href="/biuro/rozmowy/(k_[\w-]+)"', older) == list(reversed(talks[:3]))
    assert ">Starsze<" not in older
    back = follow(reviewer, older, "Nowsze")
    assert re.findall(r'href="/biuro/rozmowy/(k_[\w-]+)"', back) == list(reversed(talks[3:]))


def follow(colleague: Colleague, page: str, words: str) -> str:
    """The page behind a link, which keeps the filter."""
    address = re.findall(rf'href="([^"]+)">{words}<', page)[0].replace("&amp;", "&")
    assert parse_qs(urlsplit(address).query)["kanal"] == ["web"]
    return colleague.get(address).text


def unsummarised(system: System) -> list[bool]:
    """Whether each conversation still waits for its summary."""
    tables = system.tables()
    done = {row[1] for row in tables["summaries"]}
    return [row[0] not in done for row in tables["conversations"]]
