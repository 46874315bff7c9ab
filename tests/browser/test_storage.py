"""What a tab keeps, where it may keep nothing or finds rubbish; and several tabs beside one another."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_page import open_widget, said, say
from tests.browser.test_portal import sign_in
from tests.support.browser import needs_browser
from tests.support.system import System

pytestmark = needs_browser

HELENA = "helena.mroz@poczta.example"
FORBIDDEN = """
Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("", "SecurityError") } });
LockManager.prototype.request = () => Promise.reject(new DOMException("", "SecurityError"));
"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }"
CONVERSATIONS = "**/api/chat/conversations"
TAB = """
Object.defineProperty(document, "hidden", { get: () => window.isBehind === true });
window.goBehind = (isBehind) => {
    window.isBehind = isBehind;
    document.dispatchEvent(new Event("visibilitychange"));
};
"""
"""Without a screen every page counts as visible: this tells one what a browser tells a tab behind another."""


def rubbish(key: str, value: str) -> str:
    return f"sessionStorage.getItem('done') ?? sessionStorage.setItem('{key}', {value!r}); sessionStorage.done = 1"


@pytest.mark.parametrize(
    "script",
    [
        FORBIDDEN,
        FULL,
        rubbish("mojbok-chat", "{rubbish"),
        rubbish("mojbok-chat", '{"session": "", "id": 5, "token": "abc"}'),
        rubbish("mojbok-chat", '{"session": "", "id": "k_1", "token": "a\\nb"}'),
        rubbish("mojbok-outbox", "{}"),
        rubbish("mojbok-outbox", '"abc"'),
        rubbish("mojbok-outbox", '{"session": "", "queue": [null, {"words": 5}, {"words": "abc"}]}'),
    ],
    ids=["forbidden", "full", "no JSON", "no words", "a line break", "an object", "a word", "no messages"],
)
def test_a_conversation_needs_no_storage_and_no_sense_in_it(page: Page, script: str) -> None:
    page.add_init_script(script)
    page.reload()
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()
    expect(page.locator("mojbok-chat .message.customer")).to_have_count(1)


def test_what_is_typed_before_there_is_a_conversation_outlives_a_reload(page: Page) -> None:
    page.route(CONVERSATIONS, lambda route: route.abort())
    page.get_by_role("button", name="Zapytaj asystenta").click()
    say(page, "ile kosztuje konto?")
    expect(said(page, "czeka na wysłanie")).to_be_visible()
    page.reload()
    page.unroute(CONVERSATIONS)
    open_widget(page)
    expect(said(page, "bezpłatne")).to_be_visible(timeout=20_000)
    expect(page.locator("mojbok-chat .message.customer")).to_have_count(1)


def test_what_waits_is_not_said_for_who_signs_in_afterwards(page: Page, system: System) -> None:
    page.route(CONVERSATIONS, lambda route: route.abort())
    page.get_by_role("button", name="Zapytaj asystenta").click()
    say(page, "ile kosztuje konto?")
    expect(said(page, "czeka na wysłanie")).to_be_visible()
    page.unroute(CONVERSATIONS)
    page.get_by_role("button", name="Zamknij okno rozmowy").click()
    sign_in(page, system, HELENA)
    page.goto(f"{system.url}/pulpit")
    open_widget(page)
    expect(said(page, "Helena Mróz")).to_be_visible()
    say(page, "jak się zalogować?")
    expect(said(page, "„Zaloguj się”")).to_be_visible()
    expect(page.locator("mojbok-chat .message.customer")).to_have_count(1)


def test_the_last_of_many_tabs_answers_and_one_that_was_behind_catches_up(page: Page, system: System) -> None:
    context = page.context
    context.add_init_script(TAB)
    tabs: list[Page] = []
    for _ in range(7):
        if tabs:
            tabs[-1].evaluate("goBehind(true)")
        tabs.append(context.new_page())
        tabs[-1].goto(system.url)
        open_widget(tabs[-1])
    say(tabs[-1], "ile kosztuje konto?")
    expect(said(tabs[-1], "bezpłatne")).to_be_visible()
    expect(said(tabs[0], "bezpłatne")).to_have_count(0)
    tabs[-1].evaluate("goBehind(true)")
    tabs[0].evaluate("goBehind(false)")
    expect(said(tabs[0], "bezpłatne")).to_be_visible()
    say(tabs[0], "jak się zalogować?")
    expect(said(tabs[0], "„Zaloguj się”")).to_be_visible()
    expect(tabs[0].get_by_text("Brak połączenia.")).to_be_hidden()


def test_two_tabs_that_open_at_once_have_one_conversation(page: Page, system: System) -> None:
    other = page.context.new_page()
    other.goto(system.url)
    for tab in (page, other):
        tab.wait_for_function("document.querySelector('mojbok-chat').shadowRoot?.querySelector('.launcher')")
        tab.evaluate("void setTimeout(() => document.querySelector('mojbok-chat').open(), 300)")
    for tab in (page, other):
        expect(said(tab, "automatyczny asystent mojBOK")).to_be_visible()
    one, two = (tab.evaluate("JSON.parse(sessionStorage.getItem('mojbok-chat')).id") for tab in (page, other))
    assert one == two


def test_another_tab_that_says_nonsense_is_not_heard(page: Page, system: System) -> None:
    open_widget(page)
    other = page.context.new_page()
    other.goto(system.url)
    other.evaluate(
        """() => {
            const tabs = new BroadcastChannel("mojbok-chat");
            for (const words of [null, 5, { kept: null }, { kept: { session: "" } }]) tabs.postMessage(words);
        }"""
    )
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()


@pytest.mark.parametrize(
    "script",
    ["delete AbortSignal.any", "delete Crypto.prototype.randomUUID", "delete window.BroadcastChannel"],
)
def test_a_browser_that_knows_less_is_enough(page: Page, script: str) -> None:
    page.add_init_script(script)
    page.reload()
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()


def test_a_message_that_is_too_long_stays_in_the_field(page: Page) -> None:
    open_widget(page)
    field = page.get_by_label("Twoja wiadomość")
    field.focus()
    page.keyboard.insert_text("a" * 4001)
    page.keyboard.press("Enter")
    expect(page.locator("mojbok-chat .trouble")).to_have_text(
        "Ta wiadomość jest za długa. Może mieć najwyżej 4000 znaków."
    )
    expect(field).to_have_value("a" * 4001)
    expect(page.locator("mojbok-chat .message.customer")).to_have_count(0)


def test_what_was_said_is_not_suggested_again_after_a_reload(page: Page, system: System) -> None:
    page.goto(f"{system.url}/dev/strona")
    open_widget(page)
    page.get_by_role("button", name="Jak założyć konto?").click()
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    page.reload()
    open_widget(page)
    expect(page.get_by_role("button", name="Jak założyć konto?")).to_have_count(0)


def test_a_refused_choice_is_offered_again(page: Page) -> None:
    open_widget(page)

    def refuse(route: Route) -> None:
        body = '{"detail": "Tego wyboru już nie ma."}'
        route.fulfill(status=409, content_type="application/problem+json", body=body)

    page.route("**/messages", refuse)
    page.get_by_role("button", name="Moje saldo").click()
    expect(said(page, "nie wysłano")).to_be_visible()
    expect(page.get_by_role("button", name="Moje saldo")).to_be_enabled()
