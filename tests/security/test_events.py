"""Every security event of an account is recorded, and none holds a value (OWASP ASVS 5.0, V16)."""

from __future__ import annotations

from collections.abc import Callable

from tests.security.conftest import PASSWORD, Person
from tests.security.test_authentication import CELINA, KAZIMIERZ, WRONG, ask_reset, register, status
from tests.support.system import System, Visitor
from tests.support.visitor import link_in


def test_v16_3_1_the_life_of_an_account_is_recorded(
    system: System, person: Callable[[str], Person], with_password: Callable[[str, str], Visitor]
) -> None:
    register(system, person("K0000109"))
    status(system.browser(), link_in(system.mails(CELINA)[-1]), nowe=PASSWORD, powtorz=PASSWORD)
    visitor = with_password("kjez", KAZIMIERZ)
    status(system.browser(), ask_reset(system), kod=WRONG)
    system.browser().sign_in("kjez", "nie to")
    system.browser().post("/nie-pamietam-loginu", data={"email": KAZIMIERZ})
    again = {"haslo": PASSWORD}
    visitor.post("/moje-dane/telefon", data={"telefon": "600700800", "haslo": "nie to"})
    visitor.post("/moje-dane/telefon", data=again | {"telefon": "600700800"})
    visitor.post("/moje-dane/zgody", data=again)
    visitor.post("/moje-dane/login", data=again | {"login": "nowy.login"})
    visitor.post("/moje-dane/email", data=again | {"email": "nowy@poczta.example"})
    visitor.post(link_in(system.mails("nowy@poczta.example")[-1]))
    visitor.post("/moje-dane/haslo", data=again | {"nowe": "zupełnie inne", "powtorz": "zupełnie inne"})
    visitor.post("/wyloguj")
    customer = system.customer()
    customer.say("ile mam do zapłaty?")
    customer.say("helena.mroz@poczta.example")
    code = system.latest_code("helena.mroz@poczta.example")
    customer.say("000000" if code != "000000" else "111111")
    customer.say(code)
    rows = system.tables()["security_events"]
    assert {row[2] for row in rows} == {
        "registration_asked",
        "activated",
        "reset_asked",
        "reset_code_right",
        "reset_code_failed",
        "password_set",
        "signed_in",
        "sign_in_failed",
        "terms_accepted",
        "login_reminded",
        "password_asked_failed",
        "phone_changed",
        "consents_changed",
        "login_changed",
        "email_change_asked",
        "email_changed",
        "password_changed",
        "signed_out",
        "code_sent",
        "code_failed",
        "code_confirmed",
    }
    for value in (KAZIMIERZ, "nowy@poczta.example", "600700800", PASSWORD, "nowy.login", person("K0000109")["pesel"]):
        assert value not in str(rows)
        assert value not in system.log()


def test_v16_2_5_no_handle_of_a_letter_and_no_token_is_in_the_log(
    system: System, person: Callable[[str], Person]
) -> None:
    register(system, person("K0000109"))
    activation = link_in(system.mails(CELINA)[-1])
    system.browser().get(activation)
    reset = ask_reset(system)
    visitor = system.signed_in(KAZIMIERZ)
    for secret in (activation.rpartition("/")[2], reset.rpartition("/")[2], visitor.http.cookies["mojbok_session"]):
        assert secret not in system.log()
        assert secret not in str(system.tables())
