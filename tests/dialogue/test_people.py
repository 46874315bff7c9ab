"""The way to a person: which team, asked once, and both only while it is not known."""

from __future__ import annotations

import pytest

from tests.support.system import System


def test_the_team_is_asked_for_once_and_remembered(system: System) -> None:
    customer = system.customer()
    asked = customer.say("chcę rozmawiać z człowiekiem")
    assert asked.titles == ["Klient indywidualny", "Klient biznesowy"]
    given = customer.choose(asked.choice("Klient biznesowy"))
    assert "bok@" in given.text
    assert "cok@" not in given.text
    assert [(e["state"], e["team"]) for e in given.events if e["type"] == "handoff"] == [("offered", "bok")]
    again = customer.say("połącz mnie z konsultantem")
    assert "bok@" in again.text
    assert again.titles == ["Przekaż rozmowę", "Zamów telefon"]


def test_the_team_is_taken_from_what_was_said(system: System) -> None:
    customer = system.customer()
    text = customer.say("mam firmę i chcę rozmawiać z konsultantem").text
    assert "bok@" in text
    assert "cok@" not in text


@pytest.mark.parametrize(("words", "team"), [("prywatnie", "cok"), ("jestem z firmy", "bok"), ("indywidualny", "cok")])
def test_the_question_can_be_answered_in_words(system: System, words: str, team: str) -> None:
    customer = system.customer()
    customer.say("konsultant")
    text = customer.say(words).text
    assert f"{team}@" in text
    assert ("bok@" in text) != ("cok@" in text)


def test_turning_to_something_else_drops_the_question(system: System) -> None:
    customer = system.customer()
    customer.say("konsultant")
    aside = customer.say("jak założyć konto?")
    assert "Zarejestruj się" in aside.text
    assert not aside.titles


def test_an_answer_with_a_contact_gives_the_right_one_when_it_is_known(system: System) -> None:
    customer = system.customer()
    both = customer.say("nie pamiętam jaki e-mail podałem przy rejestracji").text
    assert "cok@" in both
    assert "bok@" in both
    customer.say("jestem klientem indywidualnym")
    one = customer.say("nie pamiętam jaki e-mail podałem przy rejestracji").text
    assert "cok@" in one
    assert "bok@" not in one
