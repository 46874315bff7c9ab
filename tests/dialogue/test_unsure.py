"""When the assistant is not sure: named choices first, then a person; never silence."""

from __future__ import annotations

from tests.support.system import System

GIBBERISH = ("grzbllk wmfq zzt", "ptrwq xnnm oooo kk")


def test_first_it_asks_what_was_meant_then_it_offers_a_person(system: System) -> None:
    customer = system.customer()
    first = customer.say("coś z tym papierem od was jest nie halo chyba")
    if "Nie mam pewności" in first.text:
        assert 2 <= len(first.titles) <= 4
    customer = system.customer()
    replies = [customer.say(words) for words in GIBBERISH]
    assert all(reply.titles for reply in replies)


def test_a_named_choice_leads_to_its_topic(system: System) -> None:
    customer = system.customer()
    for words in ("panel", "link", "zakładka", "umowa hasło login", "to nie tak miało być z tym"):
        reply = customer.say(words)
        if "Nie mam pewności" in reply.text:
            assert all(len(title) <= 20 for title in reply.titles)
            assert "Nie mam pewności" not in customer.choose(reply.choice(reply.titles[0])).text
            return
    raise AssertionError("nothing was unclear")


def test_thanks_and_goodbye_are_met_in_kind(system: System) -> None:
    customer = system.customer()
    assert "Proszę bardzo" in customer.say("dziękuję bardzo za pomoc").text
    assert "Do widzenia" in customer.say("do widzenia").text


def test_it_says_that_it_is_no_human(system: System) -> None:
    assert "automatycznym asystentem" in system.customer().say("czy jesteś człowiekiem czy botem?").text
