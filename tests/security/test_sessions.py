"""Sessions of the portal: how they begin, live and end (OWASP ASVS 5.0, V7 and V3.3)."""

from __future__ import annotations

from collections.abc import Callable

import requests

from tests.security.conftest import PASSWORD
from tests.security.test_authentication import KAZIMIERZ
from tests.support.production import Production
from tests.support.system import Customer, System, Visitor

SignIn = Callable[[str, str], Visitor]
COOKIE = "mojbok_session"


def copy(visitor: Visitor) -> Visitor:
    """Another browser with the same cookie: somebody who stole it."""
    stolen = Visitor(visitor.url)
    stolen.http.cookies.update(visitor.http.cookies)
    return stolen


def is_in(visitor: Visitor) -> bool:
    return "Aktualne saldo" in visitor.get("/pulpit").text


def test_v7_2_4_each_sign_in_makes_a_new_token_and_ends_the_one_before(system: System, with_password: SignIn) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    before = copy(visitor)
    visitor.sign_in("kjez", PASSWORD)
    assert visitor.http.cookies[COOKIE] != before.http.cookies[COOKIE]
    assert is_in(visitor)
    assert not is_in(before)


def test_v7_2_4_a_token_that_was_planted_is_not_taken_over(system: System, with_password: SignIn) -> None:
    with_password("kjez", KAZIMIERZ)
    victim = system.browser()
    victim.http.cookies.set(COOKIE, "podrzucony", domain="127.0.0.1", path="/")
    victim.sign_in("kjez", PASSWORD)
    planted = system.browser()
    planted.http.cookies.set(COOKIE, "podrzucony", domain="127.0.0.1", path="/")
    assert not is_in(planted)


def test_v7_2_3_tokens_are_long_random_and_kept_as_hashes(system: System) -> None:
    tokens = [system.signed_in(KAZIMIERZ).http.cookies[COOKIE] for _ in range(3)]
    assert len(set(tokens)) == 3
    assert all(len(token) >= 43 for token in tokens)
    kept = str(system.tables())
    assert not [token for token in tokens if token in kept or token in system.log()]


def test_v7_3_1_fifteen_idle_minutes_end_it(system: System) -> None:
    system.set_clock("2026-11-24T10:00:00+01:00")
    visitor = system.signed_in(KAZIMIERZ)
    system.set_clock("2026-11-24T10:14:00+01:00")
    assert is_in(visitor)
    system.set_clock("2026-11-24T10:28:00+01:00")
    assert is_in(visitor)
    system.set_clock("2026-11-24T10:43:01+01:00")
    assert not is_in(visitor)


def test_v7_3_2_eight_hours_end_it_however_busy(system: System) -> None:
    system.set_clock("2026-11-24T08:00:00+01:00")
    visitor = system.signed_in(KAZIMIERZ)
    for minute in range(10, 8 * 60, 10):
        system.set_clock(f"2026-11-24T{8 + minute // 60:02d}:{minute % 60:02d}:00+01:00")
        assert is_in(visitor)
    system.set_clock("2026-11-24T16:00:01+01:00")
    assert not is_in(visitor)


def test_v7_4_1_after_signing_out_the_token_is_worth_nothing(system: System) -> None:
    visitor = system.signed_in(KAZIMIERZ)
    stolen = copy(visitor)
    visitor.post("/wyloguj")
    assert COOKIE not in visitor.http.cookies
    for path in ("/pulpit", "/faktury", "/moje-dane", "/zgloszenia", "/moje-dane/email"):
        assert stolen.get(path, allow_redirects=False).status_code == 303
    answer = stolen.http.post(
        f"{system.url}/api/chat/conversations", json={}, headers={"Origin": system.url}, timeout=10
    )
    assert {event["type"] for event in answer.json()["events"]} == {"message"}


def test_v7_4_3_a_new_password_ends_all_other_sessions_grants_and_codes(system: System, with_password: SignIn) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    elsewhere = system.browser()
    elsewhere.sign_in("kjez", PASSWORD)
    confirmed = system.identified(KAZIMIERZ)
    waiting = system.customer()
    waiting.say("ile mam do zapłaty?")
    waiting.say(KAZIMIERZ)
    code = system.latest_code(KAZIMIERZ)
    own = signed_in_conversation(visitor)
    visitor.post("/moje-dane/haslo", data={"haslo": PASSWORD, "nowe": "zupełnie inne", "powtorz": "zupełnie inne"})
    assert is_in(visitor)
    assert not is_in(elsewhere)
    assert "Najpierw potwierdźmy" in confirmed.say("jakie mam saldo?").text
    assert "499,49" not in waiting.say(code).text
    assert "499,49" in own.say("jakie mam saldo?").text


def test_v7_4_3_a_new_address_does_the_same(system: System, with_password: SignIn) -> None:
    from tests.support.visitor import link_in

    visitor = with_password("kjez", KAZIMIERZ)
    elsewhere = system.browser()
    elsewhere.sign_in("kjez", PASSWORD)
    confirmed = system.identified(KAZIMIERZ)
    visitor.post("/moje-dane/email", data={"email": "nowy@poczta.example", "haslo": PASSWORD})
    visitor.post(link_in(system.mails("nowy@poczta.example")[-1]))
    assert is_in(visitor)
    assert not is_in(elsewhere)
    assert "Najpierw potwierdźmy" in confirmed.say("jakie mam saldo?").text


def signed_in_conversation(visitor: Visitor) -> Customer:
    answer = visitor.http.post(
        f"{visitor.url}/api/chat/conversations", json={}, headers={"Origin": visitor.url}, timeout=10
    )
    body = answer.json()
    customer = Customer(visitor.url)
    customer.id, customer.token, customer.seq = body["conversation"], body["token"], body["events"][-1]["seq"]
    customer.http.headers["Authorization"] = f"Bearer {customer.token}"
    return customer


def test_v7_4_4_every_page_behind_the_sign_in_has_a_way_out(system: System) -> None:
    visitor = system.signed_in(KAZIMIERZ)
    for path in ("/pulpit", "/faktury", "/umowy", "/punkty-poboru", "/zuzycie", "/moje-dane", "/zgloszenia", "/"):
        assert 'action="/wyloguj"' in visitor.get(path).text


def test_v7_5_1_five_wrong_passwords_at_a_change_end_the_session(system: System, with_password: SignIn) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    pages = [visitor.post("/moje-dane/telefon", data={"telefon": "600700800", "haslo": "nie to"}) for _ in range(6)]
    assert all("To nie jest Twoje obecne hasło" in page.text for page in pages[:5])
    assert "nastąpiło wylogowanie" in pages[5].text
    assert not is_in(visitor)


def test_v3_3_2_and_4_the_cookie_in_development(system: System) -> None:
    answer = requests.post(f"{system.url}/dev/login", json={"email": KAZIMIERZ}, timeout=10)
    attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert attributes == {"path=/", "httponly", "samesite=lax"}


def test_v3_3_1_and_3_the_cookie_in_production(live: Production) -> None:
    answer = live.post("/wyloguj", {})
    name, *rest = answer.headers["set-cookie"].split(";")
    assert name.split("=")[0] == "__Host-mojbok_session"
    attributes = {part.strip().lower() for part in rest}
    assert {"path=/", "httponly", "samesite=lax", "secure"} <= attributes
    assert not [attribute for attribute in attributes if attribute.startswith("domain")]
