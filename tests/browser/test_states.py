"""Each state of the window for everybody: axe, a narrow phone, forced colours, less motion, text twice as large."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, Playwright, ViewportSize, expect, sync_playwright

from tests.browser.test_page import open_widget, said, say
from tests.browser.test_trouble import tell
from tests.support.browser import ARGUMENTS, CHROMIUM, assert_accessible, needs_browser, picture
from tests.support.pictures import PDF
from tests.support.system import System

pytestmark = needs_browser

HELENA = "helena.mroz@poczta.example"
USUAL = 16
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=320, height=640)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module", params=[USUAL, 2 * USUAL], ids=["usual text", "text at 200 %"])
def size(request: pytest.FixtureRequest) -> int:
    """Pixels of the text, as a person has set it in the browser."""
    return int(request.param)


@pytest.fixture(scope="module")
def browser(playwright: Playwright, size: int) -> Iterator[Browser]:
    assert CHROMIUM
    setting = f"--blink-settings=defaultFontSize={size}"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, setting])
    yield browser
    browser.close()


def check(page: Page, size: int, state: str) -> None:
    """Nothing for axe to find, nothing cut off: as it is, in forced colours, on a narrow phone."""
    name = state if size == USUAL else f"{state}-{size}"
    _check(page, name)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    _check(page, f"{name}-colours")
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    if size == USUAL:
        page.set_viewport_size(NARROW)
        _check(page, f"{name}-phone")
        page.set_viewport_size(WIDE)


def _check(page: Page, name: str) -> None:
    picture(page, name)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    window = page.locator("mojbok-chat .window")
    assert window.evaluate("window => window.scrollWidth <= window.clientWidth"), "something is wider than the window"


def test_every_state_is_for_everybody(page: Page, system: System, size: int, console: list[str]) -> None:
    check(page, size, "closed")
    open_widget(page)
    check(page, size, "open")
    say(page, "ile mam do zapłaty?")
    expect(said(page, "Najpierw potwierdźmy")).to_be_visible()
    say(page, HELENA)
    expect(said(page, "6-cyfrowym kodem")).to_be_visible()
    say(page, system.latest_code(HELENA))
    expect(said(page, "Do zapłaty: 1 234,56 zł")).to_be_visible()
    check(page, size, "identity")
    say(page, "pokaż ostatnią fakturę")
    expect(page.locator("mojbok-chat .card").first).to_be_visible()
    check(page, size, "card")
    say(page, "chcę zapłacić")
    expect(page.locator("mojbok-chat .log img")).to_have_count(1)
    check(page, size, "transfer")
    say(page, "porównaj październik")
    expect(page.locator("mojbok-chat .log table")).to_be_visible()
    check(page, size, "comparison")
    page.get_by_role("button", name="Nie pomogło").click()
    expect(page.get_by_label("Co warto poprawić?")).to_be_visible()
    check(page, size, "rating")
    page.locator("mojbok-chat input[type=file]").set_input_files(
        {"name": "umowa.pdf", "mimeType": "application/pdf", "buffer": b"MZ"}
    )
    expect(page.locator("mojbok-chat .trouble")).to_have_text("Można dołączyć tylko plik PDF, JPEG albo PNG.")
    check(page, size, "error")
    page.context.set_offline(True)
    say(page, "jak się zalogować?")
    expect(said(page, "czeka na wysłanie")).to_be_visible()
    check(page, size, "offline")
    page.context.set_offline(False)
    expect(said(page, "„Zaloguj się”")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Zakończ rozmowę", exact=True).click()
    expect(said(page, "Ta rozmowa się zakończyła.")).to_be_visible()
    check(page, size, "over")
    console.clear()  # axe itself tries inline styles, which the page forbids


@pytest.mark.parametrize("who", ["staff", "bot"])
def test_who_speaks_is_seen_and_a_long_answer_fits(
    page: Page, who: Literal["staff", "bot"], size: int, console: list[str]
) -> None:
    rows = [[f"FV/{number}/2026", "5 listopada 2026", "1 234,56 zł", "opłacona"] for number in range(12)]
    table = {"caption": "Faktury z ostatniego roku", "columns": ["Numer", "Termin", "Kwota", "Stan"], "rows": rows}
    tell(page, who=who, text="Dzień dobry, sprawdziliśmy to zgłoszenie. " * 20, table=table)
    speaker = {"staff": "Biuro: ", "bot": "Asystent: "}[who]
    expect(page.locator("mojbok-chat .speaker").last).to_have_text(speaker)
    check(page, size, f"long-{who}")
    console.clear()  # axe itself tries inline styles, which the page forbids


CONTRACT = FilePayload(name="umowa.pdf", mimeType="application/pdf", buffer=PDF)


def test_the_keyboard_opens_reads_chooses_attaches_rates_and_closes(page: Page) -> None:
    """What no key can do is choose a file in the system's own dialog: that one is answered for it."""
    launcher = page.get_by_role("button", name="Zapytaj asystenta")
    tab_to(page, launcher)
    page.keyboard.press("Enter")
    composer = page.get_by_label("Twoja wiadomość")
    expect(composer).to_be_focused()
    expect(said(page, "automatyczny asystent mojBOK")).to_be_visible()
    page.keyboard.type("jak założyć konto?")
    page.keyboard.press("Enter")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    expect(composer).to_be_focused()

    log = page.locator("mojbok-chat .log")
    tab_to(page, log, back=True)
    end = log.evaluate("log => log.scrollTop")
    page.keyboard.press("Home")
    page.wait_for_function(
        "end => document.querySelector('mojbok-chat').shadowRoot.querySelector('.log').scrollTop < end", arg=end
    )

    tab_to(page, page.get_by_role("button", name="Pomogło", exact=True))
    page.keyboard.press("Space")
    expect(page.get_by_text("Dziękujemy za ocenę.")).to_be_visible()

    attach = page.get_by_role("button", name="Plik: dołącz PDF, JPEG lub PNG")
    tab_to(page, attach)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(CONTRACT)
    expect(said(page, "Plik dotarł.")).to_be_visible()
    expect(composer).to_be_focused()

    choice = page.get_by_role("button", name="Do wcześniejszego")
    tab_to(page, choice, back=True)
    page.keyboard.press("Enter")
    expect(said(page, "Podaj adres e-mail")).to_be_visible()
    expect(choice).to_be_disabled()
    expect(composer).to_be_focused()

    tab_to(page, page.get_by_role("button", name="Zamknij okno rozmowy"), back=True)
    page.keyboard.press("Enter")
    expect(launcher).to_be_focused()


def tab_to(page: Page, wanted: Locator, back: bool = False) -> None:
    """Presses Tab until the wanted node has the focus."""
    for _ in range(40):
        if wanted.evaluate("node => node.matches(':focus')"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError("the keyboard does not come there")
