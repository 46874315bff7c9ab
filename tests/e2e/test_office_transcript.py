"""The transcript over HTTP: what a colleague reads of a conversation, writes about it, and may see of its values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.office import Colleague, acts, at_work
from tests.support.system import Customer, System

HELENA, FIRM = "helena.mroz@poczta.example", "biuro@tartak.example"
DUE = "1\xa0234,56\xa0zł"
REASON = "klient pyta o ten adres przez telefon"
HOSTILE = "<script>alert(1)</script> \"; DROP TABLE events; -- 100% _ NEAR(a, b) AND ' {{ 7*7 }}"


@pytest.fixture(scope="module")
def agent(running: System) -> Colleague:
    return at_work(running, "ada.zapis", "agent", team="cok")


@pytest.fixture(scope="module")
def agent_of_bok(running: System) -> Colleague:
    return at_work(running, "bo.zapis", "agent", team="bok")


@pytest.fixture(scope="module")
def reviewer(running: System) -> Colleague:
    return at_work(running, "rena.zapis", "reviewer")


@pytest.fixture(scope="module")
def trainer(running: System) -> Colleague:
    return at_work(running, "tola.zapis", "trainer")


@pytest.fixture(scope="module")
def administrator(running: System) -> Colleague:
    return at_work(running, "alf.zapis", "administrator")


def place(customer: Customer) -> str:
    return f"/biuro/rozmowy/{customer.id}"


def values_on(page: str) -> list[str]:
    """The addresses at which the page's values may be asked for."""
    return re.findall(r'href="(/biuro/rozmowy/[^"]+/wartosc/\d+)"', page)


def test_a_conversation_is_read_with_what_was_understood_and_done(system: System, reviewer: Colleague) -> None:
    customer = system.identified(HELENA)
    page = reviewer.get(place(customer)).text
    for words in ("Klient", "Asystent", "[e-mail]", "[kod]", "Moje saldo", "Potwierdzono tożsamość", "Strona WWW"):
        assert words in page
    assert re.search(r"Moje saldo – wykonano \(\d+ ms\)", page)
    assert re.search(r"odmowa: trzeba potwierdzić tożsamość", page)
    assert re.search(r"Do zapłaty: <span class=\"value\">\[kwota\]</span>", page)
    assert "COK" in page
    for value in (HELENA, DUE, system.latest_code(HELENA), "Mróz"):
        assert value not in page


def test_choices_tables_links_and_feedback_are_told(system: System, reviewer: Colleague) -> None:
    customer = Customer(system.url)
    greeting = customer.open()
    reply = customer.choose(greeting.choice("Logowanie"))
    seq = reply.messages[-1]["seq"]
    rating = {"seq": seq, "score": "down", "comment": f"nadal nie działa, piszcie na {FIRM}"}
    assert customer.http.post(f"{customer.place}/feedback", json=rating, timeout=10).status_code == 204
    page = reviewer.get(place(customer)).text
    assert 'class="taken">Logowanie' in page
    assert page.count('class="taken"') == 1
    assert '<span class="label">wybór</span>' in page
    assert "nie pomogło" in page
    assert "nadal nie działa" in page
    assert FIRM not in page
    signed_in = system.identified(HELENA)
    signed_in.say("pokaż moje faktury")
    page = reviewer.get(place(signed_in)).text
    assert "<table>" in page or "Odnośniki:" in page


def test_whoever_signs_in_first_comes_to_the_conversation(system: System) -> None:
    customer = system.customer()
    asked = system.browser().get(place(customer))
    assert f'name="dalej" value="{place(customer)}"' in asked.text


def test_reading_is_on_record(system: System, reviewer: Colleague, administrator: Colleague) -> None:
    customer = system.customer()
    reviewer.get(place(customer))
    reviewer.get(f"{place(customer)}?przed=1")
    assert acts(system, customer.id) == [("viewed", None), ("viewed", None)]
    journal = f"/biuro/dziennik?dotyczy={customer.id}"
    assert journal in administrator.get(place(customer)).text
    assert administrator.get(journal).text.count("<td>Rena Zapis</td>") == 2
    assert reviewer.get(journal).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/biuro/rozmowy/k_niematakiej",
        "/biuro/rozmowy/k_%00",
        "/biuro/rozmowy/'; DROP TABLE events; --",
        "/biuro/rozmowy/<script>",
        "/biuro/rozmowy/k_niematakiej/test",
        "/biuro/rozmowy/k_niematakiej/wartosc/1",
        "/biuro/rozmowy/{id}?przed=-1",
        "/biuro/rozmowy/{id}?po=99999999999999999999",
        "/biuro/rozmowy/{id}?wiadomosc=%27%3B%20DROP",
        "/biuro/rozmowy/{id}?przed=1&po=2",
        "/biuro/rozmowy/{id}/wartosc/99999999999999",
        "/biuro/rozmowy/{id}/wartosc/-1",
        "/biuro/rozmowy/{id}/wartosc/4",
    ],
)
def test_an_address_made_by_hand_is_a_plain_404(system: System, path: str, everything: Colleague) -> None:
    customer = system.customer()
    assert everything.get(path.replace("{id}", customer.id)).status_code == 404


@pytest.fixture(scope="module")
def everything(running: System) -> Colleague:
    return at_work(running, "ewa.zapis", "agent", "trainer", "administrator", team="cok")


def test_what_colleagues_write_stays_text(system: System, reviewer: Colleague) -> None:
    customer = system.customer()
    asked = customer.say(HOSTILE)
    seq = asked.messages[0]["in_reply_to"]
    for field, form in (("notatka", {"notatka": HOSTILE, "wiadomosc": str(seq)}), ("tag", {"tag": HOSTILE[:38]})):
        answer = reviewer.post(f"{place(customer)}/{field}", data=form, allow_redirects=False)
        assert answer.status_code == 303, answer.text
    page = reviewer.get(place(customer)).text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4
    assert "{{ 7*7 }}" in page
    assert [kind for kind, _ in acts(system, customer.id)] == ["noted", "tagged", "viewed"]


def test_notes_hold_no_values(system: System, reviewer: Colleague) -> None:
    customer = system.customer()
    note = {"notatka": f"oddzwonić: 500 600 700,\nlist na {HELENA}"}
    reviewer.post(f"{place(customer)}/notatka", data=note)
    page = reviewer.get(place(customer)).text
    assert "oddzwonić: [telefon],\nlist na [e-mail]" in page
    assert "500 600 700" not in str(system.tables()["conversation_notes"])


def test_a_tag_has_one_form_and_can_be_taken_off(system: System, reviewer: Colleague) -> None:
    customer = system.customer()
    for tag in ("Faktura", "  #FAKTURA ", "faktura"):
        reviewer.post(f"{place(customer)}/tag", data={"tag": tag})
    assert [tag for _, tag in system.tables()["conversation_tags"]] == ["faktura"]
    reviewer.post(f"{place(customer)}/tag/usun", data={"usun": "faktura"})
    assert system.tables()["conversation_tags"] == []
    assert reviewer.post(f"{place(customer)}/tag", data={"tag": " # "}).status_code == 400
    assert reviewer.post(f"{place(customer)}/tag", data={"tag": "a" * 41}).status_code == 400


def test_a_conversation_is_flagged_and_then_reviewed(system: System, reviewer: Colleague) -> None:
    customer = system.customer()
    for state, words in (("flagged", "do wyjaśnienia"), ("reviewed", "przejrzana"), ("new", "nowa")):
        page = reviewer.post(f"{place(customer)}/stan", data={"stan": state}).text
        assert f'<span class="label {state}">{words}</span> Rena Zapis' in page
    assert reviewer.post(f"{place(customer)}/stan", data={"stan": "'"}).status_code == 400
    reasons = [reason for kind, reason in acts(system, customer.id) if kind == "reviewed"]
    assert reasons == ["flagged", "reviewed", "new"]


@pytest.mark.parametrize(
    ("what", "form", "words"),
    [
        ("notatka", {"notatka": ""}, "To pole trzeba wypełnić."),
        ("notatka", {"notatka": "a" * 2001}, "To jest za długie."),
        ("notatka", {"notatka": "x", "wiadomosc": "999"}, "nie ma wiadomości o tym numerze"),
        ("notatka", {"notatka": "x", "wiadomosc": "²"}, "Podaj numer wiadomości"),
        ("tag", {}, "To pole trzeba wypełnić."),
    ],
)
def test_what_is_wrong_with_a_form_is_said(
    system: System, reviewer: Colleague, what: str, form: dict[str, str], words: str
) -> None:
    answer = reviewer.post(f"{place(system.customer())}/{what}", data=form)
    assert answer.status_code == 400
    assert words in answer.text


def test_a_value_is_shown_for_a_reason_and_only_on_the_answer(system: System, agent: Colleague) -> None:
    customer = system.identified(HELENA)
    asked = [one for one in values_on(agent.get(place(customer)).text)]
    address = asked[0]
    assert HELENA not in agent.get(address).text
    short = agent.post(address, data={"powod": "bo tak"})
    assert short.status_code == 400
    assert HELENA not in short.text
    shown = agent.post(address, data={"powod": f"{REASON}, tel. 500 600 700"})
    assert HELENA in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert HELENA not in agent.get(address).text
    number = address.rpartition("/")[2]
    said = [one for one in acts(system, customer.id) if one[0] == "revealed"]
    assert said == [("revealed", f"[e-mail], wartość nr {number}: {REASON}, tel. [telefon]")]


def test_what_the_assistant_showed_can_be_seen_too(system: System, agent: Colleague) -> None:
    customer = system.identified(HELENA)
    shown = [agent.post(address, data={"powod": REASON}).text for address in values_on(agent.get(place(customer)).text)]
    assert any(DUE in page for page in shown)


def test_an_agent_reveals_nothing_of_the_other_team(
    system: System, agent: Colleague, agent_of_bok: Colleague, reviewer: Colleague
) -> None:
    customer = system.identified(FIRM)
    address = values_on(agent_of_bok.get(place(customer)).text)[0]
    assert values_on(agent.get(place(customer)).text) == []
    for colleague in (agent, reviewer):
        assert colleague.get(address).status_code == 403
        assert colleague.post(address, data={"powod": REASON}).status_code == 403
    assert "revealed" not in [kind for kind, _ in acts(system, customer.id)]
    assert FIRM in agent_of_bok.post(address, data={"powod": REASON}).text


def test_either_team_reveals_what_a_stranger_wrote(system: System, agent: Colleague, agent_of_bok: Colleague) -> None:
    customer = system.customer()
    customer.say("piszcie na nikt.taki@poczta.example")
    for colleague in (agent, agent_of_bok):
        address = values_on(colleague.get(place(customer)).text)[0]
        assert "nikt.taki@poczta.example" in colleague.post(address, data={"powod": REASON}).text


def test_a_password_is_not_even_kept(system: System, agent: Colleague) -> None:
    customer = system.customer()
    customer.say("moje hasło to Kotek!123")
    page = agent.get(place(customer)).text
    assert "[hasło]" in page
    assert values_on(page) == []


def test_a_conversation_is_held_for_a_reason_and_released(
    system: System, administrator: Colleague, reviewer: Colleague
) -> None:
    customer = system.customer()
    held = f"{place(customer)}/blokada"
    assert reviewer.post(held, data={"powod": REASON}).status_code == 403
    assert administrator.post(held, data={"powod": "spór"}).status_code == 400
    assert "Powód: sprawa sądowa I C 12/26" in administrator.post(held, data={"powod": "sprawa sądowa I C 12/26"}).text
    assert "Powód: sprawa sądowa I C 12/26" in reviewer.get(place(customer)).text
    assert "Powód:" not in administrator.post(f"{held}/zwolnij").text
    done = [act for act in acts(system, customer.id) if act[0] != "viewed"]
    assert done == [("held", "sprawa sądowa I C 12/26"), ("released", None)]


def test_who_may_read_only_can_do_nothing_else(system: System, running: System) -> None:
    customer = system.customer()
    stranger = system.browser()
    for path in ("", "/test", "/wartosc/1"):
        assert stranger.get(f"{place(customer)}{path}", allow_redirects=False).status_code == 303
    for path in ("/notatka", "/tag", "/tag/usun", "/stan", "/blokada", "/blokada/zwolnij", "/wartosc/1"):
        answer = stranger.post(f"{place(customer)}{path}", data={"powod": REASON}, allow_redirects=False)
        assert answer.headers["location"] == "/biuro/logowanie"
    assert acts(system, customer.id) == []


def saved(trainer: Colleague, customer: Customer) -> str:
    answer = trainer.get(f"{place(customer)}/test")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="test_k_')
    return answer.text


def run(source: str, system: System) -> None:
    """Runs the one test of a file."""
    names: dict[str, Any] = {}
    exec(compile(source, "saved", "exec"), names)
    (test,) = (value for name, value in names.items() if name.startswith("test_"))
    test(system)


def talk_about_the_balance(system: System) -> Customer:
    customer = Customer(system.url)
    greeting = customer.open()
    customer.choose(greeting.choice("Moje saldo"))
    customer.say(f"mój mail to {HELENA}")
    customer.say("kod 000000")
    customer.say(f"kod to {system.latest_code(HELENA)}, proszę")
    customer.say("pokaż moje faktury")
    return customer


def talk_of_a_firm(system: System) -> Customer:
    customer = system.identified(FIRM)
    customer.say('czy portal działa w nocy? "na pewno" \\ {nie}')
    customer.say("a\u202eb " * 100)
    return customer


def take_an_old_choice(system: System) -> Customer:
    customer = Customer(system.url)
    greeting = customer.open()
    customer.say("czy portal działa w nocy?")
    customer.choose(greeting.choice("Logowanie"))
    return customer


def talk_while_signed_in(system: System) -> Customer:
    customer = Customer(system.url, system.signed_in(HELENA).http)
    customer.http.headers["Origin"] = system.url
    customer.open()
    reply = customer.say("pokaż moje faktury")
    if reply.titles:
        customer.choose(reply.choice(reply.titles[0]))
    return customer


@pytest.mark.parametrize(
    "talk",
    [talk_about_the_balance, talk_of_a_firm, take_an_old_choice, talk_while_signed_in],
    ids=lambda one: one.__name__,
)
def test_a_saved_conversation_is_a_test_that_passes(
    system: System, trainer: Colleague, talk: Callable[[System], Customer]
) -> None:
    customer = talk(system)
    source = saved(trainer, customer)
    assert "assert " in source
    assert acts(system, customer.id) == [("saved_as_test", None)]
    system.reset()
    run(source, system)


def test_a_saved_test_holds_no_values(system: System, trainer: Colleague) -> None:
    customer = system.customer()
    customer.say("mój mail to ktos.inny@poczta.example, telefon 500 600 700")
    source = saved(trainer, customer)
    assert "ktos.inny" not in source
    assert "500 600 700" not in source
    assert HELENA in source


def test_only_who_teaches_saves_tests(system: System, reviewer: Colleague) -> None:
    assert reviewer.get(f"{place(system.customer())}/test").status_code == 403
