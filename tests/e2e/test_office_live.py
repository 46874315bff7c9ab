"""Taking over a running conversation, over HTTP: a real customer and two colleagues."""

from __future__ import annotations

import datetime as dt
import html
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.e2e.test_attachments import PDF, attach
from tests.support.office import Colleague, at_work
from tests.support.system import Customer, System
from tests.support.waiting import until

HELENA = "helena.mroz@poczta.example"
HOSTILE = "\"; DROP TABLE events; -- <script>alert(1)</script> 100% OR NEAR(* '"
LIST = "/biuro/na-zywo"


@pytest.fixture(scope="module")
def anna(running: System) -> Colleague:
    return at_work(running, "anna.zywa", "agent", team="cok")


@pytest.fixture(scope="module")
def ewa(running: System) -> Colleague:
    return at_work(running, "ewa.zywa", "agent", team="bok")


def place(customer: Customer) -> str:
    return f"{LIST}/{customer.id}"


def take(colleague: Colleague, customer: Customer) -> requests.Response:
    return colleague.post(f"{place(customer)}/przejmij", allow_redirects=False)


def write(colleague: Colleague, customer: Customer, text: str, key: str | None = None) -> requests.Response:
    form = {"wiadomosc": text, "klucz": key or str(uuid.uuid4())}
    return colleague.post(f"{place(customer)}/wiadomosc", data=form, allow_redirects=False)


def give_back(colleague: Colleague, customer: Customer, summary: str = "Sprawa wyjaśniona.") -> requests.Response:
    return colleague.post(f"{place(customer)}/oddaj", data={"podsumowanie": summary}, allow_redirects=False)


def shown(colleague: Colleague, path: str) -> str:
    """What stands on the page, in one line."""
    answer = colleague.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def news(customer: Customer, wait: float = 0) -> list[dict[str, Any]]:
    """What happened since the customer last read."""
    found = customer.read(wait=wait)
    customer.seq = found[-1]["seq"] if found else customer.seq
    return found


def handoffs(customer: Customer) -> list[str]:
    return [event["state"] for event in customer.history() if event["type"] == "handoff"]


def test_a_chat_is_taken_over_talked_in_and_given_back(system: System, anna: Colleague) -> None:
    customer = system.customer()
    customer.say("chcę rozmawiać z konsultantem, klient indywidualny")
    assert "konsultant" not in shown(anna, f"{LIST}/lista")
    assert take(anna, customer).headers["location"] == f"{place(customer)}?gotowe=przejeto"
    taken, said = news(customer)
    assert (taken["type"], taken["state"], taken["team"]) == ("handoff", "taken", "cok")
    assert said["text"].startswith("Rozmawia z Tobą teraz Anna z biura obsługi klienta.")
    reply = customer.say("ile mam do zapłaty?")
    assert reply.messages == []
    assert write(anna, customer, "Dzień dobry, już sprawdzam.").status_code == 303
    [answer] = news(customer, 5)
    assert (answer["from"], answer["name"], answer["text"]) == ("staff", "Anna", "Dzień dobry, już sprawdzam.")
    page = shown(anna, place(customer))
    assert "ile mam do zapłaty?" in page
    assert "Biuro, Anna" in page
    assert give_back(anna, customer, "Klient pytał o saldo, poda numer z faktury.").status_code == 303
    assert "znów odpowiada automatyczny asystent" in news(customer)[-1]["text"]
    assert "Zarejestruj się" in customer.say("jak założyć konto?").text
    assert "poda numer z faktury" in shown(anna, f"/biuro/rozmowy/{customer.id}")


def test_what_was_begun_with_the_assistant_is_left(system: System, anna: Colleague) -> None:
    customer = system.customer()
    assert "adres e-mail" in customer.say("ile mam do zapłaty?").text
    take(anna, customer)
    customer.say(HELENA)
    give_back(anna, customer)
    assert system.mails(HELENA) == []
    assert "„Zaloguj się”" in customer.say("jak się zalogować?").text


def test_an_offered_choice_and_a_number_are_read_by_the_person(system: System, anna: Colleague) -> None:
    customer = system.customer()
    customer.say("dzień dobry")
    choice = next(event["choices"][0] for event in customer.history() if event.get("choices"))
    take(anna, customer)
    news(customer)
    assert customer.choose(choice["id"]).messages == []
    assert customer.say("1").messages == []
    said = [e["text"] for e in customer.history() if e.get("from") == "customer"]
    assert said[-2:] == [choice["title"], "1"]


def test_two_agents_at_the_same_instant(system: System, anna: Colleague) -> None:
    ewa_too = at_work(system, "ewa.szybka", "agent", team="cok")
    customer = system.customer()
    customer.say("konsultant")
    with ThreadPoolExecutor() as both:
        answers = list(both.map(lambda colleague: take(colleague, customer), (anna, ewa_too)))
    refused = next(answer for answer in answers if answer.status_code == 409)
    winner = "Anna Zywa" if refused is answers[1] else "Ewa Szybka"
    assert f"Tę rozmowę prowadzi już {winner}." in refused.text
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert handoffs(customer).count("taken") == 1


def test_only_the_teams_conversations(system: System, anna: Colleague, ewa: Colleague) -> None:
    helena, stranger = system.identified(HELENA), system.customer()
    stranger.say("dzień dobry")
    assert take(ewa, helena).status_code == 403
    for path in ("", "/dalej?po=0", "/pliki/1"):
        assert ewa.get(f"{place(helena)}{path}").status_code == 403
    assert helena.id not in ewa.get(LIST).text
    assert stranger.id in ewa.get(LIST).text
    assert take(ewa, stranger).status_code == 303
    assert take(anna, helena).status_code == 303
    assert write(ewa, helena, "dzień dobry").status_code == 403


def test_without_the_right_nothing_is_there(system: System) -> None:
    reviewer = at_work(system, "rita.czyta", "reviewer")
    customer = system.customer()
    customer.say("dzień dobry")
    assert reviewer.get(LIST).status_code == 403
    assert take(reviewer, customer).status_code == 403
    assert "/biuro/na-zywo" not in reviewer.get("/biuro/rozmowy").text
    assert Colleague(system.url).get(LIST, allow_redirects=False).status_code == 303


def test_values_are_masked_for_the_office_and_filled_for_the_customer_alone(system: System, anna: Colleague) -> None:
    helena = system.identified(HELENA)
    take(anna, helena)
    news(helena)
    helena.say("mój telefon to 601 234 567, hasło: tajne123")
    assert "Nie podawaj tutaj haseł" in str(helena.history()[-2]["text"])
    write(anna, helena, f"Odpowiemy na nowa.helena@poczta.example {HOSTILE}")
    assert news(helena, 5)[-1]["text"] == f"Odpowiemy na nowa.helena@poczta.example {HOSTILE}"
    page = anna.get(place(helena)).text
    for value in ("601 234 567", "tajne123", "nowa.helena", HELENA, "1 234,56", "<script>alert"):
        assert value not in page
    assert "[telefon]" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    give_back(anna, helena, f"Nowy adres: nowa.helena@poczta.example {HOSTILE}")
    assert "nowa.helena" not in system.stored()
    assert "nowa.helena" not in str(system.tables()["conversation_notes"])


def test_files_are_for_saving_alone(system: System, anna: Colleague, ewa: Colleague) -> None:
    customer, other = system.customer(), system.customer()
    customer.say("dzień dobry")
    other.say("dzień dobry")
    take(anna, customer)
    news(customer)
    assert attach(customer, PDF, "umowa <script>.html").messages == []
    [path] = re.findall(r'href="(/biuro/na-zywo/[^"]+/pliki/\d+)"', anna.get(place(customer)).text)
    saved = anna.get(path)
    assert saved.content == PDF
    assert saved.headers["content-disposition"].startswith("attachment; filename*=UTF-8''umowa")
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert saved.headers["content-security-policy"] == "sandbox"
    assert anna.get(path.replace(customer.id, other.id)).status_code == 404
    assert anna.get(f"{place(customer)}/pliki/x").status_code == 404


def test_it_comes_back_by_itself_after_fifteen_silent_minutes(system: System, anna: Colleague) -> None:
    customer = system.customer()
    customer.say("konsultant")
    take(anna, customer)
    write(anna, customer, "Chwileczkę.")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=14)
    system.set_clock(later.isoformat())
    customer.say("czekam")
    assert handoffs(customer)[-1] == "taken"
    system.set_clock((later + dt.timedelta(minutes=2)).isoformat())
    until(lambda: handoffs(customer)[-1] == "returned")
    assert "nikt z biura nie napisał" in customer.history()[-1]["text"]
    assert "Zarejestruj się" in customer.say("jak założyć konto?").text


def test_what_could_not_be_said_is_not_lost(system: System, anna: Colleague) -> None:
    customer = system.customer()
    customer.say("dzień dobry")
    take(anna, customer)
    give_back(anna, customer)
    late = write(anna, customer, "Jeszcze jedno pytanie.")
    assert late.status_code == 409
    assert "wróciła już do asystenta" in late.text
    assert "Jeszcze jedno pytanie." in late.text
    assert write(anna, customer, "x" * 2001).status_code == 400
    assert write(anna, customer, "znak \x07").status_code == 400
    take(anna, customer)
    assert give_back(anna, customer, "").status_code == 400
    customer.http.delete(customer.place, timeout=10)
    assert "Rozmowa już się zakończyła." in write(anna, customer, "halo").text


def test_the_same_post_again_says_nothing_twice(system: System, anna: Colleague) -> None:
    customer = system.customer()
    customer.say("dzień dobry")
    take(anna, customer)
    take(anna, customer)
    for _ in range(2):
        assert write(anna, customer, "Dzień dobry", "11111111").status_code == 303
    assert [e["text"] for e in customer.history() if e.get("from") == "staff"] == ["Dzień dobry"]
    assert handoffs(customer).count("taken") == 1


def test_what_is_new_comes_at_once_and_to_who_has_it_alone(system: System, anna: Colleague) -> None:
    customer = system.customer()
    customer.say("dzień dobry")
    news = f"{place(customer)}/dalej"
    last = customer.history()[-1]["seq"]
    assert anna.get(f"{news}?po={last}").status_code == 409
    take(anna, customer)
    last = customer.history()[-1]["seq"]
    with ThreadPoolExecutor() as waiting:
        coming = waiting.submit(anna.get, f"{news}?po={last}")
        customer.say("jest tam kto?")
        lines = coming.result(timeout=10).text
    assert "jest tam kto?" in lines
    assert "<html" not in lines
    for odd in ("", "?po=-1", "?po=%27%3B%20DROP", "?po=99999999999999999999"):
        assert anna.get(f"{news}{odd}").status_code == 400
    assert anna.get(f"{LIST}/%27%3B%20DROP%20TABLE").status_code == 404


def test_every_step_is_on_record(system: System, anna: Colleague) -> None:
    customer = system.customer()
    customer.say("dzień dobry")
    take(anna, customer)
    anna.get(place(customer))
    write(anna, customer, "Dzień dobry")
    give_back(anna, customer)
    kinds = [row[3] for row in system.tables()["staff_acts"] if customer.id in row]
    assert kinds == ["took_over", "viewed", "wrote", "handed_back"]
