"""Where the focus is, what is heard and in which language."""

from __future__ import annotations

import json
from typing import Any

import requests
from playwright.sync_api import Page, Route, expect

from tests.browser.test_page import open_widget, said, say
from tests.browser.test_trouble import NOW, problem
from tests.support.browser import needs_browser
from tests.support.system import System

pytestmark = needs_browser


def test_a_comment_that_is_being_written_outlives_the_next_answer(page: Page) -> None:
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(page.get_by_role("button", name="Nie pomogło")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/messages", hold)
    say(page, "jak się zalogować?")
    expect(page.locator("mojbok-chat .message.customer")).to_have_count(2)
    page.get_by_role("button", name="Nie pomogło").click()
    comment = page.get_by_label("Co warto poprawić?")
    comment.fill("Proszę pro")
    held[0].continue_()
    expect(said(page, "„Zaloguj się”")).to_be_visible()
    expect(page.locator("mojbok-chat .typing")).to_be_hidden()
    page.keyboard.type("ściej")
    expect(comment).to_have_value("Proszę prościej")
    expect(comment).to_be_focused()


def test_the_end_of_a_conversation_elsewhere_leaves_the_focus_on_the_page(page: Page, system: System) -> None:
    open_widget(page)
    page.evaluate(
        """() => {
            const field = document.createElement("input");
            field.id = "field";
            document.body.prepend(field);
            field.focus();
        }"""
    )
    page.keyboard.type("dalej ")
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('mojbok-chat'))")
    headers = {"Authorization": f"Bearer {kept['token']}"}
    requests.delete(f"{system.url}/api/chat/conversations/{kept['id']}", headers=headers, timeout=10)
    expect(said(page, "Ta rozmowa się zakończyła.")).to_be_visible()
    page.keyboard.type("piszemy")
    expect(page.locator("#field")).to_have_value("dalej piszemy")


def happens(page: Page, *events: dict[str, Any]) -> None:
    """This and nothing else is in the conversation; what is asked for after it finds nothing."""
    told = [{"at": NOW, "seq": seq, **event} for seq, event in enumerate(events, 2)]

    def answer(route: Route) -> None:
        after = int(route.request.url.split("after=")[1].split("&")[0])
        body = {"events": [event for event in told if int(event["seq"]) > after], "idle": True}
        route.fulfill(content_type="application/json", body=json.dumps(body))

    page.route("**/events?*", answer)
    page.route("**/events", lambda route: None)


def test_the_window_is_named_after_who_speaks_and_the_change_is_heard_once(page: Page) -> None:
    words = "Od teraz pisze tu Anna."
    happens(
        page,
        {"type": "handoff", "state": "taken", "name": "Anna"},
        {"type": "message", "from": "bot", "text": words},
    )
    page.get_by_role("button", name="Zapytaj asystenta").click()
    expect(page.get_by_role("dialog", name="Asystent mojBOK – Anna (biuro)")).to_be_visible()
    expect(page.locator("mojbok-chat [aria-live=polite]").filter(has_text="Anna")).to_have_count(1)


def test_the_same_trouble_is_said_once(page: Page) -> None:
    open_widget(page)
    page.evaluate(
        """() => {
            window.changes = 0;
            const place = document.querySelector("mojbok-chat").shadowRoot.querySelector(".offline");
            new MutationObserver(() => changes++).observe(place, { childList: true });
        }"""
    )
    asked = [0]

    def lose(route: Route) -> None:
        asked[0] += 1
        route.abort()

    page.route("**/events*", lose)
    page.context.set_offline(True)
    expect(page.get_by_text("Brak połączenia.")).to_be_visible()
    page.wait_for_timeout(3000)
    assert page.evaluate("changes") == 1


def test_polish_in_an_english_window_says_that_it_is(page: Page, system: System) -> None:
    page.goto(f"{system.url}/dev/strona")
    page.evaluate(
        """() => {
            const before = document.querySelector("mojbok-chat");
            const chat = document.createElement("mojbok-chat");
            chat.setAttribute("locale", "en");
            chat.setAttribute("context", "Jak założyć konto?");
            before.replaceWith(chat);
        }"""
    )
    page.get_by_role("button", name="Ask the assistant").click()
    expect(page.get_by_role("button", name="Jak założyć konto?")).to_have_attribute("lang", "pl")
    expect(said(page, "automatyczny asystent mojBOK")).to_be_visible()
    page.route("**/messages", lambda route: route.abort())
    page.get_by_label("Your message").fill("ile kosztuje konto?")
    page.keyboard.press("Enter")
    expect(said(page, "waiting to be sent")).to_have_attribute("lang", "en")
    page.route("**/attachments", lambda route: problem(route, 415, "Można dołączyć tylko plik PDF."))
    page.locator("mojbok-chat input[type=file]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"MZ"}
    )
    expect(page.locator("mojbok-chat .trouble")).to_have_attribute("lang", "pl")


def test_the_window_tells_of_personal_data_and_links_more(page: Page, system: System) -> None:
    page.get_by_role("button", name="Zapytaj asystenta").click()
    notice = page.locator("mojbok-chat .privacy")
    expect(notice).to_contain_text("Numery, adresy e-mail i loginy ukrywamy w zapisie rozmowy.")
    link = notice.get_by_role("link", name="Twoje dane")
    expect(link).to_have_attribute("href", f"{system.url}/dane-osobowe")
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
