"""The list of conversations as a colleague uses it: by keyboard, without scripts, and with nothing for axe to find."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import assert_accessible, needs_browser, picture
from tests.support.office import Colleague, at_work, enter
from tests.support.system import System
from tests.support.waiting import until

pytestmark = needs_browser

LIST = "/biuro/rozmowy"


@pytest.fixture(scope="module")
def agent(running: System) -> Colleague:
    return at_work(running, "lidia.lista", "agent", team="cok")


def talks(system: System, agent: Colleague) -> None:
    """Some conversations of all sorts."""
    for sentence in ("Gdzie znajdę moją fakturę?", "ile kosztuje konto", "chcę rozmawiać z konsultantem"):
        system.customer().say(sentence)
    failed = system.customer()
    reply = failed.say("Faktura jest za wysoka, proszę o kontakt na jan.kowal@poczta.example " + "bo nie rozumiem " * 8)
    rating = {"seq": reply.messages[-1]["seq"], "score": "down"}
    failed.http.post(f"{failed.place}/feedback", json=rating, timeout=10)
    failed.say("w sprawie papierów")
    system.customer()
    agent.post(f"{LIST}/{failed.id}/tag", data={"tag": "wysoki rachunek"})
    agent.post(f"{LIST}/{failed.id}/stan", data={"stan": "flagged"})
    until(lambda: failed.id in agent.get(LIST, params={"tag": "wysoki rachunek", "niezrozumiane": "tak"}).text)
    until(lambda: agent.get(LIST).text.count("/biuro/rozmowy/k_") == 5)


def test_conversations_are_narrowed_by_keyboard(page: Page, system: System, agent: Colleague) -> None:
    enter(page, system, agent)
    talks(system, agent)
    page.goto(f"{system.url}{LIST}")
    expect(page.get_by_role("row")).to_have_count(6)
    assert_accessible(page)
    picture(page, "office-conversations")
    page.get_by_label("Słowa w rozmowie").focus()
    page.keyboard.type("faktury")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page).to_have_url(f"{system.url}{LIST}?szukaj=faktury")
    page.get_by_text("Więcej filtrów").press("Enter")
    page.get_by_label("Ocena").select_option("w dół")
    page.get_by_role("button", name="Pokaż").press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_label("Ocena")).to_be_visible()
    assert_accessible(page)
    picture(page, "office-conversations-narrowed")
    page.get_by_role("row").nth(1).get_by_role("link").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rozmowa z")


def test_what_is_wrong_is_said_beside_its_field(page: Page, system: System, agent: Colleague) -> None:
    enter(page, system, agent)
    page.goto(f"{system.url}{LIST}?pewnosc=200&szukaj=%25")
    expect(page.get_by_role("alert")).to_contain_text("Podaj liczbę od 0 do 100.")
    expect(page.get_by_label("Pewność do (%)")).to_have_value("200")
    assert_accessible(page)
    picture(page, "office-conversations-wrong")
    page.goto(f"{system.url}{LIST}?szukaj=nigdzie")
    expect(page.get_by_text("Nie ma rozmów, które pasują do tego wyboru.")).to_be_visible()
    assert_accessible(page)


def test_it_works_on_a_telephone_and_without_scripts(browser: Browser, system: System, agent: Colleague) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="pl-PL", java_script_enabled=False)
    page = context.new_page()
    enter(page, system, agent)
    talks(system, agent)
    page.goto(f"{system.url}{LIST}")
    picture(page, "office-conversations-phone")
    page.get_by_label("Niezrozumiane").select_option("są")
    page.get_by_role("button", name="Pokaż").click()
    expect(page.get_by_role("row")).to_have_count(2)
    context.close()
