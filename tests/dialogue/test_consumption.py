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


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("a latem", "czerwiec–sierpień 2026"),
        ("a zimą 2025", "grudzień 2024–luty 2025"),
        ("a dwa miesiące temu", "wrzesień 2026"),
        ("za III kwartał 2025", "lipiec–wrzesień 2025"),
        ("a q3 2025", "lipiec–wrzesień 2025"),
        ("a z ostatnich dwóch miesięcy", "wrzesień–październik 2026"),
    ],
)
def test_seasons_and_what_is_counted_from_today(helena: Customer, said: str, period: str) -> None:
    helena.say("ile prądu zużyłam w marcu")
    assert f"Zużycie, {period}: " in helena.say(said).text.replace(" – ", "–")


def test_days_are_answered_by_their_month_and_it_is_said(helena: Customer) -> None:
    text = helena.say("zużycie od 1 do 15 marca").text
    assert text.startswith("Mogę pokazać tylko pełne miesiące.")
    assert "Zużycie, marzec 2026: " in text


def test_a_time_that_is_not_understood_is_asked_for_and_nothing_shown_again(helena: Customer) -> None:
    helena.say("ile prądu zużyłam w marcu")
    text = helena.say("a w ferie").text
    assert text.startswith("Nie wiem, jaki to okres.")
    assert "kWh" not in text
    assert "kwiecień 2026" in helena.say("a w kwietniu?").text


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


def test_a_place_that_is_no_point_is_asked_about(system: System) -> None:
    jan = with_three_points(system)
    asked = jan.say("ile zużyłem w październiku na mieszkaniu i na działce")
    assert "Nie widzę takiego punktu" in asked.text
    assert "Działka, październik 2026" in jan.choose(asked.choice("Działka")).text
    assert "Nie widzę takiego punktu" in jan.say("a mieszkanie?").text
    assert "Garaż, październik 2026" in jan.say("a w garażu?").text


def test_two_points_of_one_message_are_both_shown_and_stay(system: System) -> None:
    jan = with_three_points(system)
    for words, month in (("ile zużyłem w październiku w domu i na działce", "październik"), ("a w maju?", "maj")):
        text = jan.say(words).text
        assert f"Dom, {month} 2026" in text
        assert f"Działka, {month} 2026" in text


def test_the_second_point_is_the_other_of_two_and_asked_about_with_more(system: System) -> None:
    jan = with_three_points(system)
    jan.say("zużycie w maju na działce")
    assert "O który punkt" in jan.say("a drugi").text
    assert "Działka, maj 2026" in jan.say("a drugi").text
    lucja = system.identified("lucja.wrona@poczta.example")
    lucja.say("zużycie w maju na działce")
    assert "Dom, maj 2026" in lucja.say("a drugi").text


def with_three_points(system: System) -> Customer:
    system.set_clock("2026-11-24T10:00:00+01:00")
    return system.identified("jan.pajak@poczta.example")


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
