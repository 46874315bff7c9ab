"""The teaching as a trainer tries it: with single keys, with the keyboard and none of them, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import assert_accessible, needs_browser, picture
from tests.support.office import Colleague, at_work
from tests.support.system import System

pytestmark = needs_browser

QUEUE = "/biuro/nauka"
TEN = [
    "kolor godziny przeglądarka raty",
    "umowa licznik kolor zakładka",
    "licznik program adres",
    "raty program licznik kolor",
    "konto licznik hasło umowa",
    "zakładka licznik adres termin",
    "przeglądarka taryfa nota telefon",
    "korekta przyłącze login dywan",
    "odczyt aktywacja regulamin sygnatura",
    "wpłata bezpieczeństwo fotowoltaika termin",
]
WHAT_TEACHERS_PRESS = ["1", "2", "n", "s", "1", "n", "1", "2", "s", "1"]


@pytest.fixture(scope="module")
def trainer(running: System) -> Colleague:
    return at_work(running, "klara.klawisz", "trainer")


def open_queue(page: Page, system: System, trainer: Colleague, *texts: str) -> None:
    """Each of these was said and rated badly; the trainer's browser is at the queue."""
    for text in texts:
        customer = system.customer()
        seq = customer.say(text).messages[-1]["seq"]
        customer.http.post(f"{customer.place}/feedback", json={"seq": seq, "score": "down"}, timeout=10)
    sign_in(page, system, trainer)
    page.goto(f"{system.url}{QUEUE}")


def sign_in(page: Page, system: System, trainer: Colleague) -> None:
    token = trainer.http.cookies["mojbok_office"]
    page.context.add_cookies([{"name": "mojbok_office", "value": token, "url": system.url}])


def decisions(trainer: Colleague) -> list[tuple[str, str]]:
    """The topic and the purpose of each, as the console lists them."""
    page = trainer.get(f"{QUEUE}/decyzje").text
    return re.findall(r"</th>\s*<td>(.*?)</td>\s*<td>(.*?)</td>", page)


def has_focus(page: Page, group: str) -> bool:
    return bool(page.evaluate("id => document.activeElement?.id === id", group))


def test_ten_messages_are_taught_by_keyboard_alone(page: Page, system: System, trainer: Colleague) -> None:
    open_queue(page, system, trainer, *TEN)
    expect(page.locator(".lesson")).to_have_count(10)
    assert_accessible(page)
    picture(page, "office-teaching")
    page.keyboard.press("j")
    assert has_focus(page, "grupa-1")
    for key in WHAT_TEACHERS_PRESS:
        with page.expect_navigation():
            page.keyboard.press(key)
    expect(page.get_by_text("Nic nie czeka na decyzję.")).to_be_visible()
    topics = [topic for topic, _ in decisions(trainer)]
    assert len(topics) == 10
    assert topics.count("pominięto") == WHAT_TEACHERS_PRESS.count("s")
    assert topics.count("Nie dla nas") == WHAT_TEACHERS_PRESS.count("n")


def test_the_focus_stays_in_its_place_while_groups_move_up(page: Page, system: System, trainer: Colleague) -> None:
    open_queue(page, system, trainer, *TEN[:3])
    for key, place in (("j", "grupa-1"), ("j", "grupa-2"), ("j", "grupa-3"), ("j", "grupa-3"), ("k", "grupa-2")):
        page.keyboard.press(key)
        assert has_focus(page, place)
    third = page.locator("#grupa-3 h2").inner_text()
    with page.expect_navigation():
        page.keyboard.press("n")
    assert has_focus(page, "grupa-2")
    assert page.locator("#grupa-2 h2").inner_text() == third


def test_a_topic_is_chosen_from_the_list_and_marked_for_measuring(
    page: Page, system: System, trainer: Colleague
) -> None:
    open_queue(page, system, trainer, TEN[0])
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.get_by_label("Do oceny, nie do nauki")).to_be_checked()
    page.keyboard.press("/")
    expect(page.get_by_label("Inny temat albo zadanie")).to_be_focused()
    page.keyboard.type("Moje sal")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert decisions(trainer) == [("Moje saldo", "ocena")]


def test_keys_do_nothing_while_a_field_is_being_filled(page: Page, system: System, trainer: Colleague) -> None:
    open_queue(page, system, trainer, TEN[0])
    page.keyboard.press("j")
    page.keyboard.press("w")
    page.keyboard.type("ns12")
    page.wait_for_timeout(300)
    assert decisions(trainer) == []
    page.keyboard.press("Escape")
    assert has_focus(page, "grupa-1")


def test_single_keys_can_be_turned_off_for_this_tab(page: Page, system: System, trainer: Colleague) -> None:
    """WCAG 2.1.4."""
    open_queue(page, system, trainer, TEN[0])
    page.get_by_label("Pojedyncze klawisze działają").uncheck()
    page.reload()
    expect(page.get_by_label("Pojedyncze klawisze działają")).not_to_be_checked()
    page.locator("#grupa-1").focus()
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert decisions(trainer) == []
    page.get_by_label("Pojedyncze klawisze działają").check()
    page.locator("#grupa-1").focus()
    with page.expect_navigation():
        page.keyboard.press("n")
    assert decisions(trainer) == [("Nie dla nas", "nauka")]


def test_keys_with_control_or_alt_are_left_to_the_browser(page: Page, system: System, trainer: Colleague) -> None:
    open_queue(page, system, trainer, TEN[0])
    page.keyboard.press("j")
    for chord in ("Control+s", "Alt+n", "Meta+1"):
        page.keyboard.press(chord)
    page.wait_for_timeout(300)
    assert decisions(trainer) == []


def test_the_question_mark_leads_to_the_list_of_keys(page: Page, system: System, trainer: Colleague) -> None:
    open_queue(page, system, trainer, TEN[0])
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Klawisze")).to_be_focused()


def test_decisions_and_export_are_accessible_and_can_be_taken_back(
    page: Page, system: System, trainer: Colleague
) -> None:
    open_queue(page, system, trainer, *TEN[:2])
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("1")
    page.get_by_role("link", name="Decyzje", exact=True).click()
    assert_accessible(page)
    picture(page, "office-teaching-lessons")
    page.get_by_role("button", name="Cofnij").click()
    expect(page.get_by_role("status")).to_contain_text("znów czeka na decyzję")
    page.get_by_role("link", name="Eksport", exact=True).click()
    assert_accessible(page)
    picture(page, "office-teaching-export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Pobierz plik").click()
    assert download.value.suggested_filename.endswith("-nauka.yml")


@pytest.fixture
def plain_page(browser: Browser, system: System) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def test_without_scripts_the_forms_do_the_same(plain_page: Page, system: System, trainer: Colleague) -> None:
    page = plain_page
    open_queue(page, system, trainer, TEN[0])
    expect(page.get_by_role("heading", name="Klawisze")).to_be_hidden()
    page.get_by_label("Inny temat albo zadanie").select_option(label="Moje saldo")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_role("status")).to_contain_text("Zapisano")
    assert decisions(trainer) == [("Moje saldo", "nauka")]


def test_on_a_narrow_screen_nothing_runs_over_the_edge(page: Page, system: System, trainer: Colleague) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    open_queue(page, system, trainer, "Konstantynopolitańczykowianeczka" * 6 + " licznik")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert_accessible(page)
    picture(page, "office-teaching-narrow")
