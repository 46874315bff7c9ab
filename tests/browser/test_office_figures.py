"""The page of figures in a browser: read and followed by keyboard, and by a bar of the chart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import assert_accessible, needs_browser, picture
from tests.support.office import Colleague, at_work
from tests.support.system import System
from tests.support.waiting import until

pytestmark = needs_browser


@pytest.fixture(scope="module")
def rita(running: System) -> Colleague:
    return at_work(running, "rita.wykres", "reviewer")


@pytest.fixture
def office(browser: Browser, system: System, rita: Colleague) -> Iterator[Page]:
    """Rita's console with some conversations summed up. The page has no scripts and keeps to its policy."""
    for text in (
        "gdzie są moje faktury?",
        "kolor godziny przeglądarka raty",
        "chcę zgłosić reklamację",
        "kolor godziny przeglądarka raty!",
    ):
        customer = system.customer()
        customer.say(text)
        customer.say("dziękuję")
    context = browser.new_context(viewport={"width": 1280, "height": 2600}, locale="pl-PL")
    token = rita.http.cookies["mojbok_office"]
    context.add_cookies([{"name": "mojbok_office", "value": token, "url": system.url}])
    told: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: told.append(message.text))
    until(lambda: ">8</a>" in rita.get("/biuro/liczby").text)
    page.goto(f"{system.url}/biuro/liczby")
    yield page
    context.close()
    assert [line for line in told if "the server responded with" not in line] == []


def test_numbers_are_read_and_followed_by_keyboard(office: Page) -> None:
    expect(office.get_by_role("heading", name="Liczby")).to_be_visible()
    whole = office.get_by_role("region", name="Razem")
    expect(whole.get_by_role("row", name="Rozmowy 4")).to_be_visible()
    expect(office.locator("script")).to_have_count(0)
    assert_accessible(office)
    picture(office, "office-figures")
    whole.get_by_role("row", name="Rozmowy 4").get_by_role("link").press("Enter")
    expect(office.get_by_role("heading", name="Rozmowy")).to_be_visible()
    expect(office.locator("table.talks tbody tr")).to_have_count(4)


def test_a_bar_leads_to_the_conversations_of_its_day(office: Page) -> None:
    office.locator(".chart a").first.click()
    expect(office.locator("table.talks tbody tr")).to_have_count(4)


def test_a_narrow_screen_and_a_wrong_choice(office: Page) -> None:
    office.set_viewport_size({"width": 360, "height": 740})
    wide = office.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    office.get_by_label("Od dnia").fill("2026-11-20")
    office.get_by_label("Do dnia").fill("2026-11-02")
    office.get_by_role("button", name="Pokaż").press("Enter")
    expect(office.get_by_role("alert")).to_contain_text("Ten dzień jest wcześniejszy niż „Od dnia”.")
    assert_accessible(office)


def test_nothing_found_says_so(office: Page) -> None:
    office.get_by_label("Słowa w rozmowie").fill("nigdzie")
    office.get_by_role("button", name="Pokaż").press("Enter")
    expect(office.get_by_role("status")).to_contain_text("Nie ma rozmów, które pasują do tego wyboru.")
    assert_accessible(office)
