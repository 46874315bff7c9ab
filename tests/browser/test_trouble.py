"""What a server, a clock or a page can do wrong: the person reads a sentence and can go on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_page import open_widget, said, say
from tests.support.browser import needs_browser

pytestmark = needs_browser

NOW = "2026-11-25T10:00:00+01:00"


def tell(page: Page, who: str = "bot", **content: Any) -> None:
    """The assistant says something that our server would not."""
    message = {"seq": 2, "type": "message", "from": who, "at": NOW, **content}
    body = json.dumps({"events": [message], "idle": True})
    page.route("**/events?*", lambda route: route.fulfill(status=200, content_type="application/json", body=body))
    page.get_by_role("button", name="Zapytaj asystenta").click()


def test_markup_and_scripts_in_an_answer_are_text(page: Page) -> None:
    hostile = "<img src=x onerror=alert(1)> **grubo** [link](javascript:alert(1))"
    tell(page, text=hostile, links=[{"title": "Kliknij", "url": "javascript:alert(1)"}])
    expect(said(page, hostile)).to_be_visible()
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
            hostile.replaceSync("* { color: red !important; font-size: 1px !important }"
                + "mojbok-chat { display: none !important; opacity: 0 !important; transform: scale(0.1) !important }");
            document.adoptedStyleSheets = [hostile];
        }"""
    )
    open_widget(page)
    say(page, "ile kosztuje konto?")
    answer = said(page, "bezpłatne")
    expect(answer).to_be_visible()
    assert answer.evaluate("node => getComputedStyle(node).fontSize") == "16px"
    assert answer.evaluate("node => getComputedStyle(node).color") == "rgb(27, 36, 33)"
