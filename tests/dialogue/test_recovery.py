"""Getting the login or a new password by letter: alike for everybody, and nothing of an account is told."""

from __future__ import annotations

import pytest

from tests.support.system import Reply, System

HELENA = "helena.mroz@poczta.example"
UNKNOWN = "nikt.taki@poczta.example"
LOGIN, PASSWORD = "nie pamiętam loginu", "nie pamiętam hasła"
ASKS_ADDRESS, ASKS_LOGIN = "podaj tutaj adres e-mail z rejestracji", "podaj tutaj login"
REMINDED, RESET = "wiadomość z loginem", "przyjdzie hasło jednorazowe"
AGAIN = "Przypomnienie loginu wysyłamy na adres e-mail"
TASKS = pytest.mark.parametrize(("question", "done"), [(LOGIN, REMINDED), (PASSWORD, RESET)])


def seen(reply: Reply) -> tuple[str, list[str], list[str]]:
    return reply.text, reply.titles, [event["type"] for event in reply.events]


@TASKS
def test_known_and_unknown_addresses_are_answered_alike(system: System, question: str, done: str) -> None:
    replies = []
    for address in (HELENA, UNKNOWN):
        customer = system.customer()
        replies.append([seen(customer.say(words)) for words in (question, address)])
    assert replies[0] == replies[1]
    assert done in replies[0][1][0]
    assert len(system.mails(HELENA)) == len(system.mails()) == 1
    assert "mojBOK" in system.mails(HELENA)[0]["subject"]


def test_known_and_unknown_logins_are_answered_alike(system: System) -> None:
    replies = []
    for login in ("hmroz", "nktaki"):
        customer = system.customer()
        customer.say(PASSWORD)
        replies.append(seen(customer.say(login)))
    assert replies[0] == replies[1]
    assert len(system.mails(HELENA)) == len(system.mails()) == 1


@pytest.mark.parametrize(
    ("words", "done"),
    [
        (f"nie pamiętam loginu, mój mail to {HELENA}", REMINDED),
        (f"zapomniałam hasła, mój mail to {HELENA}", RESET),
        ("nie pamiętam hasła, mój login to hmroz", RESET),
    ],
)
def test_what_was_given_with_the_question_is_not_asked_for_again(system: System, words: str, done: str) -> None:
    assert done in system.customer().say(words).text
    assert len(system.mails(HELENA)) == 1


@TASKS
def test_one_question_means_one_letter(system: System, question: str, done: str) -> None:
    customer = system.customer()
    customer.say(question)
    customer.say(HELENA)
    assert done not in customer.say("dziękuję").text
    assert len(system.mails(HELENA)) == 1


def test_neither_login_nor_password_begins_with_the_login(system: System) -> None:
    customer = system.customer()
    assert ASKS_ADDRESS in customer.say("nie pamiętam ani loginu, ani hasła").text
    reminded = customer.say(HELENA)
    assert "Potem możesz też ustawić nowe hasło" in reminded.text
    assert ASKS_LOGIN in customer.choose(reminded.choice("Nowe hasło")).text
    assert RESET in customer.say(HELENA).text


def test_the_portals_own_way_is_told_with_the_question(system: System) -> None:
    assert "„Nie pamiętasz nazwy użytkownika?”" in system.customer().say(LOGIN).text
    assert "„Nie pamiętasz hasła?”" in system.customer().say(PASSWORD).text


@pytest.mark.parametrize("login", ["hmroz", "mój login to hmroz", "45871201235"])
def test_a_login_does_not_get_the_login_reminded(system: System, login: str) -> None:
    customer = system.customer()
    customer.say(LOGIN)
    assert AGAIN in customer.say(login).text
    assert system.mails() == []
    assert REMINDED in customer.say(HELENA).text


@TASKS
def test_a_question_midway_is_answered_and_the_task_goes_on(system: System, question: str, done: str) -> None:
    customer = system.customer()
    customer.say(question)
    aside = customer.say("a ile kosztuje założenie konta w serwisie?")
    assert "bezpłatn" in aside.messages[0]["text"]
    assert "adres e-mail" in aside.messages[-1]["text"]
    assert done in customer.say(HELENA).text


@pytest.mark.parametrize("words", ["nie pamiętam", "nie znam maila", "nie mam już dostępu do tej skrzynki"])
@TASKS
def test_who_does_not_know_the_address_gets_the_contact(system: System, question: str, done: str, words: str) -> None:
    customer = system.customer()
    customer.say(question)
    assert "cok@" in customer.say(words).text
    assert done in customer.say(HELENA).text


def test_who_got_no_letter_is_asked_for_the_login_again(system: System) -> None:
    customer = system.customer()
    customer.say(PASSWORD)
    customer.say(UNKNOWN)
    assert ASKS_LOGIN in customer.say("nie przyszło nic").text
    assert RESET in customer.say(HELENA).text


@pytest.mark.parametrize("words", ["anuluj", "zostawmy to", "nie"])
@TASKS
def test_cancelling_ends_it_without_a_letter(system: System, question: str, done: str, words: str) -> None:
    customer = system.customer()
    customer.say(question)
    assert "zostawiamy to" in customer.say(words).text
    assert done not in customer.say(HELENA).text
    assert system.mails() == []


@TASKS
def test_a_person_can_be_had_midway(system: System, question: str, done: str) -> None:
    customer = system.customer()
    customer.say(question)
    assert "klienta indywidualnego, czy biznesowego" in customer.say("chcę rozmawiać z konsultantem").text


def test_from_the_login_to_the_password_midway(system: System) -> None:
    customer = system.customer()
    customer.say(LOGIN)
    assert ASKS_LOGIN in customer.say("a hasło? też nie pamiętam").text
    assert RESET in customer.say("hmroz").text
    assert len(system.mails(HELENA)) == 1


def test_from_the_login_to_the_password_with_an_address(system: System) -> None:
    customer = system.customer()
    customer.say(LOGIN)
    assert RESET in customer.say(f"zapomniałem też hasła, mój mail to {HELENA}").text


def test_from_the_password_to_the_login_midway(system: System) -> None:
    customer = system.customer()
    customer.say(PASSWORD)
    assert ASKS_ADDRESS in customer.say("loginu też nie pamiętam, przypomnij mi login").text
    assert REMINDED in customer.say(HELENA).text


def test_nothing_of_an_account_is_told(system: System) -> None:
    customer = system.customer()
    said = "\n".join(customer.say(words).text for words in (LOGIN, HELENA, PASSWORD, "hmroz"))
    assert "hmroz" not in said
    assert "helena" not in said.casefold()
    assert "***" not in said


def test_while_a_code_is_waited_for_the_login_can_be_had(system: System) -> None:
    customer = system.customer()
    customer.say("ile mam do zapłaty?")
    assert ASKS_ADDRESS in customer.say(LOGIN).text
    assert REMINDED in customer.say(HELENA).text
