"""When the assistant is not sure: named choices first, then a person; never silence."""

from __future__ import annotations

from tests.support.system import System

UNCLEAR = ("w sprawie papierów", "no i jak to z tym jest", "no wiecie o co chodzi z tym drugim")


def test_first_it_asks_what_was_meant_and_the_third_time_a_person_takes_the_conversation(system: System) -> None:
    customer = system.customer()
    first, second, third = (customer.say(words) for words in UNCLEAR)
    assert "Nie mam pewności" in first.text
    assert first.titles[-1] == "Pomoc konsultanta"
    assert len(first.titles) == 4
    assert "Nadal nie wiem" in second.text
    assert "niech zajmie się tym człowiek" in third.text
    offered = customer.say("klient indywidualny")
    assert "Przekaż rozmowę" in offered.titles


def test_a_named_choice_leads_to_its_topic(system: System) -> None:
    customer = system.customer()
    reply = customer.say(UNCLEAR[0])
    assert all(len(title) <= 20 for title in reply.titles)
    assert "Nie mam pewności" not in customer.choose(reply.choice(reply.titles[0])).text


def test_of_two_near_topics_it_asks_which(system: System) -> None:
    words = ("prąd", "dane", "adres maila", "zgłoszenie", "wpłaty i faktury")
    replies = [system.customer().say(question) for question in words]
    near = [reply for reply in replies if "Czy chodzi o jedną z tych spraw?" in reply.text]
    assert near
    assert all(len(reply.titles) == 3 and reply.titles[-1] == "Pomoc konsultanta" for reply in near)


def test_thanks_and_goodbye_are_met_in_kind(system: System) -> None:
    customer = system.customer()
    assert "Proszę bardzo" in customer.say("dziękuję bardzo za pomoc").text
    assert "Do widzenia" in customer.say("do widzenia").text


def test_it_says_that_it_is_no_human(system: System) -> None:
    assert "automatycznym asystentem" in system.customer().say("czy jesteś człowiekiem czy botem?").text


def test_after_the_way_to_a_person_it_counts_anew(system: System) -> None:
    customer = system.customer()
    for words in UNCLEAR:
        customer.say(words)
    assert "Nie mam pewności" in customer.say(UNCLEAR[0]).text
