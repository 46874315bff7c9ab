"""A telephone call from the office: a number, a day and hours, and no identity."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.support.system import Customer, System


@pytest.fixture
def customer(system: System) -> Customer:
    system.set_clock("2026-11-24T10:00:00+01:00")
    return system.customer()


def callbacks(system: System) -> list[dict[str, Any]]:
    effects = requests.get(f"{system.url}/dev/effects", timeout=10).json()
    return list(effects["callbacks"])


def test_one_thing_after_the_other(system: System, customer: Customer) -> None:
    assert "Na jaki numer" in customer.say("oddzwońcie do mnie").text
    assert "Którego dnia" in customer.say("501 234 567").text
    done = customer.say("jutro między 10 a 12").text
    (callback,) = callbacks(system)
    assert callback["callback_no"] in done
    assert "25 listopada 2026, godz. 10:00–12:00" in done
    assert (callback["customer_no"], callback["phone"]) == (None, "+48501234567")
    assert (callback["from"], callback["to"]) == ("2026-11-25T10:00:00+01:00", "2026-11-25T12:00:00+01:00")


def test_all_at_once(system: System, customer: Customer) -> None:
    customer.say("proszę o telefon jutro po 15 na 501234567")
    assert callbacks(system)[0]["from"] == "2026-11-25T15:00:00+01:00"


def test_thanks_and_yes_make_no_second_one(system: System, customer: Customer) -> None:
    customer.say("proszę o telefon jutro po 15 na 501234567")
    customer.say("tak")
    customer.say("dziękuję")
    assert len(callbacks(system)) == 1


def test_a_known_customers_team_is_told(system: System) -> None:
    system.set_clock("2026-11-24T10:00:00+01:00")
    firm = system.identified("biuro@tartak.example")
    firm.say("oddzwońcie do nas jutro rano na 71 300 40 50")
    assert callbacks(system)[0]["customer_no"] is not None
    assert "Prośba o telefon" in system.mails("bok@polenergia-sprzedaz.pl")[-1]["subject"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("jutro o 27", "takiej godziny nie ma"),
        ("31 lutego rano", "Takiego dnia"),
        ("dziś o 8", "już minął"),
        ("wczoraj po południu", "już minął"),
    ],
)
def test_a_time_that_cannot_be_is_asked_for_again(system: System, customer: Customer, words: str, answer: str) -> None:
    customer.say("oddzwońcie do mnie")
    customer.say("501 234 567")
    assert answer in customer.say(words).text
    assert callbacks(system) == []
    assert "godz. 9:00–11:00" in customer.say("jutro 9-11").text


def test_what_is_no_number_is_asked_for_again(system: System, customer: Customer) -> None:
    customer.say("oddzwońcie do mnie jutro rano")
    assert "To nie wygląda na numer" in customer.say("1234567890123").text
    assert "godz. 8:00–12:00" in customer.say("12 345 67 89").text


def test_a_number_is_called_three_times_a_day_at_most(system: System, customer: Customer) -> None:
    for _ in range(3):
        assert "jest zapisana" in customer.say("proszę o telefon jutro po 15 na 501234567").text
    assert "kilka próśb" in customer.say("proszę o telefon jutro po 15 na 501234567").text
    assert len(callbacks(system)) == 3


def test_cancelling(system: System, customer: Customer) -> None:
    customer.say("oddzwońcie do mnie")
    assert "zostawiamy to" in customer.say("anuluj").text
    customer.say("501 234 567")
    assert callbacks(system) == []


def test_the_number_stays_out_of_what_is_stored(system: System, customer: Customer) -> None:
    customer.say("oddzwońcie do mnie jutro rano na 501 234 567")
    assert callbacks(system)
    stored = system.stored()
    assert "501 234 567" not in stored
    assert "501234567" not in stored
