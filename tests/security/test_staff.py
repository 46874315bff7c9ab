"""The console's door: invitation, password, authenticator, session, rights (ASVS 5.0, 6 and 7)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.database import Database
from tests.support.office import PASSWORD, Colleague, activated, at_work, staff_command
from tests.support.system import System
from tests.support.visitor import Visitor

INSIDE = "/biuro/rozmowy"


@pytest.fixture(scope="module")
def anna(running: System) -> Colleague:
    return activated(running, "anna.sowa", "reviewer")


def is_inside(visitor: Visitor) -> bool:
    return visitor.get(INSIDE, allow_redirects=False).status_code == 200


def test_nobody_gets_in_without_signing_in(system: System) -> None:
    answer = Visitor(system.url).get(f"{INSIDE}?kanal=web", allow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/biuro/logowanie?dalej=%2Fbiuro%2Frozmowy%3Fkanal%3Dweb"


def test_a_portal_session_is_none_of_the_console(system: System) -> None:
    assert not is_inside(system.signed_in("helena.mroz@poczta.example"))


def test_an_invitation_works_once(system: System) -> None:
    added = staff_command(system, "add", "jan.raz", "--name", "Jan Raz", "--role", "trainer")
    path = re.findall(r"https?://[^/\s]+(/biuro/aktywacja/\S+)", added.stdout)[0]
    visitor = Colleague(system.url, login="jan.raz")
    visitor.secret = visitor.get(path).text.split('class="secret">')[1].split("<")[0]
    form = {"nowe": PASSWORD, "powtorz": PASSWORD}
    assert visitor.post(path, data=form | {"kod-aplikacji": "000000"}).status_code == 400
    weak = {"nowe": "polenergia1", "powtorz": "polenergia1", "kod-aplikacji": "1"}
    assert "zbyt łatwe" in visitor.post(path, data=weak).text
    assert visitor.post(path, data=form | {"kod-aplikacji": visitor.code()}, allow_redirects=False).status_code == 303
    assert visitor.post(path, data=form | {"kod-aplikacji": visitor.code(1)}, allow_redirects=False).status_code == 404
    assert visitor.get(path).status_code == 404


def test_the_password_alone_opens_nothing(system: System, anna: Colleague) -> None:
    """A session stolen before the second factor."""
    thief = Colleague(system.url, login=anna.login)
    assert thief.post("/biuro/logowanie", data={"login": anna.login, "haslo": PASSWORD}).status_code == 200
    assert not is_inside(thief)
    for _ in range(5):
        assert thief.post("/biuro/logowanie/kod", data={"kod-aplikacji": "000000"}).status_code == 403
    thief.secret = anna.secret
    answer = thief.post("/biuro/logowanie/kod", data={"kod-aplikacji": thief.code()}, allow_redirects=False)
    assert answer.headers["location"] == "/biuro/logowanie"
    assert not is_inside(thief)


def test_the_second_factor_makes_a_new_session_and_its_code_is_good_once(system: System, anna: Colleague) -> None:
    anna.post("/biuro/logowanie", data={"login": anna.login, "haslo": PASSWORD})
    before = anna.http.cookies["mojbok_office"]
    code = anna.code()
    assert anna.post("/biuro/logowanie/kod", data={"kod-aplikacji": code}, allow_redirects=False).status_code == 303
    assert is_inside(anna)
    other = Visitor(system.url)
    other.http.cookies.set("mojbok_office", before)
    assert not is_inside(other)
    other = Visitor(system.url)
    other.post("/biuro/logowanie", data={"login": anna.login, "haslo": PASSWORD})
    assert other.post("/biuro/logowanie/kod", data={"kod-aplikacji": code}).status_code == 403


def test_wrong_password_and_unknown_login_look_the_same(system: System, anna: Colleague) -> None:
    visitor = Visitor(system.url)
    answers = [
        visitor.post("/biuro/logowanie", data={"login": login, "haslo": "jakieś inne hasło"})
        for login in (anna.login, "nie.ma.takiej")
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    first, second = (answer.text.replace(anna.login, "").replace("nie.ma.takiej", "") for answer in answers)
    assert first == second


def test_signing_out_ends_the_session(system: System) -> None:
    colleague = at_work(system, "ewa.koniec", "reviewer")
    cookie = colleague.http.cookies["mojbok_office"]
    assert is_inside(colleague)
    colleague.post("/biuro/wyloguj")
    colleague.http.cookies.set("mojbok_office", cookie)
    assert not is_inside(colleague)


def test_who_is_shut_out_is_out_at_once(system: System) -> None:
    colleague = at_work(system, "olga.precz", "reviewer")
    assert staff_command(system, "close", colleague.login).returncode == 0
    assert not is_inside(colleague)
    assert colleague.post("/biuro/logowanie", data={"login": colleague.login, "haslo": PASSWORD}).status_code == 403
    assert staff_command(system, "close", "nie.ma").returncode == 1


def test_a_form_of_another_site_is_refused(anna: Colleague) -> None:
    answer = anna.post("/biuro/wyloguj", headers={"Origin": "https://zla.example"})
    assert answer.status_code == 403


def test_only_pages_of_the_console_are_gone_to_after_signing_in(anna: Colleague) -> None:
    for there in ("//zla.example", "https://zla.example", "/faktury", "/biuro//zla.example", "/biuro/../faktury"):
        assert f'value="{there}"' not in anna.get("/biuro/logowanie", params={"dalej": there}).text


async def test_what_was_done_is_recorded_and_can_not_be_changed(system: System, anna: Colleague) -> None:
    database = Database(system.database_url)
    try:
        async with database.read() as session:
            kinds = set(await session.scalars(text("SELECT kind FROM staff_acts")))
        assert {"activated", "signed_in", "sign_in_failed", "code_failed"} <= kinds
        for statement in ("UPDATE staff_acts SET kind = 'x'", "DELETE FROM staff_acts"):
            with pytest.raises(DBAPIError, match="append-only"):
                async with database.write() as session:
                    await session.execute(text(statement))
    finally:
        await database.close()
