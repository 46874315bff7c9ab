"""The page and its widget in a real browser: mouse, keyboard, screen reader's rules, hostile text, lost connection."""

from __future__ import annotations

import re

import requests
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from tests.support.browser import assert_accessible, needs_browser, picture
from tests.support.pictures import PDF
from tests.support.system import ROOT, System

pytestmark = needs_browser


def open_widget(page: Page) -> None:
    page.get_by_role("button", name="Zapytaj asystenta").click()
    expect(said(page, "automatyczny asystent mojBOK")).to_be_visible()


def said(page: Page, text: str) -> Locator:
    """What stands in the conversation; the live region repeats it for screen readers."""
    return page.locator("mojbok-chat .log").get_by_text(text)


def say(page: Page, text: str) -> None:
    page.get_by_label("Twoja wiadomość").fill(text)
    page.keyboard.press("Enter")


def test_a_question_is_answered(page: Page) -> None:
    open_widget(page)
    say(page, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()


def test_the_balance_with_a_code(page: Page, system: System) -> None:
    open_widget(page)
    page.get_by_role("button", name="Moje saldo").click()
    expect(said(page, "Najpierw potwierdźmy")).to_be_visible()
    say(page, "helena.mroz@poczta.example")
    expect(said(page, "6-cyfrowym kodem")).to_be_visible()
    expect(said(page, "[e-mail]")).to_be_visible()
    say(page, system.latest_code("helena.mroz@poczta.example"))
    expect(said(page, "Do zapłaty: 1 234,56 zł")).to_be_visible()
    expect(page.locator("mojbok-chat .status").first).to_contain_text("Tożsamość potwierdzona.")
    picture(page, "balance")


def test_a_file_is_sent_and_one_that_is_none_is_refused_with_a_sentence(page: Page) -> None:
    open_widget(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Plik: dołącz PDF, JPEG lub PNG").click()
    chooser.value.set_files({"name": "umowa.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(said(page, "Plik PDF, 1 kB")).to_be_visible()
    expect(said(page, "Plik dotarł.")).to_be_visible()
    page.locator("mojbok-chat input[type=file]").set_input_files(
        {"name": "umowa.pdf", "mimeType": "application/pdf", "buffer": b"MZ"}
    )
    expect(page.locator("mojbok-chat .trouble")).to_have_text("Można dołączyć tylko plik PDF, JPEG albo PNG.")


def test_the_keyboard_alone_does_all_of_it(page: Page) -> None:
    page.keyboard.press("Tab")
    launcher = page.get_by_role("button", name="Zapytaj asystenta")
    while not launcher.evaluate("node => node.matches(':focus')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    composer = page.get_by_label("Twoja wiadomość")
    expect(composer).to_be_focused()
    choice = page.get_by_role("button", name="Kontakt")
    expect(choice).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
        if choice.evaluate("node => node.matches(':focus')"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Klient indywidualny")).to_be_visible()
    expect(choice).to_be_disabled()
    expect(composer).to_be_focused()
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()


def test_axe_finds_nothing_closed_open_or_on_a_phone(page: Page, console: list[str]) -> None:
    assert_accessible(page)
    open_widget(page)
    say(page, "ile mam do zapłaty?")
    expect(said(page, "Najpierw potwierdźmy")).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    console.clear()  # axe itself tries inline styles, which the page forbids


def test_typed_html_is_shown_as_text(page: Page) -> None:
    open_widget(page)
    hostile = "<img src=x onerror=alert(1)><b>gruby</b>"
    say(page, hostile)
    expect(said(page, hostile)).to_be_visible()
    expect(page.locator("mojbok-chat .typing")).to_be_hidden()


def test_the_conversation_outlives_a_reload(page: Page) -> None:
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()
    page.reload()
    open_widget(page)
    expect(said(page, "bezpłatne")).to_be_visible()


def test_what_is_typed_offline_waits_and_is_sent_once(page: Page) -> None:
    open_widget(page)
    page.context.set_offline(True)
    say(page, "jak się zalogować?")
    expect(said(page, "czeka na wysłanie")).to_be_visible()
    expect(page.get_by_text("Brak połączenia.")).to_be_visible()
    page.context.set_offline(False)
    expect(said(page, "„Zaloguj się”")).to_be_visible(timeout=20_000)
    expect(said(page, "jak się zalogować?")).to_have_count(1)
    expect(page.get_by_text("Brak połączenia.")).to_be_hidden()


def test_what_is_typed_before_the_conversation_is_open_is_sent_once_it_is(page: Page) -> None:
    opening: list[Route] = []

    def hold(route: Route) -> None:
        opening.append(route)

    page.route("**/api/chat/conversations", hold)
    with page.expect_request("**/api/chat/conversations"):
        page.get_by_role("button", name="Zapytaj asystenta").click()
        say(page, "ile kosztuje konto?")
    expect(page.locator(".message.customer")).to_be_visible()
    opening[0].continue_()
    expect(said(page, "bezpłatne")).to_be_visible()
    expect(said(page, "automatyczny asystent mojBOK")).to_be_visible()
    expect(page.locator(".message.customer")).to_have_count(1)
    assert len(opening) == 1


def test_what_the_feed_tells_before_it_is_acknowledged_is_shown_once(page: Page) -> None:
    open_widget(page)
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/messages", lambda route: held.append((route, route.fetch())))
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()
    expect(page.locator(".message.customer")).to_have_count(1)
    route, answer = held[0]
    route.fulfill(response=answer)
    page.unroute("**/messages")
    say(page, "ile kosztuje konto?")
    expect(page.locator(".message.customer")).to_have_count(2)


def test_what_waits_outlives_a_reload_and_keeps_its_order(page: Page) -> None:
    open_widget(page)
    page.route("**/messages", lambda route: route.abort())
    say(page, "ile kosztuje konto?")
    say(page, "jak się zalogować?")
    expect(said(page, "czeka na wysłanie")).to_be_visible()
    page.reload()
    page.unroute("**/messages")
    open_widget(page)
    expect(said(page, "bezpłatne")).to_be_visible(timeout=20_000)
    expect(said(page, "„Zaloguj się”")).to_be_visible()
    expect(page.locator(".message.customer p")).to_have_text(["ile kosztuje konto?", "jak się zalogować?"])


def test_answers_come_by_long_poll_where_something_holds_streams_back(page: Page) -> None:
    page.clock.install()
    page.route("**/events", lambda route: None)
    open_widget(page)
    say(page, "ile kosztuje konto?")
    page.clock.fast_forward(26_000)
    expect(said(page, "bezpłatne")).to_be_visible()
    say(page, "jak się zalogować?")
    expect(said(page, "„Zaloguj się”")).to_be_visible()
    expect(page.get_by_text("Brak połączenia.")).to_be_hidden()


def test_a_taken_choice_stays_taken_after_a_reload(page: Page) -> None:
    open_widget(page)
    page.get_by_role("button", name="Kontakt").click()
    expect(page.get_by_role("button", name="Klient indywidualny")).to_be_visible()
    page.reload()
    open_widget(page)
    expect(page.get_by_role("button", name="Klient indywidualny")).to_be_enabled()
    expect(page.get_by_role("button", name="Moje saldo")).to_be_disabled()


def test_screen_readers_hear_answers_and_not_the_history(page: Page) -> None:
    heard = page.locator("mojbok-chat [aria-live=polite]")
    open_widget(page)
    expect(heard.filter(has_text="automatyczny asystent mojBOK")).to_have_count(1)
    page.reload()
    open_widget(page)
    expect(heard).to_have_text(["", ""])
    say(page, "ile kosztuje konto?")
    expect(heard.filter(has_text="bezpłatne")).to_have_count(1)


def test_on_a_phone_the_focus_stays_in_the_window(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    open_widget(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("['MOJBOK-CHAT', 'BODY'].includes(document.activeElement.tagName)")
    page.get_by_label("Twoja wiadomość").press("Escape")
    expect(page.get_by_role("button", name="Zapytaj asystenta")).to_be_focused()


def test_ending_the_conversation_offers_a_new_one(page: Page) -> None:
    open_widget(page)
    page.get_by_role("button", name="Zakończ rozmowę").click()
    expect(said(page, "Ta rozmowa się zakończyła.")).to_be_visible()
    page.get_by_role("button", name="Zacznij nową rozmowę").click()
    expect(said(page, "automatyczny asystent mojBOK")).to_be_visible()


def test_a_conversation_that_is_over_elsewhere_says_so(page: Page, system: System) -> None:
    open_widget(page)
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('mojbok-chat'))")
    headers = {"Authorization": f"Bearer {kept['token']}"}
    requests.delete(f"{system.url}/api/chat/conversations/{kept['id']}", headers=headers, timeout=10)
    expect(said(page, "Ta rozmowa się zakończyła.")).to_be_visible()
    expect(page.get_by_role("button", name="Zacznij nową rozmowę")).to_be_focused()


def test_nothing_is_kept_before_the_assistant_is_opened(page: Page) -> None:
    assert page.evaluate("Object.keys(sessionStorage).length + Object.keys(localStorage).length") == 0
    assert page.context.cookies() == []


def test_an_answer_is_rated_and_said_why_by_keyboard(page: Page, system: System, console: list[str]) -> None:
    open_widget(page)
    say(page, "ile kosztuje konto?")
    page.get_by_role("button", name="Nie pomogło").press("Enter")
    expect(page.get_by_text("Dziękujemy za ocenę.")).to_be_visible()
    page.get_by_label("Co warto poprawić?").fill("Proszę prościej")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Co warto poprawić?")).to_have_count(0)
    expect(page.get_by_role("button", name="Nie pomogło")).to_be_focused()
    assert "Proszę prościej" in system.stored()
    say(page, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    expect(page.get_by_role("button", name="Nie pomogło")).to_have_count(1)
    assert_accessible(page)
    console.clear()  # axe itself tries inline styles, which the page forbids


def test_the_conversation_is_kept_as_a_file(page: Page) -> None:
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Pobierz rozmowę").click()
    assert download.value.suggested_filename == "rozmowa-mojbok.txt"
    text = download.value.path().read_text(encoding="utf-8")
    assert "Ty: ile kosztuje konto?" in text
    assert text.index("automatyczny asystent") < text.index("Ty: ile") < text.index("bezpłatne")
    page.get_by_role("button", name="Zakończ rozmowę").click()
    expect(said(page, "Ta rozmowa się zakończyła.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Pobierz rozmowę").click()
    assert download.value.path().read_text(encoding="utf-8") == text


def test_signing_out_in_the_window_ends_what_was_confirmed(page: Page, system: System) -> None:
    open_widget(page)
    say(page, "ile mam do zapłaty?")
    expect(said(page, "Najpierw potwierdźmy")).to_be_visible()
    say(page, "helena.mroz@poczta.example")
    expect(said(page, "6-cyfrowym kodem")).to_be_visible()
    say(page, system.latest_code("helena.mroz@poczta.example"))
    page.get_by_role("button", name="Wyloguj").click()
    expect(said(page, "Ta rozmowa się zakończyła.")).to_be_visible()
    expect(page.locator("mojbok-chat .status").first).to_have_text("")


def test_another_tab_shows_the_same_conversation_and_the_last_one_takes_it_along(page: Page, system: System) -> None:
    open_widget(page)
    say(page, "ile kosztuje konto?")
    expect(said(page, "bezpłatne")).to_be_visible()
    other = page.context.new_page()
    other.goto(system.url)
    open_widget(other)
    expect(said(other, "bezpłatne")).to_be_visible()
    say(other, "jak założyć konto?")
    expect(said(page, "„Zarejestruj się”")).to_be_visible()
    other.close()
    page.goto("about:blank")
    third = page.context.new_page()
    third.goto(system.url)
    open_widget(third)
    expect(said(third, "bezpłatne")).to_have_count(0)


def test_files_are_asked_for_again_and_sent_only_when_they_changed(system: System) -> None:
    script = requests.get(f"{system.url}/widget/api.js", timeout=10)
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.headers["Cache-Control"] == "no-cache"
    again = requests.get(script.url, headers={"If-None-Match": script.headers["ETag"]}, timeout=10)
    assert (again.status_code, again.content) == (304, b"")
    assert requests.get(f"{system.url}/favicon.svg", timeout=10).headers["Content-Type"] == "image/svg+xml"
    assert requests.get(f"{system.url}/widget/..%2Fpyproject.toml", timeout=10).status_code == 404


def test_the_pictures_of_the_readme_are_there() -> None:
    named = re.findall(r"docs/pictures/[\w-]+\.png", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert named
    assert sorted(named) == sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "pictures").iterdir())
