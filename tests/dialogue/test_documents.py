"""Invoices, what is to pay and what was paid, as people ask for them one after another."""

from __future__ import annotations

import io
import re

import pytest
import requests
from pypdf import PdfReader

from tests.support.system import Customer, Reply, System

HELENA, KAZIMIERZ = "helena.mroz@poczta.example", "kazimierz.jez@poczta.example"
AMOUNT = "259,89\xa0zł"


@pytest.fixture
def helena(system: System) -> Customer:
    system.set_clock("2026-11-24T10:00:00+01:00")
    return system.identified(HELENA)


def links(reply: Reply) -> list[str]:
    return [link["url"] for message in reply.messages for link in message.get("links", [])]


def images(reply: Reply) -> list[str]:
    return [message["image"]["url"] for message in reply.messages if "image" in message]


def newest_with_period(customer: Customer) -> str:
    """The number of the newest document that a list of last year's second quarter names."""
    text = customer.say("faktury za drugi kwartał 2025").text
    return next(word for line in text.split("\n") for word in line.split() if word.startswith("FV/2025/"))


def test_a_list_tells_kind_number_amount_due_date_and_state(helena: Customer) -> None:
    reply = helena.say("pokaż faktury")
    line = reply.text.split("\n")[1]
    for part in ("1. Faktura FV/", "1\xa0334,56\xa0zł", "termin", "do zapłaty"):
        assert part in line
    assert reply.titles[0].startswith("1. Faktura ")


def test_a_document_can_be_chosen_by_its_button_its_title_or_its_number_in_the_list(helena: Customer) -> None:
    offered = helena.say("pokaż faktury")
    title = offered.titles[1]
    taken = [helena.choose(offered.choice(title))]
    for typed in (title, "2"):
        helena.say("pokaż faktury")
        taken.append(helena.say(typed))
    assert all("wszystko rozliczone" in shown.text and len(links(shown)) == 1 for shown in taken)


def test_a_month_then_another_then_the_one_before(helena: Customer) -> None:
    assert "za okres wrzesień 2025" in helena.say("faktura za wrzesień 2025").text
    assert "za okres maj 2025" in helena.say("a za maj 2025?").text
    assert "za okres kwiecień 2025" in helena.say("a poprzednia?").text


def test_a_digression_does_not_break_the_thread(helena: Customer) -> None:
    helena.say("faktura za wrzesień 2025")
    assert "bezpłatn" in helena.say("ile kosztuje założenie konta?").text
    assert "za okres maj 2025" in helena.say("a za maj 2025?").text


def test_what_was_asked_is_shown_once_identity_is_confirmed(system: System) -> None:
    customer = system.customer()
    assert "Najpierw potwierdźmy" in customer.say("pokaż fakturę za wrzesień 2025").text
    customer.say(HELENA)
    assert "za okres wrzesień 2025" in customer.say(system.latest_code(HELENA)).text


def test_a_number_typed_carelessly_is_found_and_somebody_elses_is_like_none(helena: Customer, system: System) -> None:
    number = newest_with_period(helena)
    _, year, month, rest = number.split("/")
    for typed in (number.lower(), f"fv {year} {int(month)} {int(rest)}", f"FV{year}{month}{rest}"):
        assert number in helena.say(f"pokaż {typed}").text, typed
    anothers = newest_with_period(system.identified(KAZIMIERZ))
    foreign, nobodys = helena.say(f"pokaż {anothers}"), helena.say("pokaż FV/2025/06/999999")
    assert anothers not in foreign.text
    assert foreign.text == nobodys.text
    assert "takiego numeru" in foreign.text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("faktura za 31 lutego", "Takiego okresu nie ma w kalendarzu"),
        ("faktura za grudzień 2027", "jeszcze się nie zaczął"),
        ("faktura za maj 2019", "Nie widzę takiego dokumentu"),
    ],
)
def test_an_impossible_period_is_answered_with_what_to_do(helena: Customer, said: str, sentence: str) -> None:
    assert sentence in helena.say(said).text


def test_a_button_of_another_customers_document_finds_nothing(system: System) -> None:
    """Identity ends, and somebody else confirms theirs in the same conversation."""
    system.set_clock("2026-11-24T10:00:00+01:00")
    customer = system.identified(HELENA)
    offered = customer.say("pokaż faktury")
    system.set_clock("2026-11-24T10:30:00+01:00")
    assert "Najpierw potwierdźmy" in customer.choose(offered.choice(offered.titles[1])).text
    customer.say(KAZIMIERZ)
    reply = customer.say(system.latest_code(KAZIMIERZ))
    assert "takiego numeru" in reply.text
    assert links(reply) == []


def test_conversation_page_and_pdf_show_the_same_amounts_to_the_grosz(system: System) -> None:
    kazimierz, visitor = system.identified(KAZIMIERZ), system.signed_in(KAZIMIERZ)
    lines = kazimierz.say("pokaż faktury").text.split("\n")[1:6]
    for line in lines:
        number, amount = re.findall(r"(\w+/\d{4}/[\w/]+) .*: (-?[\d\xa0]+,\d\d\xa0zł)", line)[0]
        assert amount in visitor.get(f"/faktury/dokument?numer={number}").text
        printed = visitor.get(f"/faktury/pdf?numer={number}").content
        words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages)
        assert amount.replace("\xa0", " ") in words.replace("\xa0", " ")


def test_unpaid_documents_and_the_way_to_pay_one(system: System) -> None:
    kazimierz = system.identified(KAZIMIERZ)
    unpaid = kazimierz.say("niezapłacone faktury")
    assert "312,09\xa0zł" in kazimierz.choose(unpaid.choice(unpaid.titles[1])).text
    which = kazimierz.say("chcę zapłacić")
    assert "Który chcesz opłacić?" in which.text
    reply = kazimierz.choose(which.choice(which.titles[0]))
    for part in ("do zapłaty 187,40\xa0zł", "Rachunek: ", "Tytuł przelewu: FV/", "Te same dane są na dokumencie"):
        assert part in reply.text
    assert len(images(reply)) == 1


def test_what_is_late_is_told_from_what_is_only_unpaid(system: System) -> None:
    kazimierz = system.identified(KAZIMIERZ)
    late = kazimierz.say("pokaż faktury po terminie").text
    assert "312,09\xa0zł" in late
    assert "187,40\xa0zł" not in late


def test_who_owes_nothing_is_told_so(system: System) -> None:
    assert "Nie ma teraz dokumentów" in system.identified("bogdan.sliwa@poczta.example").say("chcę zapłacić").text


def test_what_is_settled_is_said_before_something_else_is_offered_to_pay(helena: Customer) -> None:
    helena.say("faktura za sierpień 2025")
    reply = helena.say("to zapłać")
    assert "za okres sierpień 2025: nie ma już nic do zapłaty" in reply.text
    assert "Do zapłaty zostało:" in reply.text
    assert "Rachunek:" not in reply.text
    assert "Rachunek:" in helena.choose(reply.choice(reply.titles[0])).text


def test_a_month_without_anything_to_pay_is_told_and_what_else_is_open(helena: Customer) -> None:
    helena.say("pokaż faktury z 2026")
    helena.say("to zapłać")
    text = helena.say("nie tę, za wrzesień").text
    assert "za okres wrzesień 2026: nie ma już nic do zapłaty" in text
    assert "zostało 1\xa0234,56\xa0zł" in text
    assert "Nie ma teraz" not in text


def test_nothing_overdue_is_not_nothing_to_pay(helena: Customer) -> None:
    text = helena.say("pokaż faktury po terminie").text
    assert text.startswith("Żaden dokument nie jest po terminie.")
    assert "zostało 1\xa0234,56\xa0zł" in text


def test_the_previous_one_is_the_next_older_document(helena: Customer) -> None:
    assert "z dnia 22 listopada 2026" in helena.say("pokaż mi ostatnią fakturę").text
    for words, month in (("a tę poprzednią", "wrzesień"), ("a jeszcze wcześniejsza", "sierpień")):
        assert f"za okres {month} 2026" in helena.say(words).text
    assert "za okres wrzesień 2026" in helena.say("a następna").text
    helena.say("faktura za wrzesień 2024")
    assert "Wcześniejszego dokumentu" in helena.say("a poprzednia?").text


def test_places_of_the_list_that_was_shown(helena: Customer) -> None:
    lines = helena.say("pokaż faktury").text.split("\n")[1:6]
    numbers = [re.findall(r"\w+/\d{4}/[\w/]+", line)[0] for line in lines]
    for words, place in (("a trzecia", 2), ("a ta pierwsza", 0), ("a ta druga", 1), ("a ostatnia z listy", 4)):
        assert f" {numbers[place]} " in helena.say(words).text, words
    two = helena.say("a dwie ostatnie").text
    assert all(number in two for number in numbers[3:])
    assert numbers[0] not in two
    there_is_no_third = helena.say("a trzecia").text
    assert all(number in there_is_no_third for number in numbers[3:])


@pytest.mark.parametrize(
    "typed",
    ["fv 2026 09 000000", "FV-2026-09-000000", "FV202609000000", "faktura numer 000000 z września", "fv 9/2026"],
)
def test_one_document_in_many_writings(helena: Customer, typed: str) -> None:
    assert "FV/2026/09/000000 za okres wrzesień 2026" in helena.say(f"pokaż {typed}").text


@pytest.mark.parametrize("typed", ["9/2026", "fv 2026 09 000000", "FV202609000000", "faktura numer 000000 z września"])
def test_one_document_in_many_writings_for_a_complaint(helena: Customer, typed: str) -> None:
    helena.say("chcę złożyć reklamację")
    helena.say("Kwota jest dwa razy wyższa niż zwykle, a nic się u mnie nie zmieniło.")
    assert "dotyczy" in helena.say("to wszystko").text
    assert "FV/2026/09/000000" in helena.say(typed).text


def test_payments_and_those_of_the_year_before(helena: Customer) -> None:
    assert "od najnowszej" in helena.say("historia wpłat").text
    before = helena.say("a w zeszłym roku?").text
    assert "2025: " in before
    assert "2026: " not in before


def test_corrections_and_interest_notes_are_explained(system: System) -> None:
    customer = system.customer()
    assert "zmienia fakturę wystawioną wcześniej" in customer.say("co to jest korekta faktury").text
    assert "odsetkami" in customer.say("co to jest nota odsetkowa").text


def test_a_pdf_opens_by_its_link_for_ten_minutes_and_no_longer_than_identity(system: System, helena: Customer) -> None:
    (url,) = links(helena.say("faktura za wrzesień 2025"))
    opened = requests.get(url, timeout=10)
    assert opened.content.startswith(b"%PDF-")
    assert opened.headers["Cache-Control"] == "private, no-store"
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    altered = requests.get(url[:-9] + ("A" if url[-9] != "A" else "B") + url[-8:], timeout=10)
    system.set_clock("2026-11-24T10:10:30+01:00")
    expired = requests.get(url, timeout=10)
    (fresh,) = links(Reply([event for event in helena.history() if "wrzesień 2025" in event.get("text", "")]))
    assert requests.get(fresh, timeout=10).status_code == 200
    system.set_clock("2026-11-24T10:40:00+01:00")
    ended = requests.get(fresh, timeout=10)
    answers = {(gone.status_code, gone.text, gone.headers["Cache-Control"]) for gone in (altered, expired, ended)}
    assert len(answers) == 1
    assert altered.status_code == 404
    assert "/api/chat/files/" not in str(helena.history())


def test_what_was_shown_is_hidden_after_identity_and_nothing_of_it_is_stored(system: System, helena: Customer) -> None:
    number = newest_with_period(helena)
    assert number not in system.stored()
    system.set_clock("2026-11-24T11:00:00+01:00")
    assert number not in str(helena.history())
