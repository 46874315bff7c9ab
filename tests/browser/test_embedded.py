"""The widget on somebody else's page: another origin, a strict policy with Trusted Types, and no more than 12 kB."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.test_page import open_widget, said, say
from tests.support.browser import assert_accessible, needs_browser, picture
from tests.support.host_page import host_page
from tests.support.ports import free_ports
from tests.support.system import System, start

pytestmark = needs_browser

HELENA = "helena.mroz@poczta.example"
LARGEST = 12_000
"""Bytes on the line to open and to send the first message."""


@pytest.fixture(scope="module")
def embedding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[System, str]]:
    """A system that lets one other origin use it, and the address of a page there."""
    [port] = free_ports(1)
    system = start(tmp_path_factory.mktemp("embedding"), cors_origins=f'["http://127.0.0.1:{port}"]')
    with host_page(port, system.url) as address:
        yield system, address
    system.stop()


@pytest.fixture
def system(embedding: tuple[System, str]) -> System:
    embedding[0].reset()
    return embedding[0]


@pytest.fixture
def page(browser: Browser, system: System, embedding: tuple[System, str]) -> Iterator[Page]:
    """The other firm's page, whose console must stay empty."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="pl-PL")
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(embedding[1])
    yield page
    context.close()
    assert told == []


def test_a_whole_conversation_under_a_strict_policy(page: Page, system: System) -> None:
    open_widget(page)
    say(page, "nie pamiętam loginu")
    expect(said(page, "podaj tutaj adres e-mail z rejestracji")).to_be_visible()
    say(page, HELENA)
    expect(said(page, "wiadomość z loginem")).to_be_visible()
    say(page, "ile mam do zapłaty?")
    expect(said(page, "Najpierw potwierdźmy")).to_be_visible()
    say(page, HELENA)
    expect(said(page, "6-cyfrowym kodem")).to_be_visible()
    say(page, system.latest_code(HELENA))
    expect(said(page, "Do zapłaty: 1 234,56 zł")).to_be_visible()
    say(page, "porównaj październik")
    expect(said(page, "Zużycie, październik 2026")).to_be_visible()
    chart = page.locator("mojbok-chat .log img")
    expect(chart).to_be_visible()
    assert chart.evaluate("image => image.complete && image.naturalWidth > 0")
    assert page.context.cookies() == []


def test_it_is_small(page: Page, embedding: tuple[System, str]) -> None:
    sizes: dict[str, int] = {}

    def note(response: Response) -> None:
        if "/widget" in response.url:
            sizes[response.url.rsplit("/", 1)[1]] = response.request.sizes()["responseBodySize"]

    page.on("response", note)
    page.goto(embedding[1])
    open_widget(page)
    say(page, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    assert "widget.js" in sizes
    assert sum(sizes.values()) <= LARGEST, sizes


def test_all_modules_come_in_one_file(page: Page, system: System) -> None:
    loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert [name for name in loaded if name.endswith(".js")] == [
        f"{system.url}/widget.js",
        f"{system.url}/widget/widget.js",
    ]


def test_a_browser_without_modules_gets_a_link_to_the_contact(
    browser: Browser, system: System, embedding: tuple[System, str]
) -> None:
    context = browser.new_context()
    context.add_init_script("delete HTMLScriptElement.prototype.noModule")
    page = context.new_page()
    page.goto(embedding[1])
    expect(page.get_by_role("link", name="Kontakt z biurem obsługi")).to_have_attribute("href", f"{system.url}/")
    context.close()


@pytest.mark.parametrize("body", [None, "throw new Error()"], ids=["does not come", "fails"])
def test_a_module_that_does_not_work_leaves_a_link_to_the_contact(
    browser: Browser, system: System, embedding: tuple[System, str], body: str | None
) -> None:
    page = browser.new_page()
    page.route(
        "**/widget/widget.js",
        lambda route: route.fulfill(content_type="text/javascript", body=body) if body else route.abort(),
    )
    page.goto(embedding[1])
    expect(page.get_by_role("link", name="Kontakt z biurem obsługi")).to_have_attribute("href", f"{system.url}/")
    page.close()


def embed(page: Page, address: str, element: str) -> None:
    page.goto(f"{address}?{quote(element)}")


LAUNCHER = "mojbok-chat .launcher"


def test_its_options_stand_in_attributes(page: Page, embedding: tuple[System, str]) -> None:
    embed(page, embedding[1], '<mojbok-chat position="left" accent="#7a1f5c" greeting="Masz pytanie?"></mojbok-chat>')
    launcher = page.get_by_role("button", name="Masz pytanie?")
    expect(launcher).to_have_css("background-color", "rgb(122, 31, 92)")
    assert launcher.evaluate("button => button.getBoundingClientRect().left") == 24


def test_a_colour_that_white_words_cannot_be_read_on_is_left_out(page: Page, embedding: tuple[System, str]) -> None:
    for colour in ("#ffcc00", "red", "#12", "url(https://example.com)"):
        embed(page, embedding[1], f'<mojbok-chat accent="{colour}"></mojbok-chat>')
        expect(page.locator(LAUNCHER)).to_have_css("background-color", "rgb(11, 92, 77)")


def test_it_may_be_open_from_the_start_and_leaves_the_focus_where_it_is(
    page: Page, embedding: tuple[System, str]
) -> None:
    embed(page, embedding[1], "<mojbok-chat open></mojbok-chat>")
    expect(said(page, "automatyczny asystent mojBOK")).to_be_visible()
    assert page.evaluate("document.activeElement === document.body")


def test_what_many_ask_on_a_page_is_offered_until_something_is_said(page: Page, embedding: tuple[System, str]) -> None:
    embed(page, embedding[1], '<mojbok-chat context="Jak założyć konto?"></mojbok-chat>')
    open_widget(page)
    page.get_by_role("button", name="Jak założyć konto?").click()
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    expect(page.get_by_role("button", name="Jak założyć konto?")).to_have_count(0)


def test_the_window_speaks_english_and_the_conversation_stays_polish(page: Page, embedding: tuple[System, str]) -> None:
    embed(page, embedding[1], '<mojbok-chat locale="en"></mojbok-chat>')
    page.get_by_role("button", name="Ask the assistant").click()
    expect(page.get_by_role("dialog", name="mojBOK assistant – automated assistant, speaks Polish")).to_be_visible()
    page.get_by_label("Your message").fill("jak założyć konto?")
    page.keyboard.press("Enter")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    assert page.locator("mojbok-chat .window").get_attribute("lang") == "en"
    answer = page.locator("mojbok-chat .message.bot").last
    assert answer.get_attribute("lang") == "pl"
    assert answer.locator(".speaker").get_attribute("lang") == "en"


def test_the_page_is_told_that_something_was_said_and_never_what(page: Page) -> None:
    page.evaluate(
        """() => {
            window.told = [];
            for (const name of ["open", "close", "message"])
                addEventListener(`mojbok:${name}`, ({ type, detail }) =>
                    told.push([type, detail && Object.keys(detail)]));
        }"""
    )
    open_widget(page)
    say(page, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    page.get_by_label("Twoja wiadomość").press("Escape")
    told = page.evaluate("told")
    assert told[0] == ["mojbok:open", None]
    assert told[-1] == ["mojbok:close", None]
    assert told[1:-1] == [["mojbok:message", ["seq", "from"]]] * len(told[1:-1])
    assert len(told) >= 5


def test_of_two_on_one_page_one_is_shown_and_a_moved_one_goes_on(page: Page, embedding: tuple[System, str]) -> None:
    embed(page, embedding[1], "<mojbok-chat></mojbok-chat><mojbok-chat></mojbok-chat>")
    expect(page.locator(LAUNCHER)).to_have_count(1)
    open_widget(page)
    say(page, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    page.evaluate("document.body.append(document.querySelector('mojbok-chat'))")
    page.get_by_role("button", name="Zapytaj asystenta").click()
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()
    page.get_by_role("button", name="Zakończ rozmowę").click()
    page.get_by_role("button", name="Zacznij nową rozmowę").click()
    expect(said(page, "automatyczny asystent mojBOK")).to_be_visible()
    expect(said(page, "Ta rozmowa się zakończyła.")).to_have_count(0)


def test_of_two_the_second_takes_over_when_the_first_is_gone(page: Page, embedding: tuple[System, str]) -> None:
    embed(page, embedding[1], '<mojbok-chat></mojbok-chat><mojbok-chat greeting="Masz pytanie?"></mojbok-chat>')
    open_widget(page)
    page.evaluate("window.first = document.querySelector('mojbok-chat'); first.remove()")
    page.get_by_role("button", name="Masz pytanie?").click()
    expect(said(page, "automatyczny asystent mojBOK")).to_be_visible()
    page.evaluate(
        """() => {
            document.querySelector("mojbok-chat").remove();
            first.setAttribute("greeting", "Napisz do nas");
            document.body.append(first);
        }"""
    )
    page.get_by_role("button", name="Napisz do nas").click()
    expect(said(page, "automatyczny asystent mojBOK")).to_be_visible()


def test_one_that_was_just_made_is_opened_as_soon_as_it_can_be(page: Page, embedding: tuple[System, str]) -> None:
    embed(page, embedding[1], "<mojbok-chat></mojbok-chat>")
    expect(page.locator(LAUNCHER)).to_be_visible()
    page.evaluate(
        """() => {
            const made = document.createElement("mojbok-chat");
            document.querySelector("mojbok-chat").replaceWith(made);
            made.open();
        }"""
    )
    expect(page.get_by_label("Twoja wiadomość")).to_be_focused()


def test_no_key_that_is_pressed_in_the_window_reaches_the_page(page: Page) -> None:
    page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ["keydown", "keyup", "beforeinput", "input", "paste"])
                document.addEventListener(name, (event) => heard.push(event.type));
        }"""
    )
    page.get_by_role("button", name="Zapytaj asystenta").click()
    composer = page.get_by_label("Twoja wiadomość")
    composer.press_sequentially("ile kosztuje konto?")
    composer.press("Enter")
    expect(said(page, "bezpłatne")).to_be_visible()
    assert page.evaluate("heard") == []


def test_another_origin_learns_how_long_to_wait(system: System, embedding: tuple[System, str]) -> None:
    origin = embedding[1].rstrip("/")
    answer = requests.post(f"{system.url}/api/chat/conversations", json={}, headers={"Origin": origin}, timeout=10)
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Expose-Headers"] == "Retry-After"


def test_the_demonstration_page_is_for_everybody_and_its_policy_is_kept(
    browser: Browser, system: System, console: list[str]
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.on("console", lambda message: console.append(message.text))
    page.goto(f"{system.url}/dev/strona")
    open_widget(page)
    page.get_by_role("button", name="Jak założyć konto?").click()
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    picture(page, "strona-pokazowa")
    assert console == []
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert_accessible(page)
    page.close()
