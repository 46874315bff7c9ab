"""Rules 1 and 2: what is typed and what is shown stays out of Rasa, logs, errors and every table but the vault."""

from __future__ import annotations

import re
import uuid

import requests

from tests.support.system import Customer, System

SPECIMENS = {
    "email": "marker.specimen@poczta.example",
    "phone": "500 987 123",
    "pesel": "45871201235",
    "nip": "999-000-10-02",
    "iban": "PL10 0000 0000 0000 0000 0000 4711",
    "card": "4111 1111 1111 1111",
    "code": "739518",
    "login": "markerlogin77",
    "password": "MarkerHaslo!9",
}
SENTENCES = [
    "mój mail to {email}, a telefon {phone}",
    "pesel {pesel} nip {nip}",
    "konto {iban} karta {card}",
    "kod {code}",
    "login: {login}",
    "hasło to {password}",
    "ile mam do zapłaty? {email}",
]
ANSWERS = ["{email}", "{pesel}", "{login}", "{nip}", "{code}", "nie mam, zadzwońcie {phone}"]
HELENA = "helena.mroz@poczta.example"


def say_everything(customer: Customer) -> None:
    for sentence in SENTENCES:
        customer.say(sentence.format(**SPECIMENS))
    customer.say("anuluj")
    for answer in ANSWERS:
        customer.say("ile mam do zapłaty?")
        customer.say(answer.format(**SPECIMENS))
        customer.say(answer.format(**SPECIMENS))
        customer.say("anuluj")
    customer.http.post(
        f"{customer.place}/feedback",
        json={"seq": 1, "score": "down", "comment": f"{SPECIMENS['email']} {SPECIMENS['pesel']}"},
        timeout=5,
    )


def traces(haystack: str) -> list[str]:
    """The specimens in a text, also when their separators are gone."""
    bare = re.sub(r"[\s-]", "", haystack)
    return [kind for kind, value in SPECIMENS.items() if value in haystack or re.sub(r"[\s-]", "", value) in bare]


def test_nothing_typed_is_found_outside_the_vault(system: System) -> None:
    customer = system.customer()
    say_everything(customer)
    assert traces(system.stored()) == []
    assert traces(system.log()) == []
    assert traces("\n".join(str(event) for event in customer.history())) == []


def test_nothing_typed_is_found_in_any_table_of_the_database(system: System) -> None:
    say_everything(system.customer())
    rows = [repr(row) for rows in system.tables().values() for row in rows]
    assert len(rows) > 1000
    assert traces("\n".join(rows)) == []


def test_the_customer_sees_labels_in_place_of_what_was_typed(system: System) -> None:
    customer = system.customer()
    customer.say(f"mail {SPECIMENS['email']} pesel {SPECIMENS['pesel']}")
    assert "mail [e-mail] pesel [PESEL]" in [event.get("text") for event in customer.history()]


def test_passwords_and_cards_are_not_even_kept_and_the_customer_is_told(system: System) -> None:
    customer = system.customer()
    reply = customer.say(f"hasło: {SPECIMENS['password']} karta {SPECIMENS['card']}")
    assert "Nie podawaj tutaj haseł" in reply.text
    assert system.tables()["vault"] == []


def test_nothing_shown_is_found_outside_the_vault_and_it_is_hidden_again(system: System) -> None:
    customer = system.identified(HELENA)
    text = customer.say("jakie mam saldo?").text
    amount = "234,56"
    assert amount in text
    due = re.findall(r"\d{1,2} \w+ 20\d\d, kwota", text)[0].removesuffix(", kwota")
    stored = system.stored()
    assert amount not in stored
    assert due not in stored
    assert HELENA not in stored
    assert amount not in system.log()


def test_an_error_quotes_nothing_of_the_request(system: System) -> None:
    customer = system.customer()
    email = SPECIMENS["email"]
    bodies = [
        {"client_id": email, "text": "a"},
        {"client_id": str(uuid.uuid4()), "text": "a", email: "b"},
        {"client_id": str(uuid.uuid4()), "choice": email},
        {"client_id": str(uuid.uuid4()), "text": email * 300},
    ]
    answers = [customer.http.post(f"{customer.place}/messages", json=body, timeout=5) for body in bodies]
    answers.append(requests.get(f"{system.url}/{email}", timeout=5))
    assert all(answer.status_code >= 400 for answer in answers)
    assert [answer.text for answer in answers if email in answer.text] == []
    assert email not in system.log()
