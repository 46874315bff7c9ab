"""The journal in a browser: narrowed and followed by keyboard, without scripts, accessible."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_office_desk import HELENA, address, reply, write
from tests.support.browser import assert_accessible, needs_browser, picture
from tests.support.office import Colleague, at_work, enter
from tests.support.system import System

pytestmark = needs_browser


@pytest.fixture(scope="module")
def ala(running: System) -> Colleague:
    return at_work(running, "ala.wpis", "agent", "administrator", team="cok")


@pytest.fixture
def ticket(system: System, ala: Colleague) -> str:
    """A ticket that was answered; there is something of other kinds too."""
    number = write(system.signed_in(HELENA), "Licznik stoi.", "Licznik")
    assert reply(ala, number, "Sprawdzone.").status_code == 303
    talk = system.customer()
    ala.get(f"/biuro/rozmowy/{talk.id}")
    ala.get("/biuro/rozmowy?klient=K0000101")
    ala.post(f"/biuro/rozmowy/{talk.id}/blokada", data={"powod": "spór sądowy o licznik"})
    ala.get("/biuro/liczby/rozmowy.csv?kanal=web&od=2026-11-01&niezrozumiane=tak")
    return number


@pytest.fixture
def office(browser: Browser, system: System, ala: Colleague) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="pl-PL")
    page = context.new_page()
    enter(page, system, ala)
    yield page
    context.close()


def test_a_tickets_journal_is_reached_and_narrowed_by_keyboard(system: System, office: Page, ticket: str) -> None:
    office.goto(system.url + address(ticket))
    office.get_by_role("link", name="Dziennik tego zgłoszenia").press("Enter")
    expect(office.get_by_role("heading", name="Dziennik")).to_be_visible()
    expect(office.get_by_role("navigation", name="Działy").get_by_role("link", name="Dziennik")).to_have_attribute(
        "aria-current", "page"
    )
    expect(office.get_by_label("Czego dotyczy")).to_have_value(ticket)
    expect(office.locator("tbody tr")).to_have_count(3)
    office.get_by_label("Co", exact=True).select_option(label="odpowiedź na zgłoszenie")
    office.get_by_role("button", name="Pokaż").press("Enter")
    expect(office.locator("tbody tr")).to_have_count(1)
    expect(office.locator("tbody tr")).to_contain_text("Ala Wpis")
    assert_accessible(office)
    office.locator("tbody").get_by_role("link", name=ticket).press("Enter")
    expect(office.get_by_role("heading", name="Licznik")).to_be_visible()
    assert_accessible(office)


def test_the_whole_journal_is_accessible(system: System, office: Page, ticket: str) -> None:
    office.goto(f"{system.url}/biuro/dziennik")
    expect(office.locator("script")).to_have_count(0)
    assert_accessible(office)
    picture(office, "office-journal")


def test_a_narrow_screen_and_a_wrong_choice(system: System, office: Page, ticket: str) -> None:
    office.set_viewport_size({"width": 360, "height": 740})
    office.goto(f"{system.url}/biuro/dziennik")
    assert office.evaluate("document.documentElement.scrollWidth") <= 360
    picture(office, "office-journal-narrow")
    office.get_by_label("Od dnia").fill("2026-11-20")
    office.get_by_label("Do dnia").fill("2026-11-02")
    office.get_by_role("button", name="Pokaż").press("Enter")
    expect(office.get_by_role("alert")).to_contain_text("Ten dzień jest wcześniejszy niż „Od dnia”.")
    assert_accessible(office)


def test_nothing_found_says_so(system: System, office: Page) -> None:
    office.goto(f"{system.url}/biuro/dziennik?dotyczy=Z/0")
    expect(office.get_by_role("status")).to_contain_text("Nie ma wpisów, które pasują do tego wyboru.")
    assert_accessible(office)
