"""Messengers in the portal: joining an account, and a document that was asked for there. A keyboard is enough."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.fakes.telegram import Person, TelegramFake
from tests.support.browser import assert_accessible, needs_browser
from tests.support.system import System, start
from tests.support.waiting import until

pytestmark = needs_browser

HELENA = "helena.mroz@poczta.example"
SECRET = "tajny-znak-1"


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramFake]:
    with TelegramFake() as fake:
        yield fake


@pytest.fixture(scope="module")
def whole(telegram: TelegramFake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    system = start(
        tmp_path_factory.mktemp("messengers"),
        telegram_token=telegram.token,
        telegram_secrets=SECRET,
        telegram_bot="mojbok_bot",
        telegram_url=telegram.url,
    )
    telegram.point(f"{system.url}/webhooks/telegram", SECRET)
    yield system
    system.stop()


@pytest.fixture
def system(whole: System, telegram: TelegramFake) -> System:
    telegram.drain()
    whole.reset()
    telegram.sent.clear()
    return whole


@pytest.fixture
def ewa(system: System, telegram: TelegramFake) -> Person:
    return telegram.user(900_001, "Ewa Lis")


def wait_for(telegram: TelegramFake, words: str) -> str:
    """The text with these words, once the assistant has sent it."""
    found: list[str] = []

    def is_said() -> bool:
        found[:] = [text for one in telegram.sent if words in (text := (one.text or "").replace("\u00a0", " "))]
        return bool(found)

    until(is_said, lambda: f"{words!r} was not said: {[one.text for one in telegram.sent]}")
    return found[0]


def reach(page: Page, wanted: Locator) -> None:
    """By Tab alone."""
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {wanted}")


def enter(page: Page, role: str, name: str) -> None:
    """Reaches a link or a button by the keyboard, and presses it."""
    reach(page, page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    with page.expect_navigation():
        page.keyboard.press("Enter")


def shows(page: Page, words: str) -> None:
    expect(page.locator("main").get_by_text(words).first).to_be_visible()
    assert_accessible(page)


@pytest.fixture
def helena(page: Page, system: System) -> Page:
    """The page of a customer who is signed in."""
    answer = page.request.post(f"{system.url}/dev/login", data={"email": HELENA}, headers={"Origin": system.url})
    assert answer.status == 204
    return page


def test_an_account_is_joined_once_its_name_is_confirmed_and_parted_again(
    helena: Page, system: System, telegram: TelegramFake, ewa: Person
) -> None:
    page = helena
    page.goto(f"{system.url}/moje-dane")
    enter(page, "link", "Połącz konto w komunikatorze")
    shows(page, "Nie ma jeszcze połączonych kont")
    enter(page, "button", "Połącz: Telegram")
    shows(page, "Odnośnik działa raz i przez 10 minut")
    link = page.get_by_role("link", name="Otwórz Telegram").get_attribute("href") or ""
    opened = re.fullmatch(r"https://t\.me/mojbok_bot\?start=([\w-]+)", link)
    assert opened, "the link opens the bot and brings a token"
    ewa.start(opened[1])
    wait_for(telegram, "Wróć teraz na stronę portalu")
    enter(page, "link", "potwierdź, że to Twoje konto")
    shows(page, "Ewa Lis")
    shows(page, "Nie ma jeszcze połączonych kont")
    enter(page, "button", "Tak, połącz")
    expect(page.get_by_text("Nie ma jeszcze połączonych kont")).to_have_count(0)
    expect(page.get_by_text("Ewa Lis")).to_have_count(0)
    shows(page, "Konto jest połączone")
    wait_for(telegram, "jest połączone z Twoim kontem")
    enter(page, "button", "Odłącz Telegram")
    shows(page, "Nie ma jeszcze połączonych kont")


def test_a_link_that_nobody_opened_joins_nothing(helena: Page, system: System) -> None:
    page = helena
    page.goto(f"{system.url}/komunikatory")
    enter(page, "button", "Połącz: Telegram")
    enter(page, "link", "potwierdź, że to Twoje konto")
    expect(page.get_by_role("button", name="Tak, połącz")).to_have_count(0)
    shows(page, "Nie ma jeszcze połączonych kont")


@pytest.fixture
def document(system: System, telegram: TelegramFake, ewa: Person) -> str:
    """The address of an invoice that was asked for in Telegram."""
    ewa.say("pokaż ostatnią fakturę")
    wait_for(telegram, "Najpierw potwierdźmy")
    ewa.say(HELENA)
    wait_for(telegram, "6-cyfrowym kodem")
    ewa.say(system.latest_code(HELENA))
    return wait_for(telegram, "Pobierz PDF: ").rpartition("Pobierz PDF: ")[2]


def assert_pdf(answer: Response | None) -> None:
    assert answer is not None
    assert (answer.status, answer.header_value("content-type")) == (200, "application/pdf")


def test_a_document_is_shown_to_who_knows_the_code(page: Page, system: System, document: str) -> None:
    page.goto(document)
    shows(page, "Dokument pokazujemy po zalogowaniu albo po wpisaniu kodu")
    enter(page, "button", "Wyślij kod")
    shows(page, "Wiadomość z 6-cyfrowym kodem wysyłamy na adres e-mail zapisany w Twoich danych")
    field = page.get_by_label("Kod z wiadomości")
    reach(page, field)
    code = system.latest_code(HELENA)
    page.keyboard.type("000000" if code != "000000" else "000001")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    shows(page, "Ten kod się nie zgadza")
    reach(page, field)
    page.keyboard.press("Control+a")
    page.keyboard.type(code)
    with page.expect_navigation() as shown:
        page.keyboard.press("Enter")
    assert_pdf(shown.value)


def test_a_document_needs_no_code_of_who_is_signed_in(helena: Page, document: str) -> None:
    assert_pdf(helena.goto(document))


def test_an_altered_address_shows_nothing(page: Page, document: str) -> None:
    page.goto(document[:-12] + "A" + document[-11:])
    shows(page, "Ten odnośnik już nie działa")
