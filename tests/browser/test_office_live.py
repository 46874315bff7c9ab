"""The widget and the console side by side: an agent steps in, both talk, the agent gives back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_page import open_widget, said, say
from tests.support.browser import assert_accessible, needs_browser, picture
from tests.support.office import Colleague, at_work
from tests.support.system import System

pytestmark = needs_browser

SLOW = 20_000
"""Milliseconds for an answer of the assistant on a machine with much to do."""


@pytest.fixture(scope="module")
def anna(running: System) -> Colleague:
    return at_work(running, "anna.boczna", "agent", team="cok")


@pytest.fixture
def office(browser: Browser, system: System, anna: Colleague) -> Iterator[Page]:
    """Anna's console in a browser of its own, whose console must stay empty."""
    yield from _console(browser, system, anna, scripts=True)


@pytest.fixture
def plain(browser: Browser, system: System, anna: Colleague) -> Iterator[Page]:
    """The same without scripts."""
    yield from _console(browser, system, anna, scripts=False)


def _console(browser: Browser, system: System, anna: Colleague, *, scripts: bool) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="pl-PL", java_script_enabled=scripts)
    token = anna.http.cookies["mojbok_office"]
    context.add_cookies([{"name": "mojbok_office", "value": token, "url": system.url}])
    told: list[str] = []
    page = context.new_page()
    # What axe tries on a page has no address.
    page.on("console", lambda message: told.extend([message.text] if message.location["url"] else []))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(f"{system.url}/biuro/na-zywo")
    yield page
    context.close()
    assert [line for line in told if "net::" not in line and "the server responded with" not in line] == []


def enter(office: Page) -> None:
    """Opens the one conversation from the list and takes it."""
    office.get_by_role("link", name="Rozmowa z godz.").click()
    office.get_by_role("button", name="Przejmij rozmowę").click()
    expect(office.get_by_role("status").first).to_contain_text("Od teraz rozmawiasz z klientem.")


def test_side_by_side(page: Page, office: Page) -> None:
    expect(office.get_by_text("Nikt nie czeka na człowieka.")).to_be_visible()
    open_widget(page)
    say(page, "chcę rozmawiać z konsultantem, jestem klientem indywidualnym")
    expect(said(page, "Przekaż rozmowę")).to_be_visible(timeout=SLOW)
    expect(office.get_by_role("status")).to_have_text("Na człowieka czeka 1 rozmowa.")
    assert_accessible(office)
    picture(office, "live-list")
    enter(office)
    expect(said(page, "Rozmawia z Tobą teraz Anna z biura obsługi klienta.")).to_be_visible()
    expect(page.locator("mojbok-chat .kind")).to_have_text("Anna (biuro)")

    composer = office.get_by_label("Twoja wiadomość")
    composer.focus()
    office.keyboard.type("Dzień dobry, w czym")
    say(page, "mój telefon to 601 234 567")
    line = office.get_by_role("log").get_by_text("mój telefon to")
    expect(line).to_contain_text("[telefon]")
    expect(composer).to_be_focused()
    expect(composer).to_have_value("Dzień dobry, w czym")
    office.keyboard.type(" mogę pomóc?")
    office.keyboard.press("Enter")
    office.keyboard.type("Czekam.")
    office.keyboard.press("Control+Enter")
    expect(said(page, "Dzień dobry, w czym mogę pomóc?")).to_be_visible()
    expect(page.locator("mojbok-chat .speaker").last).to_have_text("Anna (biuro): ")
    expect(page.locator("mojbok-chat .staff + .foot")).to_have_count(0)
    expect(page.locator("mojbok-chat .typing")).to_be_hidden()
    expect(composer).to_have_value("")
    expect(composer).to_be_focused()
    expect(office.get_by_role("log").get_by_text("Czekam.")).to_be_visible()
    assert_accessible(office)
    assert_accessible(page)
    picture(office, "live-talk")
    picture(page, "live-widget")

    office.get_by_label("Podsumowanie").fill("Klient zostawił telefon, oddzwonimy.")
    office.get_by_role("button", name="Przekaż asystentowi").click()
    expect(office.get_by_role("status").first).to_contain_text("Rozmowa wróciła do asystenta.")
    expect(said(page, "znów odpowiada automatyczny asystent")).to_be_visible()
    expect(page.locator("mojbok-chat .kind")).to_have_text("automatyczny asystent")
    say(page, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible(timeout=SLOW)


def test_without_scripts_and_by_keyboard(page: Page, plain: Page, system: System) -> None:
    open_widget(page)
    say(page, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible(timeout=SLOW)
    expect(page.locator("mojbok-chat .typing")).to_be_hidden(timeout=SLOW)
    plain.get_by_role("link", name="Odśwież").press("Enter")
    plain.get_by_role("link", name="Rozmowa z godz.").press("Enter")
    plain.get_by_role("button", name="Przejmij rozmowę").press("Enter")
    say(page, "halo, jest tam kto?")
    expect(said(page, "halo, jest tam kto?")).to_be_visible()
    expect(plain.get_by_role("log").get_by_text("halo, jest tam kto?")).to_have_count(0)
    plain.get_by_role("link", name="Odśwież").press("Enter")
    expect(plain.get_by_role("log").get_by_text("halo, jest tam kto?")).to_be_visible()
    plain.get_by_label("Twoja wiadomość").fill("Jestem <b>tu</b>")
    plain.get_by_role("button", name="Wyślij").press("Enter")
    expect(said(page, "Jestem <b>tu</b>")).to_be_visible()
    plain.get_by_role("button", name="Przekaż asystentowi").press("Enter")
    expect(plain.get_by_role("alert")).to_contain_text("To pole trzeba wypełnić.")


def test_who_lost_the_conversation_is_told_and_what_is_typed_stays(page: Page, office: Page, system: System) -> None:
    open_widget(page)
    say(page, "dzień dobry")
    expect(page.locator("mojbok-chat .typing")).to_be_hidden(timeout=SLOW)
    office.get_by_role("link", name="Odśwież").click()
    enter(office)
    office.get_by_label("Twoja wiadomość").fill("Już piszę odpowiedź")
    page.get_by_role("button", name="Zakończ rozmowę", exact=True).click()
    expect(office.get_by_text("Ta rozmowa już nie jest Twoja.")).to_be_visible()
    office.keyboard.press("Control+Enter")
    office.get_by_role("button", name="Wyślij").click()
    expect(office.get_by_text("Wiadomość nie została wysłana.")).to_be_visible()
    expect(office.get_by_label("Twoja wiadomość")).to_have_value("Już piszę odpowiedź")
    office.get_by_role("link", name="Odśwież").click()
    expect(office.get_by_role("log").get_by_text("Rozmowę zakończył klient")).to_be_visible()
    expect(office.get_by_text("Do zakończonej rozmowy nie można nic dopisać.")).to_be_visible()
    assert_accessible(office)
    picture(office, "live-over")
