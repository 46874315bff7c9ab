"""The desk in a real browser: a complaint answered by keyboard alone, without scripts, every page accessible."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_portal import reach
from tests.e2e.test_office_desk import (
    HELENA,
    PESEL,
    address,
    complaint,
    number_of,
    opened,
    phone_page,
    reply,
    wish,
    write,
)
from tests.support.browser import assert_accessible, needs_browser, picture
from tests.support.office import Colleague, at_work
from tests.support.pictures import PDF
from tests.support.system import System

pytestmark = needs_browser


@pytest.fixture(scope="module")
def anna(running: System) -> Colleague:
    return at_work(running, "anna.okienna", "agent", team="cok")


@pytest.fixture(scope="module")
def jan(running: System) -> Colleague:
    return at_work(running, "jan.okienny", "agent", team="cok")


@pytest.fixture(params=[1280, 400], ids=["wide", "narrow"])
def desk(request: pytest.FixtureRequest, browser: Browser, system: System, anna: Colleague) -> Iterator[Page]:
    """Anna's console without scripts."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 900}, locale="pl-PL", java_script_enabled=False
    )
    token = anna.http.cookies["mojbok_office"]
    context.add_cookies([{"name": "mojbok_office", "value": token, "url": system.url}])
    yield context.new_page()
    context.close()


@pytest.fixture
def scripted(browser: Browser, system: System, anna: Colleague) -> Iterator[Page]:
    """The same with scripts: axe is one."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, locale="pl-PL")
    token = anna.http.cookies["mojbok_office"]
    context.add_cookies([{"name": "mojbok_office", "value": token, "url": system.url}])
    yield context.new_page()
    context.close()


def test_a_ticket_is_found_and_answered_without_scripts(system: System, desk: Page) -> None:
    number = write(system.signed_in(HELENA), "Licznik pokazuje za dużo.", "Za wysoka faktura")
    desk.goto(f"{system.url}/biuro/zgloszenia")
    desk.get_by_label("Szukaj").fill("WYSOKA")
    desk.get_by_role("button", name="Pokaż").click()
    desk.get_by_role("link", name="Za wysoka faktura").click()
    desk.get_by_label("Treść").fill("Sprawdziliśmy licznik.")
    desk.get_by_label("Zamykamy zgłoszenie").check()
    desk.get_by_role("button", name="Wyślij odpowiedź").click()
    expect(desk.get_by_role("status")).to_have_text("Odpowiedź jest wysłana.")
    expect(desk.get_by_role("list", name="Wiadomości")).to_contain_text("Sprawdziliśmy licznik.")
    assert desk.url.endswith(f"numer={number.replace('/', '%2F')}&gotowe=odpowiedziano")
    wide = desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_a_ticket_is_answered_by_keyboard_alone(system: System, scripted: Page) -> None:
    number = write(system.signed_in(HELENA), "Licznik pokazuje za dużo.")
    scripted.goto(system.url + address(number))
    reach(scripted, "tresc-odpowiedzi")
    scripted.keyboard.type("Sprawdziliśmy licznik.")
    reach(scripted, "dalej-waiting_for_customer")
    scripted.keyboard.press("ArrowDown")
    scripted.keyboard.press("ArrowDown")
    with scripted.expect_navigation():
        scripted.keyboard.press("Enter")
    expect(scripted.locator("h1 ~ p .label").first).to_have_text("Zamknięte")


def test_a_wrong_form_leads_to_its_fields(system: System, scripted: Page) -> None:
    number = write(system.signed_in(HELENA), "Dzień dobry")
    scripted.goto(system.url + address(number))
    scripted.get_by_role("button", name="Wyślij odpowiedź").click()
    expect(scripted).to_have_title(re.compile("^Błąd: "))
    assert_accessible(scripted)
    picture(scripted, "biuro-zgloszenie-blad")
    scripted.get_by_role("link", name="Napisz odpowiedź.").click()
    expect(scripted.get_by_label("Treść")).to_be_in_viewport()


def test_every_page_of_the_desk_is_accessible(system: System, scripted: Page, jan: Colleague, anna: Colleague) -> None:
    helena = system.identified(HELENA)
    complaint(helena)
    talked = number_of(system)
    number = write(system.signed_in(HELENA), f"Mój PESEL to {PESEL}", "Umowa", plik=("skan.pdf", PDF))
    late = re.findall(r"Z/K\d{7}/1", anna.get("/biuro/zgloszenia?stan=closed").text)[0]
    form = {"wersja": "0", "stan": "new"}
    jan.post(address(late, "stan"), data=form)
    call = wish(system)
    for name, path in {
        "lista": "/biuro/zgloszenia",
        "lista-pusta": "/biuro/zgloszenia?szukaj=nie-ma-takiego",
        "zgloszenie": address(number),
        "zgloszenie-z-rozmowa": address(talked),
        "telefony": "/biuro/telefony",
        "telefony-puste": "/biuro/telefony?stan=zadzwonione",
        "telefon": phone_page(call),
    }.items():
        scripted.goto(system.url + path)
        for summary in scripted.locator("summary").all():
            summary.click()
        assert_accessible(scripted)
        picture(scripted, f"biuro-{name}")


def test_who_comes_second_sees_what_the_first_wrote_and_keeps_the_own_text(
    system: System, scripted: Page, jan: Colleague
) -> None:
    number = write(system.signed_in(HELENA), "Dzień dobry")
    scripted.goto(system.url + address(number))
    assert reply(jan, number, "Odpowiada Jan.", opened(jan, number)).status_code == 303
    scripted.get_by_label("Treść").fill("Odpowiada Anna.")
    scripted.get_by_label("Sprawa jest dalej w toku").check()
    scripted.get_by_role("button", name="Wyślij odpowiedź").click()
    expect(scripted.get_by_role("alert")).to_contain_text("Ktoś był szybszy")
    expect(scripted.locator(".fresh")).to_contain_text("Odpowiada Jan.")
    expect(scripted.get_by_label("Treść")).to_have_value("Odpowiada Anna.")
    assert_accessible(scripted)
    picture(scripted, "biuro-ktos-szybszy")
    scripted.get_by_role("button", name="Wyślij odpowiedź").click()
    expect(scripted.get_by_role("list", name="Wiadomości")).to_contain_text("Odpowiada Anna.")


def test_a_number_is_shown_and_the_call_noted(system: System, scripted: Page) -> None:
    number = wish(system)
    scripted.goto(system.url + phone_page(number))
    scripted.get_by_role("button", name="Pokaż numer").click()
    expect(scripted.get_by_role("link", name="+48501234567")).to_be_visible()
    assert_accessible(scripted)
    scripted.get_by_label("Notatka").fill("Umówiony montaż licznika.")
    scripted.get_by_label("Rozmowa odbyta, sprawa załatwiona").check()
    scripted.get_by_role("button", name="Zapisz").click()
    expect(scripted.get_by_role("status")).to_have_text("Zapisano.")
    expect(scripted.locator(".facts")).to_contain_text("Umówiony montaż licznika.")


def test_one_hidden_value_is_shown_for_a_reason(system: System, scripted: Page) -> None:
    number = write(system.signed_in(HELENA), f"Mój PESEL to {PESEL}")
    scripted.goto(system.url + address(number))
    scripted.get_by_label("Co pokazać").select_option(label="Treść zgłoszenia")
    scripted.get_by_label("Dlaczego trzeba to zobaczyć").fill("porównanie z umową")
    scripted.get_by_role("button", name="Pokaż").click()
    expect(scripted.get_by_role("list", name="Wiadomości")).to_contain_text(PESEL)
    assert_accessible(scripted)
