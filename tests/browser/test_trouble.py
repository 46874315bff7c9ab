"""What a server, a clock or a page can do wrong: the person reads a sentence and can go on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_page import open_widget, said, say
from tests.support.browser import needs_browser
from tests.support.pictures import PDF

pytestmark = needs_browser

NOW = "2026-11-25T10:00:00+01:00"


def tell(page: Page, who: str = "bot", **content: Any) -> None:
    """The assistant says something that our server would not."""
    message = {"seq": 2, "type": "message", "from": who, "at": NOW, **content}
    body = json.dumps({"events": [message], "idle": True})
    page.route("**/events?*", lambda route: route.fulfill(status=200, content_type="application/json", body=body))
    page.get_by_role("button", name="Zapytaj asystenta").click()


def problem(route: Route, status: int, detail: str, **headers: str) -> None:
    """A refusal as our server makes it."""
    body = json.dumps({"detail": detail})
    route.fulfill(status=status, content_type="application/problem+json", headers=headers, body=body)


def test_markup_and_scripts_in_an_answer_are_text(page: Page) -> None:
    hostile = "<img src=x onerror=alert(1)> **grubo** [link](javascript:alert(1))"
    tell(page, text=hostile, links=[{"title": "Kliknij", "url": "javascript:alert(1)"}])
    expect(said(page, hostile)).to_be_visible()
    expect(said(page, "Kliknij")).to_be_visible()
    assert page.locator("mojbok-chat .log a").count() == 0
    assert page.locator("mojbok-chat .log img").count() == 0


@pytest.mark.parametrize(
    "text",
    ["a" * 5000, "\u202eodwrócone\u202c שלום عربى", "👩‍👩‍👧‍👦🏳️‍🌈" * 200],
    ids=["no spaces", "right to left", "emoji"],
)
def test_no_text_breaks_the_window(page: Page, text: str) -> None:
    tell(page, text=text)
    log = page.locator("mojbok-chat .log")
    expect(log.locator(".message.bot")).to_be_visible()
    assert log.evaluate("log => log.scrollWidth <= log.clientWidth")


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (500, "application/problem+json", '{"detail": "Coś się nie udało."}'),
        (502, "text/html", "<h1>Bad Gateway</h1>"),
        (200, "text/html", "<h1>Hotel Wi-Fi</h1>"),
        (200, "application/json", ""),
    ],
    ids=["500", "a gateway's page", "a hotel's page", "nothing"],
)
def test_a_message_outlives_a_server_in_trouble(page: Page, status: int, content_type: str, body: str) -> None:
    open_widget(page)
    troubled = [2]

    def answer(route: Route) -> None:
        if troubled[0]:
            troubled[0] -= 1
            route.fulfill(status=status, content_type=content_type, body=body)
        else:
            route.continue_()

    page.route("**/messages", answer)
    say(page, "ile kosztuje konto?")
    expect(said(page, "czeka na wysłanie")).to_be_visible()
    expect(said(page, "bezpłatne")).to_be_visible(timeout=20_000)
    expect(page.locator(".message.customer")).to_have_count(1)


def test_too_many_messages_wait_as_long_as_the_server_asks(page: Page) -> None:
    open_widget(page)
    asked = [0]

    def answer(route: Route) -> None:
        asked[0] += 1
        if asked[0] == 1:
            problem = json.dumps({"detail": "Za dużo naraz."})
            route.fulfill(
                status=429, headers={"Retry-After": "1"}, content_type="application/problem+json", body=problem
            )
        else:
            route.continue_()

    page.route("**/messages", answer)
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible(timeout=20_000)
    assert asked[0] == 2


def test_half_an_event_in_the_stream_loses_nothing(page: Page) -> None:
    half = 'id: 5\ndata: {"seq": 5, "type": "mess'
    broken = [1]

    def answer(route: Route) -> None:
        if broken[0]:
            broken[0] -= 1
            route.fulfill(status=200, content_type="text/event-stream", body=half)
        else:
            route.continue_()

    page.route("**/events", answer)
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible(timeout=20_000)


def test_a_clock_two_hours_wrong_changes_nothing(page: Page) -> None:
    page.clock.install(time="2026-01-01T00:00:00Z")
    page.clock.resume()
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()


def test_a_message_from_a_strange_origin_is_not_heard(page: Page) -> None:
    open_widget(page)
    page.evaluate(
        """() => {
            window.postMessage({ wanted: "" }, "*");
            window.dispatchEvent(new MessageEvent("message", { origin: "https://zly.example", data: { kept: {} } }));
        }"""
    )
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()


def test_a_page_with_hostile_styles_does_not_reach_the_window(page: Page) -> None:
    page.evaluate(
        """() => {
            const hostile = new CSSStyleSheet();
            hostile.replaceSync("* { color: red !important; font-size: 1px !important; --ink: #fff !important }"
                + "html { direction: rtl }"
                + "main { position: relative; z-index: 99999; background: red }"
                + "mojbok-chat { display: none !important; opacity: 0 !important; transform: scale(0.1) !important;"
                + " --accent: #ffee00 !important; --paper: red !important; direction: rtl !important }");
            document.adoptedStyleSheets = [hostile];
        }"""
    )
    open_widget(page)
    say(page, "ile kosztuje konto?")
    answer = said(page, "bezpłatne")
    expect(answer).to_be_visible()
    expect(answer).to_have_css("font-size", "16px")
    expect(answer).to_have_css("color", "rgb(27, 36, 33)")
    expect(answer).to_have_css("direction", "ltr")
    window = page.locator("mojbok-chat .window")
    expect(window).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(window).to_have_css("z-index", "2147483647")
    expect(window.locator("header")).to_have_css("background-color", "rgb(11, 92, 77)")


@pytest.mark.parametrize(("status", "body"), [(500, "<h1>x</h1>"), (200, "<h1>x</h1>"), (200, "")])
def test_a_stream_that_always_fails_is_not_hammered(page: Page, status: int, body: str) -> None:
    asked = [0]

    def fail(route: Route) -> None:
        asked[0] += 1
        route.fulfill(status=status, content_type="text/html" if body else "text/event-stream", body=body)

    page.route("**/events", fail)
    open_widget(page)
    page.wait_for_timeout(6000)
    assert asked[0] <= 3
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()
    expect(page.locator("mojbok-chat .offline")).to_have_text("")


def test_a_stream_is_asked_for_again_when_the_server_says(page: Page) -> None:
    asked = [0]

    def refuse(route: Route) -> None:
        asked[0] += 1
        problem(route, 429, "Za dużo naraz.", **{"Retry-After": "30"})

    page.route("**/events*", refuse)
    page.get_by_role("button", name="Zapytaj asystenta").click()
    expect(page.locator("mojbok-chat .offline")).to_have_text("Za dużo naraz.")
    page.wait_for_timeout(4000)
    assert asked[0] == 1


def test_a_refusal_of_the_server_is_not_told_as_a_lost_connection(page: Page) -> None:
    trouble = page.locator("mojbok-chat .offline")
    conversations = "**/api/chat/conversations"
    page.route(conversations, lambda route: problem(route, 429, "Zbyt wiele nowych rozmów."))
    page.get_by_role("button", name="Zapytaj asystenta").click()
    expect(trouble).to_have_text("Zbyt wiele nowych rozmów.")
    page.unroute(conversations)
    expect(said(page, "automatyczny asystent mojBOK")).to_be_visible(timeout=20_000)
    expect(trouble).to_have_text("")
    page.route("**/messages", lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>x</h1>"))
    say(page, "ile kosztuje konto?")
    expect(trouble).to_have_text("Mamy kłopot po naszej stronie. Wiadomości zostaną wysłane, gdy minie.")
    page.unroute("**/messages")
    expect(said(page, "bezpłatne")).to_be_visible(timeout=20_000)
    expect(trouble).to_have_text("")


def test_offline_does_not_hide_what_failed(page: Page) -> None:
    open_widget(page)
    page.context.set_offline(True)
    expect(page.get_by_text("Brak połączenia.")).to_be_visible()
    page.get_by_role("button", name="Zakończ rozmowę").click()
    expect(page.get_by_text("Nie udało się zakończyć rozmowy.")).to_be_visible()
    expect(page.get_by_text("Brak połączenia.")).to_be_visible()


def test_a_page_of_something_on_the_way_is_no_success_and_no_end(page: Page) -> None:
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(page.get_by_role("button", name="Pomogło", exact=True)).to_be_visible()
    told = page.locator("mojbok-chat .trouble")

    def strange(address: str, status: int) -> None:
        page.unroute_all()
        page.route(address, lambda route: route.fulfill(status=status, content_type="text/html", body="<h1>x</h1>"))

    strange("**/attachments", 200)
    page.locator("mojbok-chat input[type=file]").set_input_files(
        {"name": "umowa.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(told).to_have_text("Coś poszło nie tak. Spróbuj ponownie za chwilę.")
    strange("**/feedback", 200)
    page.get_by_role("button", name="Pomogło", exact=True).click()
    expect(page.locator("mojbok-chat .rating .note")).to_have_text("Coś poszło nie tak. Spróbuj ponownie za chwilę.")
    for status in (200, 404):
        strange("**/conversations/*", status)
        page.get_by_role("button", name="Zakończ rozmowę").click()
        expect(told).to_have_text("Nie udało się zakończyć rozmowy. Spróbuj ponownie za chwilę.")
    strange("**/messages", 404)
    say(page, "jak się zalogować?")
    expect(said(page, "czeka na wysłanie")).to_be_visible()
    page.unroute_all()
    expect(said(page, "„Zaloguj się”")).to_be_visible(timeout=20_000)


def test_a_module_that_does_not_come_is_asked_for_again(page: Page) -> None:
    page.route("**/download.js*", lambda route: route.abort())
    page.route("**/rating.js*", lambda route: route.abort())
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()
    save = page.get_by_role("button", name="Pobierz rozmowę")
    save.click()
    expect(page.locator("mojbok-chat .trouble")).to_have_text("Coś poszło nie tak. Spróbuj ponownie za chwilę.")
    page.unroute_all()
    with page.expect_download():
        save.click()
    expect(page.locator("mojbok-chat .trouble")).to_have_text("")
    say(page, "jak się zalogować?")
    expect(page.get_by_role("button", name="Nie pomogło")).to_be_visible()


def test_a_table_that_cannot_be_shown_is_told_of(page: Page) -> None:
    page.route("**/parts.js*", lambda route: route.abort())
    tell(page, text="Twoje faktury", table={"caption": "Faktury", "columns": ["Numer"], "rows": [["1"]]})
    expect(said(page, "Twoje faktury")).to_be_visible()
    expect(said(page, "Coś poszło nie tak.")).to_be_visible()
