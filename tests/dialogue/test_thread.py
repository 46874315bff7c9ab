"""Keeping the thread: what is left out, put right, denied or given up, and what happens in between."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from tests.dialogue.test_identity import HELENA
from tests.support.system import Customer, System

KAZIMIERZ = "kazimierz.jez@poczta.example"


@pytest.fixture
def helena(system: System) -> Customer:
    return system.identified(HELENA)


# Ellipsis: what was said before is meant


def test_another_month_then_the_one_before_it(helena: Customer) -> None:
    assert "za okres wrzesień 2025" in helena.say("faktura za wrzesień 2025").text
    assert "za okres maj 2025" in helena.say("a za maj?").text
    for words, month in (("a tę poprzednią?", "kwiecień"), ("a jeszcze wcześniejsza?", "marzec")):
        assert f"za okres {month} 2025" in helena.say(words).text


def test_the_year_before_is_of_the_month_that_was_asked_and_stays(helena: Customer) -> None:
    assert "październik 2026" in helena.say("pokaż zużycie za październik").text
    assert "październik 2025" in helena.say("a rok wcześniej?").text
    assert "wrzesień 2025" in helena.say("a we wrześniu?").text
    assert "wrzesień 2026" in helena.say("a we wrześniu tego roku?").text


def test_to_pay_means_the_document_that_was_just_shown(system: System) -> None:
    kazimierz = system.identified(KAZIMIERZ)
    shown = kazimierz.say("niezapłacone faktury")
    kazimierz.choose(shown.choice(shown.titles[1]))
    text = kazimierz.say("to zapłać").text
    assert "do zapłaty 312,09\xa0zł" in text
    assert "Rachunek:" in text


def test_short_questions_after_nothing_are_asked_about(system: System) -> None:
    text = system.customer().say("a za sierpień?").text
    assert "Nie mam pewności" in text


# Digression: a question in the middle is answered, and what was being done goes on


def test_two_questions_while_a_code_is_waited_for_cost_no_try(system: System) -> None:
    customer = system.customer()
    customer.say("ile mam do zapłaty")
    customer.say(HELENA)
    for question, answer in (("czy portal działa w nocy?", "24 godziny"), ("w jakim formacie są faktury?", "PDF")):
        text = customer.say(question).text
        assert answer in text
        assert "kod" in text
    assert "1\xa0234,56\xa0zł" in customer.say(system.latest_code(HELENA)).text


def test_danger_in_what_is_written_to_the_office_is_answered_first(helena: Customer) -> None:
    helena.say("chcę złożyć reklamację")
    messages = helena.say("od wczoraj iskrzy mi z licznika i śmierdzi spalenizną").messages
    assert "112" in messages[0]["text"]
    assert "Zapisane" in messages[-1]["text"]


# Correction


def test_an_individual_turns_out_to_be_a_firm(system: System) -> None:
    customer = system.customer()
    customer.say("chcę rozmawiać z konsultantem")
    assert "cok@" in customer.say("klient indywidualny").text
    assert "bok@" in customer.say("przepraszam, to jednak na firmę").text


def test_another_month_was_meant(helena: Customer) -> None:
    helena.say("faktura za wrzesień 2025")
    assert "za okres maj 2025" in helena.say("nie, za maj 2025").text


def test_another_address_was_meant(system: System) -> None:
    customer = system.customer()
    customer.say("ile mam do zapłaty")
    customer.say("nikt.taki@poczta.example")
    customer.say(f"przepraszam, pomyłka, {HELENA}")
    assert "1\xa0234,56\xa0zł" in customer.say(system.latest_code(HELENA)).text


# Negation


@pytest.mark.parametrize(
    "words",
    [
        "to nie skarga, chcę się tylko dowiedzieć czy portal działa w nocy",
        "nie chcę składać reklamacji, chcę tylko zapytać czy portal działa w nocy",
        "ale to nie jest żadna skarga, pytam tylko, o której godzinie działa portal",
    ],
)
def test_what_is_no_complaint_is_answered_and_no_ticket(system: System, helena: Customer, words: str) -> None:
    for customer in (system.customer(), helena):
        text = customer.say(words).text
        assert "24 godziny" in text
        assert "zgłoszeni" not in text


def test_no_complaint_after_all_drops_what_was_being_written(helena: Customer) -> None:
    helena.say("chcę złożyć skargę")
    text = helena.say("to nie skarga, chcę się tylko dowiedzieć czy portal działa w nocy").text
    assert text.startswith("Dobrze, nie zapisuję zgłoszenia.")
    assert "24 godziny" in text
    assert "Nic nie czeka na wysłanie" in helena.say("gotowe, wyślij").text


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("nie, to reklamacja", "Reklamacja"),
        ("chcę złożyć reklamację", "Reklamacja"),
        ("nowe zgłoszenie", "Reklamacja"),
        ("to jednak zapytanie, a nie reklamacja", "Zapytanie"),
        ("to nie reklamacja, tylko zapytanie", "Zapytanie"),
        ("raczej zapytanie", "Zapytanie"),
    ],
)
def test_another_kind_is_no_reason_to_drop_what_is_written(helena: Customer, words: str, kind: str) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say("Licznik pokazuje dwa razy więcej niż rok temu, a na portalu nie ma zgłoszenia, które pisałam.")
    helena.say("to wszystko")
    assert "Licznik pokazuje" in helena.say("żadnego z nich").text
    summary = helena.say(words).text
    assert "Licznik pokazuje" in summary
    assert kind in summary
    assert words not in summary
    assert "Numer zgłoszenia" in helena.say("wyślij").text


# Cancellation


@pytest.mark.parametrize("words", ["zostawmy to", "nieważne", "anuluj", "dobra, rezygnuję"])
@pytest.mark.parametrize("begun", ["ile mam do zapłaty", "chcę złożyć reklamację", "zapomniałam hasła", "oddzwońcie"])
def test_what_was_begun_is_left_and_nothing_of_it_stays(system: System, begun: str, words: str) -> None:
    customer = system.customer()
    customer.say(begun)
    assert "zostawiamy to" in customer.say(words).text
    assert "24 godziny" in (after := customer.say("czy portal działa w nocy?").text)
    assert len(after.splitlines()) == 1


# The end of the session


def test_a_pause_takes_the_right_to_see_but_not_what_was_asked(system: System, helena: Customer) -> None:
    helena.say("faktura za wrzesień 2025")
    system.set_clock((dt.datetime.now(dt.UTC) + dt.timedelta(minutes=40)).isoformat())
    assert "Podaj adres e-mail" in helena.say("a za maj?").text
    helena.say(HELENA)
    assert "za okres maj 2025" in helena.say(system.latest_code(HELENA)).text


# Numbers mean what the moment makes them mean


def test_six_digits_are_a_code_only_where_one_is_waited_for(system: System) -> None:
    customer = system.customer()
    customer.say("ile mam do zapłaty")
    customer.say(HELENA)
    assert "1\xa0234,56\xa0zł" in customer.say(f"dostałam {system.latest_code(HELENA)} czy to dobry kod?").text
    assert "kod" not in system.customer().say("123456").text


def test_a_number_is_a_telephone_then_an_hour(system: System) -> None:
    customer = system.customer()
    customer.say("proszę o telefon")
    assert "601" not in customer.say("601 202 303").text
    text = customer.say("jutro o 10").text
    assert "jest zapisana" in text
    assert "10:00" in text


# Repeated failure


def test_the_same_apology_is_never_said_twice_running(system: System) -> None:
    customer = system.customer()
    replies = [customer.say(words).text for words in ("jaka jest pogoda", "opowiedz kawał", "kto wygrał mecz")]
    assert all(one != other for one, other in itertools.pairwise(replies))
    angry = [customer.say(words).text for words in ("mam was już serdecznie dość!", "co za żenada, nic nie działa")]
    assert angry[0] != angry[1]


def test_three_misses_in_a_form_lead_to_a_person(system: System) -> None:
    customer = system.customer()
    customer.say("ile mam do zapłaty")
    first, second, third = (
        customer.say(words).text for words in ("kwiatek i motylek", "stół, lampa, krzesło", "chmury płyną nad lasem")
    )
    assert first.splitlines()[0] != second.splitlines()[0]
    assert "Podaj adres e-mail" in first
    assert "niech zajmie się tym człowiek" in third
    assert "klienta indywidualnego, czy biznesowego" in third


def test_what_a_form_could_use_is_no_miss(helena: Customer) -> None:
    text = helena.say("kwiatek i motylek stół lampa").text
    assert "niech zajmie się tym człowiek" not in text


def test_the_title_of_a_choice_may_be_typed_where_it_holds_a_customers_data(system: System) -> None:
    lucja = system.identified("lucja.wrona@poczta.example")
    which = lucja.say("ile zużyłam w październiku")
    assert "Dom" in which.titles
    assert "Zużycie, Dom, październik 2026" in lucja.say("dom").text
