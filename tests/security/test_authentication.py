"""Getting in and getting back in (OWASP ASVS 5.0, V6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.security.conftest import PASSWORD, Person
from tests.support.system import System, Visitor
from tests.support.visitor import link_in, one_time_password_in

KAZIMIERZ, HELENA, CELINA = "kazimierz.jez@poczta.example", "helena.mroz@poczta.example", "celina.cwik@poczta.example"
WRONG = "00000-ZZZZZ"

Find = Callable[[str], Person]
SignIn = Callable[[str, str], Visitor]


def ask_reset(system: System, login: str = "kjez") -> str:
    """The path of the page where the one-time password is typed."""
    return system.browser().post("/nie-pamietam-hasla", data={"login": login}).url.removeprefix(system.url)


def register(system: System, someone: Person, **changes: str) -> requests.Response:
    form = {"numer": someone["pesel"] or someone["nip"], "klient": someone["customer_no"], "email": someone["email"]}
    return system.browser().post("/rejestracja", data=form | {"regulamin": "tak"} | changes)


def status(visitor: Visitor, path: str, **form: str) -> int:
    return visitor.post(path, data=form, allow_redirects=False).status_code


def at_once(times: int, work: Callable[[int], int]) -> list[int]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


def test_v6_6_3_of_twenty_wrong_one_time_passwords_at_once_five_are_tried_and_then_the_right_one_fails(
    system: System,
) -> None:
    path, letter = ask_reset(system), system.mails(KAZIMIERZ)[-1]
    answers = at_once(20, lambda _: status(system.browser(), path, kod=WRONG))
    assert answers.count(400) == 4
    assert answers.count(410) == 16
    assert status(system.browser(), path, kod=one_time_password_in(letter)) == 410
    again = ask_reset(system)
    assert status(system.browser(), again, kod=one_time_password_in(system.mails(KAZIMIERZ)[-1])) == 303


def test_v6_5_1_of_twenty_right_ones_at_once_exactly_one_counts(system: System) -> None:
    path, letter = ask_reset(system), system.mails(KAZIMIERZ)[-1]
    answers = at_once(20, lambda _: status(system.browser(), path, kod=one_time_password_in(letter)))
    assert answers.count(303) == 1


def test_v6_1_1_nobody_locks_another_out(system: System, with_password: SignIn) -> None:
    with_password("kjez", KAZIMIERZ)
    strange = ask_reset(system, "kjez")
    for _ in range(6):
        status(system.browser(), strange, kod=WRONG)
    for _ in range(12):
        assert system.browser().sign_in("kjez", "nie to hasło").status_code == 403
    assert "Aktualne saldo" in system.browser().sign_in("kjez", PASSWORD).text


def test_v6_6_2_a_one_time_password_opens_its_own_page_only(system: System) -> None:
    first, letter = ask_reset(system), system.mails(KAZIMIERZ)[-1]
    second = ask_reset(system)
    assert status(system.browser(), second, kod=one_time_password_in(letter)) == 400
    assert status(system.browser(), first, kod=one_time_password_in(letter)) == 303


def test_v6_6_2_a_code_or_handle_of_another_flow_is_worth_nothing(system: System, person: Find) -> None:
    register(system, person("K0000109"))
    activation = link_in(system.mails(CELINA)[-1]).removeprefix("/aktywacja/")
    reset = ask_reset(system).removeprefix("/haslo-jednorazowe/")
    customer = system.customer()
    customer.say("ile mam do zapłaty?")
    customer.say(KAZIMIERZ)
    code = system.latest_code(KAZIMIERZ)
    new = {"nowe": PASSWORD, "powtorz": PASSWORD}
    assert status(system.browser(), f"/haslo-jednorazowe/{reset}", kod=code) == 400
    for path in (f"/nowe-haslo/{activation}", f"/nowe-haslo/{reset}", f"/aktywacja/{reset}"):
        assert status(system.browser(), path, **new) == 410
    assert status(system.browser(), f"/nowy-email/{activation}") == 410
    assert status(system.browser(), f"/haslo-jednorazowe/{activation}", kod=code) == 410


def test_v6_6_2_a_one_time_password_confirms_nothing_in_a_conversation(system: System) -> None:
    ask_reset(system)
    customer = system.customer()
    customer.say("ile mam do zapłaty?")
    customer.say(KAZIMIERZ)
    reply = customer.say(
        one_time_password_in(next(m for m in system.mails(KAZIMIERZ) if "jednorazowe" in m["subject"]))
    )
    assert not [event for event in reply.events if event["type"] == "identity"]


def test_v6_4_1_an_activation_link_works_once_and_for_24_hours(system: System, person: Find) -> None:
    new = {"nowe": PASSWORD, "powtorz": PASSWORD}
    system.set_clock("2026-11-24T10:00:00+01:00")
    register(system, person("K0000109"))
    late = link_in(system.mails(CELINA)[-1])
    system.set_clock("2026-11-25T10:00:01+01:00")
    assert "zarejestruj się ponownie" in system.browser().get(late).text.lower()
    assert status(system.browser(), late, **new) == 410
    register(system, person("K0000109"))
    link = link_in(system.mails(CELINA)[-1])
    assert status(system.browser(), link, **new) == 303
    assert status(system.browser(), link, **new) == 410
    assert "Aktualne saldo" in system.browser().sign_in(person("K0000109")["pesel"], PASSWORD).text


def test_v6_5_5_a_one_time_password_ends_after_ten_minutes(system: System) -> None:
    system.set_clock("2026-11-24T10:00:00+01:00")
    path, letter = ask_reset(system), system.mails(KAZIMIERZ)[-1]
    system.set_clock("2026-11-24T10:10:01+01:00")
    assert status(system.browser(), path, kod=one_time_password_in(letter)) == 410


def test_v6_5_5_the_page_for_a_new_password_lives_no_longer(system: System) -> None:
    system.set_clock("2026-11-24T10:00:00+01:00")
    path, letter = ask_reset(system), system.mails(KAZIMIERZ)[-1]
    following = system.browser().post(path, data={"kod": one_time_password_in(letter)}).url.removeprefix(system.url)
    system.set_clock("2026-11-24T10:10:01+01:00")
    assert status(system.browser(), following, nowe=PASSWORD, powtorz=PASSWORD) == 410


def test_v6_4_3_a_reset_leaves_the_old_password_until_a_new_one_is_set(system: System, with_password: SignIn) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    path, letter = ask_reset(system), system.mails(KAZIMIERZ)[-1]
    assert visitor.get("/pulpit").status_code == 200
    assert "Aktualne saldo" in system.browser().sign_in("kjez", PASSWORD).text
    following = system.browser().post(path, data={"kod": one_time_password_in(letter)}).url.removeprefix(system.url)
    assert "Aktualne saldo" in system.browser().sign_in("kjez", PASSWORD).text
    system.browser().post(following, data={"nowe": "zupełnie inne hasło", "powtorz": "zupełnie inne hasło"})
    assert system.browser().sign_in("kjez", PASSWORD).status_code == 403
    assert "Zaloguj się" in visitor.get("/pulpit").text
    assert "Aktualne saldo" in system.browser().sign_in("kjez", "zupełnie inne hasło").text


def test_v6_2_8_the_one_time_password_is_no_password(system: System) -> None:
    ask_reset(system)
    typed = one_time_password_in(system.mails(KAZIMIERZ)[-1])
    assert system.browser().sign_in("kjez", typed).status_code == 403


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("krótkie", "za krótkie"),
        ("x" * 129, "za długie"),
        ("password123", "zbyt łatwe"),
        ("aaaaaaaaaa", "zbyt łatwe"),
        ("mojBOK2026!", "zbyt łatwe"),
        ("Kazimierz Jeż", "zbyt łatwe"),
        (KAZIMIERZ, "zbyt łatwe"),
    ],
)
def test_v6_2_1_4_9_and_11_which_passwords_are_not_taken(
    system: System, with_password: SignIn, password: str, words: str
) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    page = visitor.post("/moje-dane/haslo", data={"haslo": PASSWORD, "nowe": password, "powtorz": password})
    assert page.status_code == 400
    assert words in page.text


@pytest.mark.parametrize(
    "password", ["tylkomaleliterki", "żółć" * 16, "🔑🔑🔑🔑 klucz", " spacje na końcu ", "ó" * 40 + "abcd"]
)
def test_v6_2_5_and_9_any_characters_and_64_of_them_are_taken_as_they_are(
    system: System, with_password: SignIn, password: str
) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    page = visitor.post("/moje-dane/haslo", data={"haslo": PASSWORD, "nowe": password, "powtorz": password})
    assert "Hasło zostało zmienione" in page.text
    assert "Aktualne saldo" in system.browser().sign_in("kjez", password).text
    assert system.browser().sign_in("kjez", password.strip() + "x").status_code == 403


def test_v6_2_3_every_change_asks_for_the_present_password(system: System, with_password: SignIn) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    for what, form in {
        "haslo": {"nowe": "zupełnie inne hasło", "powtorz": "zupełnie inne hasło"},
        "email": {"email": "nowy@poczta.example"},
        "telefon": {"telefon": "600 700 800"},
        "login": {"login": "nowy.login"},
    }.items():
        page = visitor.post(f"/moje-dane/{what}", data=form | {"haslo": "nie to"})
        assert "To nie jest Twoje obecne hasło" in page.text
    assert system.mails("nowy@poczta.example") == []
    assert KAZIMIERZ in visitor.get("/moje-dane").text


def test_v6_3_6_a_new_address_counts_once_its_link_is_opened_and_the_old_one_is_told(
    system: System, with_password: SignIn
) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    visitor.post("/moje-dane/email", data={"email": "nowy@poczta.example", "haslo": PASSWORD})
    assert KAZIMIERZ in visitor.get("/moje-dane").text
    link = link_in(system.mails("nowy@poczta.example")[-1])
    assert visitor.get(link).status_code == 200
    assert KAZIMIERZ in visitor.get("/moje-dane").text
    assert "nowy@poczta.example" in visitor.post(link).text
    assert status(visitor, link) == 410
    told = system.mails(KAZIMIERZ)[-1]
    assert "został zmieniony" in told["subject"]
    assert "nowy@poczta.example" not in told["text"]


def test_v6_3_6_changes_of_password_and_login_are_told_by_letter(system: System, with_password: SignIn) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    visitor.post("/moje-dane/login", data={"login": "Nowy.Login", "haslo": PASSWORD})
    assert "Login do mojBOK" in system.mails(KAZIMIERZ)[-1]["subject"]
    assert "Aktualne saldo" in system.browser().sign_in("nowy.login", PASSWORD).text
    assert system.browser().sign_in("kjez", PASSWORD).status_code == 403
    visitor.post(
        "/moje-dane/haslo", data={"haslo": PASSWORD, "nowe": "nowe długie hasło", "powtorz": "nowe długie hasło"}
    )
    assert "Hasło do mojBOK" in system.mails(KAZIMIERZ)[-1]["subject"]


def seen(answer: requests.Response) -> tuple[object, ...]:
    """Everything of an answer that could tell something; random handles are made alike."""
    headers = {n: v for n, v in answer.headers.items() if n.lower() not in ("date", "location", "set-cookie")}
    where = re.sub(r"/haslo-jednorazowe/[\w-]+", "/haslo-jednorazowe/*", answer.headers.get("location", ""))
    body = re.sub(r"/haslo-jednorazowe/[\w-]+", "/haslo-jednorazowe/*", answer.text)
    return answer.status_code, where, sorted(headers.items()), body


@pytest.mark.parametrize("what", ["rejestracja", "nie-pamietam-loginu", "nie-pamietam-hasla", "logowanie"])
def test_v6_3_8_known_and_unknown_see_the_same_and_leave_the_same_rows(system: System, person: Find, what: str) -> None:
    known = person("K0000109") if what == "rejestracja" else person("K0000102")
    unknown = known | {"customer_no": "K9999102", "email": f"x{known['email'][1:]}", "pesel": known["pesel"][::-1]}
    answers, rows = [], []
    for someone in (known, unknown):
        forms = {
            "rejestracja": {
                "numer": someone["pesel"],
                "klient": someone["customer_no"],
                "email": someone["email"],
                "regulamin": "tak",
            },
            "nie-pamietam-loginu": {"email": someone["email"]},
            "nie-pamietam-hasla": {"login": someone["pesel"]},
            "logowanie": {"login": someone["pesel"], "haslo": "nie to hasło"},
        }
        before = {name: len(found) for name, found in system.tables().items()}
        answer = system.browser().post(f"/{what}", data=forms[what], allow_redirects=False)
        after = {name: len(found) for name, found in system.tables().items()}
        text = answer.text.replace(someone["pesel"], "*").replace(someone["email"], "*")
        answer._content = text.encode()
        answer.headers.pop("content-length", None)
        answers.append(seen(answer))
        rows.append({name: after[name] - before[name] for name in after})
    assert answers[0] == answers[1]
    assert rows[0] == rows[1]
    assert [mail for mail in system.mails() if mail["to"] == unknown["email"]] == []


@pytest.mark.parametrize(
    "wrong",
    [{"numer": "02070803628"}, {"klient": "K0000101"}, {"email": "inny@poczta.example"}, {"klient": "K' OR 1=1"}],
)
def test_v6_3_8_registering_with_one_wrong_value_looks_as_with_right_ones_and_writes_to_nobody(
    system: System, person: Find, wrong: dict[str, str]
) -> None:
    right = register(system, person("K0000109"))
    letters = len(system.mails())
    answer = register(system, person("K0000109"), **wrong)
    assert (answer.status_code, answer.url, answer.text) == (right.status_code, right.url, right.text)
    assert "24 godziny" in answer.text
    assert len(system.mails()) == letters


def test_v6_3_8_who_has_an_account_and_registers_is_told_so_by_letter_alone(
    system: System, person: Find, with_password: SignIn
) -> None:
    with_password("kjez", KAZIMIERZ)
    register(system, person("K0000102"))
    assert system.mails(KAZIMIERZ)[-1]["subject"] == "Masz już konto w mojBOK"


def test_v6_3_1_after_three_letters_the_words_stay_and_no_letter_comes(system: System) -> None:
    pages = [system.browser().post("/nie-pamietam-loginu", data={"email": HELENA}) for _ in range(5)]
    assert len({page.text for page in pages}) == 1
    assert len(system.mails(HELENA)) == 3
    for written in (HELENA.upper(), f" {HELENA} "):
        system.browser().post("/nie-pamietam-loginu", data={"email": written})
    assert len(system.mails(HELENA)) == 3


def test_v6_3_1_ten_letters_a_day(system: System) -> None:
    for hour in range(8, 20):
        system.set_clock(f"2026-11-24T{hour:02d}:00:00+01:00")
        system.browser().post("/nie-pamietam-loginu", data={"email": HELENA})
    assert len(system.mails(HELENA)) == 10


def test_a_reminder_names_a_chosen_login_and_never_a_pesel(system: System, person: Find) -> None:
    for customer_no in ("K0000101", "K0000108"):
        system.browser().post("/nie-pamietam-loginu", data={"email": person(customer_no)["email"]})
    chosen, pesel = system.mails()[-2:]
    assert "Login: hmroz" in chosen["text"]
    assert "Loginem jest Twój numer PESEL" in pesel["text"]
    assert person("K0000108")["pesel"] not in pesel["text"]


def test_who_has_no_account_gets_no_reminder_and_no_reset(system: System, person: Find) -> None:
    celina = person("K0000109")
    system.browser().post("/nie-pamietam-loginu", data={"email": celina["email"]})
    system.browser().post("/nie-pamietam-hasla", data={"login": celina["pesel"]})
    assert system.mails() == []


def test_a_shared_address_is_asked_for_the_login(system: System) -> None:
    system.browser().post("/nie-pamietam-hasla", data={"login": "wspolny@poczta.example"})
    (letter,) = system.mails("wspolny@poczta.example")
    assert "podaj login" in letter["subject"]
    effects = requests.get(f"{system.url}/dev/effects", timeout=10).json()
    assert effects["password_resets"] == []
