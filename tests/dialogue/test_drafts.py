"""What is written of a ticket: it outlives questions and other tasks, and is left behind only when it is given up."""

from __future__ import annotations

import pytest

from tests.dialogue.test_tickets import HELENA, MATTER, STRANGER
from tests.support.system import Customer, System


@pytest.fixture
def helena(system: System) -> Customer:
    system.set_clock("2026-11-24T10:00:00+01:00")
    return system.identified(HELENA)


def test_a_question_in_the_middle_is_answered_and_what_is_written_stays(helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    helena.say("gotowe")
    between = helena.say("a mam jakieś inne zgłoszenia?").text
    assert "Nie widzę tu żadnego Twojego zgłoszenia" in between
    assert "Którego dokumentu" in between
    assert MATTER in helena.say("żadnego").text


def test_to_send_before_the_document_is_named_is_to_name_none(helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    helena.say("gotowe")
    summary = helena.say("wyślij").text
    assert "Nic nie czeka" not in summary
    assert MATTER in summary


def test_a_month_names_the_document_where_one_is_asked_for(helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    helena.say("gotowe")
    assert "Dotyczy: dokumentu FV/" in helena.say("9/2025").text


def test_thanks_and_what_is_not_heard_are_no_part_of_the_matter(helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    for words in ("dziękuję", "powtórz", "co?"):
        reply = helena.say(words).text
        assert "napisz „gotowe”" in reply
        assert "Zapisane" not in reply
    helena.say("gotowe")
    assert f"Treść: {MATTER}\nWysłać" in helena.say("Żadnego z nich").text


def test_what_is_written_outlives_another_task(helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    helena.say("gotowe")
    aside = helena.say("wolę rozmawiać z człowiekiem")
    assert "odkładam na bok" in aside.text
    helena.choose(aside.choice("Wróć do zgłoszenia"))
    assert MATTER in helena.say("żadnego").text


def test_what_was_put_aside_is_left_behind_when_it_is_given_up(helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    helena.say("gotowe")
    helena.say("wolę rozmawiać z człowiekiem")
    helena.say("zostawmy to")
    assert "Nic nie czeka na wysłanie" in helena.say("wyślij").text


def test_what_was_put_aside_does_not_come_back_by_itself(helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    helena.say("gotowe")
    helena.say("wolę rozmawiać z człowiekiem")
    shown = helena.say("pokaż faktury").text
    assert "Oto Twoje dokumenty" in shown
    assert "zgłoszenia" not in shown
    assert MATTER in helena.say("chcę złożyć reklamację").text or MATTER in helena.say("żadnego").text


def test_the_way_back_outlives_the_form_that_is_opened_instead(helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    helena.say("gotowe")
    aside = helena.say("zadzwońcie do mnie jutro między 10 a 12")
    assert "Na jaki numer" in aside.text
    helena.say("601 202 303")
    helena.choose(aside.choice("Wróć do zgłoszenia"))
    assert MATTER in helena.say("żadnego").text


def test_a_strangers_draft_outlives_an_identity_that_is_called_off(system: System) -> None:
    customer = system.customer()
    customer.say("chcę złożyć reklamację")
    customer.say(STRANGER)
    customer.say("jestem klientem indywidualnym")
    customer.say(MATTER)
    customer.say("gotowe")
    assert "Podaj adres e-mail" in customer.say("ile mam do zapłaty").text
    back = customer.say("anuluj").text
    assert MATTER in back
    assert "Wysłać do biura?" in back


def test_an_addition_that_was_put_aside_can_become_a_ticket_of_its_own(system: System, helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say(MATTER)
    helena.say("gotowe")
    helena.say("żadnego")
    helena.say("tak")
    added = helena.say("chcę coś dopisać do zgłoszenia")
    helena.choose(added.choice(added.titles[0]))
    helena.say("licznik kręci się także, gdy wszystko jest wyłączone")
    person = helena.say("konsultant")
    summary = helena.choose(person.choice("Przekaż rozmowę")).text
    assert "licznik kręci się" in summary
    assert "Załącznik: zapis tej rozmowy" in summary
