"""The transcript as a colleague uses it: by keyboard, without scripts, and with nothing for axe to find."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import assert_accessible, needs_browser, picture
from tests.support.office import Colleague, at_work, enter
from tests.support.system import Customer, System

pytestmark = needs_browser

HELENA = "helena.mroz@poczta.example"
REASON = "klient pyta, na jaki adres piszemy"


@pytest.fixture(scope="module")
def everything(running: System) -> Colleague:
    return at_work(running, "iga.przeglad", "agent", "trainer", "administrator", team="cok")


def talk(system: System) -> Customer:
    """A conversation that has a bit of everything."""
    customer = system.identified(HELENA)
    reply = customer.say("pokaż moje faktury")
    rating = {"seq": reply.messages[-1]["seq"], "score": "down", "comment": "nie o to chodziło"}
    customer.http.post(f"{customer.place}/feedback", json=rating, timeout=10)
    customer.say("qwrty zxcvb")
    customer.say("chcę rozmawiać z człowiekiem")
    return customer


def test_a_conversation_is_read_reviewed_and_a_value_is_asked_for(
    page: Page, system: System, everything: Colleague
) -> None:
    enter(page, system, everything)
    customer = talk(system)
    page.goto(f"{system.url}/biuro/rozmowy/{customer.id}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rozmowa z")
    assert_accessible(page)
    picture(page, "office-transcript")
    page.get_by_label("Nowy tag").fill("Faktury")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Dodano tag.")
    page.get_by_label("Nowa notatka").fill("Pyta o fakturę,\nmoże o korektę.")
    page.get_by_role("button", name="Zapisz notatkę").press("Enter")
    expect(page.get_by_text("może o korektę.")).to_be_visible()
    page.get_by_role("link", name="Dodaj notatkę do wiadomości").first.press("Enter")
    expect(page.get_by_label("Do wiadomości nr")).not_to_have_value("")
    page.get_by_label("Nowa notatka").fill("Tu zaczyna się kłopot.")
    page.get_by_role("button", name="Zapisz notatkę").press("Enter")
    expect(page.locator(":target")).to_contain_text("Tu zaczyna się kłopot.")
    page.get_by_role("button", name="Do wyjaśnienia").press("Enter")
    expect(page.locator(".facts")).to_contain_text("do wyjaśnienia")
    page.get_by_label("Powód zatrzymania").fill("sprawa sądowa I C 12/26")
    page.get_by_role("button", name="Zatrzymaj rozmowę").press("Enter")
    expect(page.locator(".held")).to_contain_text("I C 12/26")
    assert_accessible(page)
    picture(page, "office-transcript-reviewed")
    page.locator(".missed").last.scroll_into_view_if_needed()
    picture(page, "office-transcript-end")
    page.get_by_role("link", name="[e-mail]").first.press("Enter")
    assert_accessible(page)
    page.get_by_role("button", name="Pokaż wartość").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("To pole trzeba wypełnić.")
    assert_accessible(page)
    page.get_by_label("Dlaczego trzeba ją zobaczyć").fill(REASON)
    page.keyboard.press("Enter")
    expect(page.get_by_text(HELENA)).to_be_visible()
    assert_accessible(page)
    picture(page, "office-value")
    page.get_by_role("link", name="Wróć do rozmowy").press("Enter")
    expect(page.get_by_text(HELENA)).to_have_count(0)
    page.get_by_role("link", name="Dziennik rozmowy").press("Enter")
    expect(page.get_by_role("row").nth(1)).to_contain_text("wyświetlenie")
    expect(page.get_by_text(REASON)).to_be_visible()
    assert_accessible(page)
    picture(page, "office-acts")


def test_it_works_without_scripts_and_on_a_narrow_screen(
    browser: Browser, system: System, everything: Colleague
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="pl-PL", java_script_enabled=False)
    page = context.new_page()
    enter(page, system, everything)
    customer = talk(system)
    seq = customer.history()[0]["seq"]
    page.goto(f"{system.url}/biuro/rozmowy/{customer.id}?wiadomosc={seq}#w{seq}")
    expect(page.locator(":target")).to_contain_text("Asystent")
    picture(page, "office-transcript-narrow")
    page.get_by_role("button", name="Przejrzane").click()
    expect(page.get_by_role("status")).to_have_text("Zmieniono stan rozmowy.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Zapisz jako test").click()
    assert download.value.suggested_filename.startswith("test_k_")
    context.close()
