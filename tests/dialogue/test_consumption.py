"""Consumption as people ask for it: periods, points, the year before, and what mojBOK does not hold."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
import requests

from tests.support.system import Customer, System

HELENA = "helena.mroz@poczta.example"


@pytest.fixture
def helena(system: System) -> Customer:
    system.set_clock("2026-11-24T10:00:00+01:00")
    return system.identified(HELENA)


def test_a_month_beside_the_year_before_as_sentence_picture_and_table(helena: Customer) -> None:
    message = helena.say("ile prądu zużyłam w marcu").messages[0]
    assert message["text"].startswith("Zużycie, marzec 2026: ")
    assert "niż rok wcześniej (" in message["text"]
    assert message["table"]["columns"] == ["Miesiąc", "Zużycie", "Rok wcześniej"]
    (row,) = message["table"]["rows"]
    assert row[0] == "marzec 2026"
    assert f": {row[1].removesuffix(' (szacunek)')}." in message["text"]
    picture = requests.get(message["image"]["url"], timeout=10)
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert ET.fromstring(picture.text).attrib["role"] == "img"
    assert "tabeli" in message["image"]["alt"]


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("zużycie za pierwszy kwartał", "styczeń–marzec 2026"),
        ("zużycie od marca do maja", "marzec–maj 2026"),
        ("zużycie w zeszłym roku", "2025"),
        ("porównaj zużycie z zeszłym rokiem", "styczeń–listopad 2026"),
    ],
)
def test_quarters_ranges_and_years(helena: Customer, said: str, period: str) -> None:
    assert f"Zużycie, {period}: " in helena.say(said).text


def test_short_questions_lean_on_the_last_one(helena: Customer) -> None:
    helena.say("ile prądu zużyłam w marcu")
    assert "kwiecień 2026" in helena.say("a w kwietniu?").text
    assert "kwiecień 2025" in helena.say("ten sam okres rok wcześniej").text


def test_before_the_cut_over_the_customer_is_sent_to_ebok_and_no_percentage_is_said(helena: Customer) -> None:
    text = helena.say("zużycie za 2024").text
    assert "eBOK" in text
    assert "nie ma z czym go porównać" in text
    assert "%" not in text


def test_the_present_month_is_partial_and_says_so(helena: Customer) -> None:
    reply = helena.say("zużycie w tym miesiącu")
    assert "jeszcze trwa" in reply.text
    assert "%" not in reply.text


def test_a_reversed_range_is_put_right_and_a_future_one_told(helena: Customer) -> None:
    reversed_ = helena.say("zużycie od maja 2026 do marca 2026").text
    assert "zamienione" in reversed_
    assert "marzec–maj 2026" in reversed_
    assert "jeszcze się nie zaczął" in helena.say("zużycie za maj 2027").text


def test_estimates_are_marked(helena: Customer) -> None:
    reply = helena.say("zużycie za 2025")
    marked = [row for row in reply.messages[0]["table"]["rows"] if "szacunek" in str(row)]
    assert bool(marked) == ("oszacowane" in reply.text)
    assert marked


def test_the_page_shows_the_same_figures(system: System, helena: Customer) -> None:
    rows = helena.say("zużycie za 2025").messages[0]["table"]["rows"]
    page = system.signed_in(HELENA).get("/zuzycie?rok=2025").text
    assert all(cell.removesuffix(" (szacunek)") in page for row in rows for cell in row[1:])


def test_of_several_points_one_is_chosen_and_remembered(system: System) -> None:
    system.set_clock("2026-11-24T10:00:00+01:00")
    customer, first, second = customer_with_points(system)
    asked = customer.say("ile prądu zużyłam w marcu")
    assert "O który punkt" in asked.text
    assert asked.titles[-1] == "Wszystkie razem"
    assert f"{first}, marzec 2026" in customer.choose(asked.choice(first)).text
    assert f"{first}, maj 2026" in customer.say("a w maju?").text
    assert f"{second}, maj 2026" in customer.say(f"a {second.lower()}?").text
    everything = customer.say("zużycie w maju dla wszystkich razem").text
    assert everything.startswith("Zużycie, maj 2026")


def customer_with_points(system: System) -> tuple[Customer, str, str]:
    """An identified customer of the showcase with several points, and two of their labels."""
    for email in ("kazimierz.jez@poczta.example", "lucja.wrona@poczta.example", "jan.pajak@poczta.example"):
        customer = system.identified(email)
        labels = [line.split(":")[0] for line in customer.say("pokaż punkty poboru").text.split("\n")[1:]]
        if len(labels) > 1:
            return customer, labels[0], labels[1]
    raise AssertionError("nobody in the showcase has several points")


def test_points_contracts_and_my_data_are_read_out(helena: Customer) -> None:
    assert "PPE 5900" in helena.say("pokaż punkty poboru").text
    assert "aktywne umowy" in helena.say("moje umowy").text
    data = helena.say("pokaż moje dane")
    assert "K0000101" in data.text
    assert data.messages[0]["links"][0]["url"].endswith("/moje-dane")
