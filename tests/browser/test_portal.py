"""The portal as a new user tries it: register, look around, forget, come back; mouse, keyboard, without scripts."""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.mail import letters
from backend.mail.schemas import LetterText
from tests.support.browser import assert_accessible, needs_browser, picture
from tests.support.pictures import picture as made_picture
from tests.support.system import System
from tests.support.visitor import link_in, one_time_password_in

pytestmark = needs_browser

CELINA, KAZIMIERZ, HELENA = "celina.cwik@poczta.example", "kazimierz.jez@poczta.example", "helena.mroz@poczta.example"
FIRST, SECOND = "zielony rower pod oknem", "trzy żółte parasole"
TABS = ("Pulpit", "Faktury", "Umowy", "Punkty poboru", "Zużycie", "Moje dane", "Zgłoszenia")
PUBLIC = ("/", "/logowanie", "/rejestracja", "/rejestracja/wyslano", "/nie-pamietam-hasla", "/nie-pamietam-loginu")
ALSO_PUBLIC = (
    "/nie-pamietam-loginu/wyslano",
    "/regulamin",
    "/regulamin/zgoda",
    "/dane-osobowe",
    "/aktywacja/nie-ma",
    "/nie-ma-takiej",
)
SIGNED_IN = (
    "/pulpit",
    "/faktury",
    "/faktury?rok=1999",
    "/faktury/wplaty",
    "/umowy",
    "/punkty-poboru",
    "/zuzycie",
    "/moje-dane",
    "/moje-dane/haslo",
    "/moje-dane/email",
    "/moje-dane/telefon",
    "/moje-dane/login",
    "/moje-dane/zgody",
    "/zgloszenia",
    "/zgloszenia/nowe",
    "/komunikatory",
)
Fill = Callable[[Page, dict[str, str]], None]


def pesel_of(system: System, customer_no: str) -> str:
    with (system.data_dir / "demo" / "customers.csv").open(encoding="utf-8") as file:
        return next(row["pesel"] for row in csv.DictReader(file) if row["customer_no"] == customer_no)


def by_mouse(page: Page, fields: dict[str, str]) -> None:
    """Fills the fields of the page's form and presses its button; "tak" ticks."""
    for label, value in fields.items():
        field = page.get_by_label(label, exact=True)
        if value == "tak":
            field.check()
        else:
            field.fill(value)
    page.locator("main form button").first.click()


def by_keyboard(page: Page, fields: dict[str, str]) -> None:
    """The same with nothing but the keyboard: Tab to each field, type, Enter."""
    for label, value in fields.items():
        wanted = page.get_by_label(label, exact=True)
        reach(page, wanted.get_attribute("id") or "")
        if value == "tak":
            page.keyboard.press("Space")
        else:
            page.keyboard.press("Control+a")
            page.keyboard.type(value)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def reach(page: Page, id_: str) -> None:
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == id_:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {id_}")


def follow(page: Page, words: str) -> None:
    """Follows a link by the keyboard."""
    for _ in range(60):
        if page.evaluate("document.activeElement.textContent").strip() == words:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {words}")


def by_click(page: Page, words: str) -> None:
    page.get_by_role("link", name=words, exact=True).first.click()


def press_out(page: Page) -> None:
    page.get_by_role("button", name="Wyloguj", exact=True).click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


def journey(page: Page, system: System, fill: Fill, follow: Callable[[Page, str], None]) -> None:
    """Everything that the issue of a portal is about, in the order in which it happens to a new customer."""
    page.goto(system.url)
    follow(page, "Zarejestruj się")
    pesel = pesel_of(system, "K0000109")
    asked = {"PESEL albo NIP": pesel, "Numer klienta": "K0000109", "Adres e-mail": CELINA}
    fill(page, asked | {"Akceptuję Regulamin serwisu mojBOK": "tak"})
    heading(page, "Sprawdź skrzynkę e-mail")
    page.goto(system.url + link_in(system.mails(CELINA)[-1]))
    fill(page, {"Nowe hasło": FIRST, "Powtórz nowe hasło": FIRST})
    expect(page.get_by_text("Konto jest aktywne")).to_be_visible()

    fill(page, {"Login": pesel, "Hasło": FIRST})
    heading(page, "Dzień dobry!")
    expect(page.get_by_text("43,21 zł").first).to_be_visible()
    for tab in TABS:
        follow(page, tab)
        expect(page.locator("nav [aria-current]")).to_have_text(tab)
        assert_accessible(page)
    press_out(page)
    expect(page.get_by_text("Wylogowano")).to_be_visible()

    follow(page, "Nie pamiętasz hasła?")
    fill(page, {"Login": pesel})
    fill(page, {"Hasło jednorazowe": one_time_password_in(system.mails(CELINA)[-1])})
    fill(page, {"Nowe hasło": SECOND, "Powtórz nowe hasło": SECOND})
    expect(page.get_by_text("Nowe hasło jest ustawione")).to_be_visible()
    fill(page, {"Login": pesel, "Hasło": SECOND})
    heading(page, "Dzień dobry!")
    press_out(page)

    follow(page, "Nie pamiętasz nazwy użytkownika?")
    fill(page, {"Adres e-mail": CELINA})
    heading(page, "Sprawdź skrzynkę e-mail")
    assert "Loginem jest Twój numer PESEL" in system.mails(CELINA)[-1]["text"]
    follow(page, "Wróć do logowania")
    fill(page, {"Login": pesel, "Hasło": SECOND})
    heading(page, "Dzień dobry!")
    press_out(page)
    expect(page.get_by_text("Wylogowano")).to_be_visible()


def test_a_new_user_registers_looks_around_forgets_and_comes_back(page: Page, system: System) -> None:
    journey(page, system, by_mouse, by_click)


def test_a_keyboard_alone_does_all_of_it(page: Page, system: System) -> None:
    journey(page, system, by_keyboard, follow)


def test_it_works_without_scripts(browser: Browser, system: System) -> None:
    context = browser.new_context(java_script_enabled=False, locale="pl-PL")
    page = context.new_page()
    page.goto(f"{system.url}/nie-pamietam-hasla")
    by_mouse(page, {"Login": "kjez"})
    by_mouse(page, {"Hasło jednorazowe": one_time_password_in(system.mails(KAZIMIERZ)[-1])})
    by_mouse(page, {"Nowe hasło": FIRST, "Powtórz nowe hasło": FIRST})
    by_mouse(page, {"Login": "kjez", "Hasło": FIRST})
    heading(page, "Regulamin serwisu mojBOK")
    by_mouse(page, {"Akceptuję Regulamin serwisu mojBOK": "tak"})
    heading(page, "Dzień dobry!")
    by_click(page, "Faktury")
    page.get_by_label("Tylko niezapłacone").check()
    page.get_by_role("button", name="Pokaż").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    context.close()


def test_axe_finds_nothing_on_any_public_page(page: Page, system: System) -> None:
    for path in (*PUBLIC, *ALSO_PUBLIC):
        page.goto(system.url + path)
        assert_accessible(page)


def sign_in(page: Page, system: System, email: str) -> None:
    answer = page.request.post(f"{system.url}/dev/login", data={"email": email}, headers={"Origin": system.url})
    assert answer.status == 204


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_behind_the_sign_in_and_nothing_sticks_out(page: Page, system: System, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, system, KAZIMIERZ)
    for path in SIGNED_IN:
        page.goto(system.url + path)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_details_lead_on_and_are_accessible(page: Page, system: System) -> None:
    sign_in(page, system, KAZIMIERZ)
    for path, first in (
        ("/faktury", "Faktura FV"),
        ("/umowy", "Umowa U"),
        ("/punkty-poboru", ""),
    ):
        page.goto(system.url + path)
        page.locator("main").get_by_role("link", name=re.compile(f"^{first}")).first.click()
        expect(page.locator("dl.facts").first).to_be_visible()
        assert_accessible(page)


def test_errors_are_told_beside_their_fields_and_what_was_typed_stays(page: Page, system: System) -> None:
    page.goto(f"{system.url}/rejestracja")
    by_mouse(page, {"PESEL albo NIP": "12", "Adres e-mail": "nie adres"})
    expect(page.get_by_role("alert")).to_contain_text("Coś trzeba poprawić")
    expect(page.get_by_label("Adres e-mail", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("PESEL albo NIP")).to_have_value("12")
    assert page.title().startswith("Błąd: ")
    assert_accessible(page)


EVERY_LETTER = [
    letters.identity_code("123456", 10, "Firma"),
    letters.activation("https://bok.example/aktywacja/abc", "Firma"),
    letters.account_exists("PESEL", "https://bok.example/a", "Firma"),
    letters.one_time_password("XG1D1-9KXAS", "https://bok.example/a", 10, "Firma"),
    letters.which_account("https://bok.example/a", "Firma"),
    letters.login_reminder([("101", "hmroz"), ("102", "NIP")], "https://bok.example/a", "Firma"),
    letters.new_email("https://bok.example/a", "Firma"),
    letters.email_changed("tel. 1", "Firma"),
    letters.password_changed("tel. 1", "Firma"),
    letters.login_changed("tel. 1", "Firma"),
    letters.ticket_opened("Z/2026/00000001", "Reklamacja", "https://bok.example/a", "Firma"),
    letters.ticket_number("Z/2026/00000001", "Firma"),
    letters.ticket_answered("Z/2026/00000001", "https://bok.example/a", "Firma"),
    letters.ticket_answer("Z/2026/00000001", "Pierwsza\nDruga", "Firma"),
    letters.office_ticket("Z/2026/00000001", [("Klient", "K1")], "Pierwsza\nDruga", "Klient: dzień dobry", "Firma"),
    letters.office_answer("Z/2026/00000001", "Pierwsza\nDruga", "Firma"),
    letters.office_handed_over("Z/2026/00000001", [("Klient", "K1")], "Pierwsza\nDruga", "Firma"),
    letters.office_callback("T/2026/00000001", [("Telefon", "+48500000001")], "Firma"),
]


@pytest.mark.parametrize("letter", EVERY_LETTER, ids=lambda letter: letter.subject)
def test_a_letter_is_accessible_says_the_same_twice_and_has_no_secret_in_its_subject(
    browser: Browser, letter: LetterText
) -> None:
    page = browser.new_page(locale="pl-PL")
    page.set_content(letter.html)
    assert_accessible(page)
    shown = page.locator("main").inner_text()
    for paragraph in letter.text.strip().split("\n\n"):
        assert paragraph in shown
    assert not re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}|(?<!\d)\d{6}(?!\d)|http", letter.subject)
    page.close()


def test_every_letter_is_looked_at() -> None:
    made = [name for name in vars(letters) if inspect.isfunction(vars(letters)[name]) and not name.startswith("_")]
    assert len(made) == len(EVERY_LETTER)


def test_a_filter_changes_the_list_in_place_and_stands_in_the_address(page: Page, system: System) -> None:
    sign_in(page, system, KAZIMIERZ)
    page.goto(f"{system.url}/faktury")
    page.evaluate("window.same = true")
    page.get_by_label("Tylko niezapłacone").check()
    page.get_by_role("button", name="Pokaż").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert "niezaplacone=tak" in page.url
    assert page.evaluate("window.same")
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_the_assistant_on_a_portal_page_knows_who_is_signed_in_until_signing_out(page: Page, system: System) -> None:
    sign_in(page, system, HELENA)
    page.goto(f"{system.url}/pulpit")
    page.get_by_role("button", name="Zapytaj asystenta").click()
    log = page.locator("mojbok-chat .log")
    expect(log.get_by_text("Helena Mróz")).to_be_visible()
    page.get_by_label("Twoja wiadomość").fill("ile mam do zapłaty?")
    page.keyboard.press("Enter")
    expect(log.get_by_text("Do zapłaty: 1 234,56 zł")).to_be_visible()
    expect(page.locator("mojbok-chat .status").first).to_contain_text("Tożsamość potwierdzona")
    picture(page, "asystent-w-portalu")
    page.get_by_role("button", name="Zamknij okno rozmowy").click()
    press_out(page)
    page.get_by_role("button", name="Zapytaj asystenta").click()
    expect(log.get_by_text("automatyczny asystent")).to_be_visible()
    expect(log.get_by_text("1 234,56 zł")).to_have_count(0)
    expect(log.get_by_text("Helena Mróz")).to_have_count(0)


def test_the_assistant_shows_a_chart_with_its_table_and_a_transfer_code(
    page: Page, system: System, console: list[str]
) -> None:
    sign_in(page, system, HELENA)
    page.goto(f"{system.url}/pulpit")
    page.get_by_role("button", name="Zapytaj asystenta").click()
    chat = page.locator("mojbok-chat")
    for number, question in enumerate(("zużycie za 2025", "chcę zapłacić")):
        page.get_by_label("Twoja wiadomość").fill(question)
        page.keyboard.press("Enter")
        shown = chat.locator(".log img").nth(number)
        expect(shown).to_be_visible()
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=shown.element_handle())
    expect(chat.locator("table caption")).to_have_text("Zużycie po miesiącach")
    expect(chat.locator(".log img").last).to_have_attribute("alt", re.compile("Kod QR"))
    assert_accessible(page)
    console.clear()  # axe itself tries inline styles, which the page forbids


def test_a_ticket_is_opened_answered_and_given_a_file(page: Page, system: System) -> None:
    sign_in(page, system, KAZIMIERZ)
    page.goto(f"{system.url}/zgloszenia")
    by_click(page, "Nowe zgłoszenie")
    page.get_by_label("Czego dotyczy?").select_option("complaint")
    by_mouse(page, {"Temat": "Za wysoka faktura", "Treść": "Proszę sprawdzić fakturę.\nDziękuję."})
    heading(page, "Za wysoka faktura")
    expect(page.get_by_text("Zgłoszenie zostało przyjęte")).to_be_visible()
    page.get_by_label("Wiadomość", exact=True).fill("Dołączam zdjęcie licznika.")
    photo = {"name": "licznik.png", "mimeType": "image/png", "buffer": made_picture()}
    page.get_by_label("Plik (nieobowiązkowe)").set_input_files(photo)
    page.get_by_role("button", name="Dodaj").click()
    expect(page.get_by_text("Dołączam zdjęcie licznika.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="licznik.png").click()
    assert download.value.path().read_bytes() == photo["buffer"]
    assert_accessible(page)
    by_click(page, "Zgłoszenia")
    expect(page.get_by_text("Za wysoka faktura")).to_be_visible()


def test_pictures_of_the_pages(page: Page, system: System) -> None:
    sign_in(page, system, KAZIMIERZ)
    for path, name, words in (("/faktury", "faktury", "Faktury"), ("/zuzycie", "zuzycie", "Zużycie")):
        page.goto(system.url + path)
        heading(page, words)
        picture(page, name)
