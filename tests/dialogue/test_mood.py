"""Anger, danger, another language, "what?": what is met at once, wherever the conversation stands."""

from __future__ import annotations

import pytest

from tests.support.system import System


@pytest.mark.parametrize("words", ["mam was już serdecznie dość!", "co za żenada, nic nie działa", "KPINA Z LUDZI"])
def test_anger_is_met_with_empathy_and_a_way_out(system: System, words: str) -> None:
    reply = system.customer().say(words)
    assert "Przykro nam" in reply.text
    assert reply.titles == ["Pomoc konsultanta", "Telefon od nas", "Złóż reklamację"]


@pytest.mark.parametrize(
    "words", ["zerwany kabel leży na drodze", "iskrzy mi z licznika", "w całej wsi nie ma prądu", "nie mam pradu!!"]
)
def test_danger_and_outage_lead_to_112_and_991(system: System, words: str) -> None:
    text = system.customer().say(words).text
    assert "112" in text
    assert "991" in text


@pytest.mark.parametrize("words", ["czuję gaz w kuchni!", "smierdzi gazem na klatce co robic", "ulatnia się gaz"])
def test_a_smell_of_gas_leads_out_and_to_992(system: System, words: str) -> None:
    text = system.customer().say(words).text
    assert "wyjdź" in text
    assert "992" in text


def test_gas_as_goods_is_no_danger(system: System) -> None:
    assert "992" not in system.customer().say("czy macie gaz w ofercie").text


def test_danger_is_answered_in_the_middle_of_a_form_and_the_form_goes_on(system: System) -> None:
    customer = system.customer()
    customer.say("ile mam do zapłaty")
    text = customer.say("o matko iskrzy mi z licznika").text
    assert "112" in text
    assert "Podaj adres e-mail" in text


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("як подивитися рахунок", "Я допомагаю польською"),
        ("не могу войти в личный кабинет", "Я помогаю на польском"),
        ("где мой счет", "Я помогаю на польском"),
        ("where can I see my invoices please", "I can help in Polish only"),
    ],
)
def test_a_question_in_another_language_is_answered_in_it(system: System, words: str, answer: str) -> None:
    text = system.customer().say(words).text
    assert answer in text
    assert "cok@" in text


def test_each_language_is_answered_in_turn(system: System) -> None:
    customer = system.customer()
    assert "польською" in customer.say("допоможіть будь ласка").text
    assert "in Polish only" in customer.say("sorry, do you speak english?").text


def test_what_was_said_is_said_again_with_its_choices(system: System) -> None:
    customer = system.customer()
    first = customer.say("jak założyć konto?")
    again = customer.say("możesz powtórzyć?")
    assert again.text == first.text
    assert again.titles == first.titles
    assert customer.say("co?").text == first.text


def test_with_nothing_said_yet_it_tells_what_it_can_do(system: System) -> None:
    assert "Odpowiadam na pytania" in system.customer().say("powtórz").text


def test_in_a_form_what_was_asked_is_asked_again_and_costs_no_try(system: System) -> None:
    customer = system.customer()
    customer.say("ile mam do zapłaty")
    for _ in range(4):
        assert "Podaj adres e-mail albo login" in customer.say("nie rozumiem").text


def test_a_question_in_anger_is_answered_after_a_sentence_of_empathy(system: System) -> None:
    customer = system.customer()
    first = customer.say("WŚCIEKŁA JESTEM, jak założyć konto w tym mojBOK???").text
    assert first.startswith("Rozumiem, że to denerwujące.")
    assert "Zarejestruj się" in first
    assert "Rozumiem, że to" not in customer.say("co za skandal, jak się zalogować").text
    assert "Rozumiem, że to" not in customer.say("jak się zalogować").text


def test_an_angry_description_of_a_ticket_is_only_a_description(system: System) -> None:
    customer = system.identified("helena.mroz@poczta.example")
    customer.say("chcę złożyć reklamację")
    assert "Rozumiem" not in customer.say("to skandal, że faktura jest dwa razy wyższa niż rok temu").text
