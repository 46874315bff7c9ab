"""The conversation goes on without gap or repetition: after another network, sleep, a server that starts again."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.test_page import open_widget, said, say
from tests.browser.test_portal import sign_in
from tests.support.browser import needs_browser
from tests.support.client import Customer
from tests.support.system import System

pytestmark = needs_browser

HELENA = "helena.mroz@poczta.example"
TEXTS = "mojbok-chat .message.customer p"


def same_conversation(page: Page, system: System) -> Customer:
    """Somebody who talks in the page's conversation from elsewhere."""
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('mojbok-chat'))")
    customer = Customer(system.url)
    customer.id = kept["id"]
    customer.http.headers["Authorization"] = f"Bearer {kept['token']}"
    return customer


def test_another_network_brings_what_was_said_meanwhile(page: Page, system: System) -> None:
    open_widget(page)
    say(page, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text("Brak połączenia.")).to_be_visible()
    elsewhere = same_conversation(page, system)
    for text in ("ile kosztuje konto?", "jak się zalogować?"):
        elsewhere.say(text)
    page.context.set_offline(False)
    expect(said(page, "„Zaloguj się”")).to_be_visible(timeout=20_000)
    expect(page.locator(TEXTS)).to_have_text(["jak założyć konto?", "ile kosztuje konto?", "jak się zalogować?"])


def test_a_machine_that_slept_goes_on(page: Page, system: System) -> None:
    page.clock.install()
    page.clock.resume()
    open_widget(page)
    say(page, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    # What the timers notice on waking: for hours not even a heartbeat came.
    with page.expect_request("**/events") as asked:
        page.clock.fast_forward("08:00:00")
    same_conversation(page, system).say("ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible(timeout=20_000)
    expect(page.locator(TEXTS)).to_have_count(2)
    assert asked.value.headers["last-event-id"] != "0"
    say(page, "jak się zalogować?")
    expect(said(page, "„Zaloguj się”")).to_be_visible()
    expect(page.locator(TEXTS)).to_have_text(["jak założyć konto?", "ile kosztuje konto?", "jak się zalogować?"])


def test_a_server_that_starts_again_loses_nothing(page: Page, system: System) -> None:
    open_widget(page)
    say(page, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    system.kill("backend")
    say(page, "ile kosztuje konto?")
    expect(said(page, "czeka na wysłanie")).to_be_visible()
    system.wait_until_ready()
    expect(said(page, "bezpłatne")).to_be_visible(timeout=60_000)
    expect(page.locator(TEXTS)).to_have_text(["jak założyć konto?", "ile kosztuje konto?"])
    expect(said(page, "automatyczny asystent mojBOK")).to_have_count(1)


def test_signing_in_on_the_page_begins_a_conversation_of_its_own(page: Page, system: System) -> None:
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()
    before = page.evaluate("JSON.parse(sessionStorage.getItem('mojbok-chat')).id")
    sign_in(page, system, HELENA)
    page.goto(f"{system.url}/pulpit")
    open_widget(page)
    expect(said(page, "Helena Mróz")).to_be_visible()
    expect(said(page, "bezpłatne")).to_have_count(0)
    assert page.evaluate("JSON.parse(sessionStorage.getItem('mojbok-chat')).id") != before
