"""Forms, headers, other people's numbers, and what is not as expected (OWASP ASVS 5.0, V1 to V5, V8, V14)."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable

import pytest
import requests

from tests.security.conftest import PASSWORD
from tests.security.test_authentication import HELENA, KAZIMIERZ
from tests.support.pictures import PDF, picture
from tests.support.system import System, Visitor

SignIn = Callable[[str, str], Visitor]
HUGE = "Ż" * 5_000_000
PNG = picture()
TICKET = {"rodzaj": "query", "temat": "Pytanie", "tresc-zgloszenia": "Proszę o odpowiedź."}

PUBLIC_FORMS = {
    "/logowanie": {"login": "kjez", "haslo": "x"},
    "/rejestracja": {"numer": "1", "klient": "K1", "email": "a@b.example", "regulamin": "tak"},
    "/nie-pamietam-hasla": {"login": "kjez"},
    "/nie-pamietam-loginu": {"email": KAZIMIERZ},
    "/haslo-jednorazowe/abc": {"kod": "x"},
    "/nowe-haslo/abc": {"nowe": PASSWORD, "powtorz": PASSWORD},
    "/aktywacja/abc": {"nowe": PASSWORD, "powtorz": PASSWORD},
    "/nowy-email/abc": {"x": "x"},
}
OWN_FORMS = {
    "/regulamin/zgoda": {"regulamin": "tak"},
    "/moje-dane/haslo": {"haslo": PASSWORD, "nowe": "zupełnie inne", "powtorz": "zupełnie inne"},
    "/moje-dane/email": {"haslo": PASSWORD, "email": "nowy@poczta.example"},
    "/moje-dane/telefon": {"haslo": PASSWORD, "telefon": "600700800"},
    "/moje-dane/login": {"haslo": PASSWORD, "login": "nowy.login"},
    "/moje-dane/zgody": {"haslo": PASSWORD, "zgoda_email": "tak"},
    "/zgloszenia/nowe": TICKET,
    "/wyloguj": {"x": "x"},
}
PAGES = ("/", "/logowanie", "/pulpit", "/faktury", "/umowy", "/punkty-poboru", "/zuzycie", "/moje-dane", "/zgloszenia")


def rows_of(system: System, kind: str) -> list[dict[str, str]]:
    with (system.data_dir / "demo" / f"{kind}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def letters_and_effects(system: System) -> tuple[int, object]:
    return len(system.mails()), requests.get(f"{system.url}/dev/effects", timeout=10).json()


@pytest.mark.parametrize("origin", ["https://zla.example", "null", None, "http://127.0.0.1.zla.example"])
def test_v3_5_1_a_post_that_another_site_caused_is_refused_and_does_nothing(
    system: System, with_password: SignIn, origin: str | None
) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    before = letters_and_effects(system), visitor.get("/moje-dane").text
    headers = {"Origin": origin} if origin else {}
    for path, form in (PUBLIC_FORMS | OWN_FORMS).items():
        answer = visitor.http.post(f"{system.url}{path}", data=form, headers=headers, timeout=10)
        assert answer.status_code == 403, path
    assert (letters_and_effects(system), visitor.get("/moje-dane").text) == before


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/xml", "nonsens"])
def test_v3_5_2_a_post_that_is_no_form_is_refused(system: System, with_password: SignIn, content_type: str) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    before = letters_and_effects(system)
    for path in PUBLIC_FORMS | OWN_FORMS:
        body = "login=kjez&email=nowy@poczta.example&haslo=x"
        answer = visitor.post(path, data=body, headers={"Content-Type": content_type})
        assert answer.status_code == 415, path
    assert letters_and_effects(system) == before


def test_v3_5_3_opening_a_link_changes_nothing(system: System, with_password: SignIn) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    for path, form in OWN_FORMS.items():
        visitor.get(path, params=form)
    assert system.mails("nowy@poczta.example") == []
    assert "Aktualne saldo" in visitor.get("/pulpit").text


@pytest.mark.parametrize(
    "there",
    ["https://zla.example", "//zla.example", "/\\zla.example", "javascript:alert(1)", "/pulpit\r\nX: 1", "zla.example"],
)
def test_v3_7_2_after_signing_in_nobody_is_sent_elsewhere(system: System, with_password: SignIn, there: str) -> None:
    with_password("kjez", KAZIMIERZ)
    visitor = system.browser()
    form = {"login": "kjez", "haslo": PASSWORD, "dalej": there}
    answer = visitor.post("/logowanie", data=form, allow_redirects=False)
    assert answer.headers.get("location", "/pulpit") == "/pulpit"
    shown = visitor.get("/logowanie", params={"dalej": there}).text
    assert "zla.example" not in shown


@pytest.mark.parametrize("wanted", ["/faktury?niezaplacone=tak&rok=2026", "/umowy/umowa?numer=U/K0000102/1"])
def test_who_is_sent_to_sign_in_comes_back_to_the_page_that_was_wanted(
    system: System, with_password: SignIn, wanted: str
) -> None:
    with_password("kjez", KAZIMIERZ)
    visitor = system.browser()
    page = visitor.get(wanted)
    there = re.findall(r'name="dalej" value="([^"]*)"', page.text)[0].replace("&amp;", "&")
    answer = visitor.post("/logowanie", data={"login": "kjez", "haslo": PASSWORD, "dalej": there})
    assert answer.url.endswith(wanted)
    assert answer.status_code == 200


def test_v8_2_2_somebody_elses_numbers_look_like_numbers_that_are_not_there(system: System) -> None:
    stranger = "K0000101"
    contracts = [row["contract_no"] for row in rows_of(system, "contracts") if row["customer_no"] == stranger]
    document = next(row["document_no"] for row in rows_of(system, "documents") if row["customer_no"] == stranger)
    ppe = next(row["ppe"] for row in rows_of(system, "delivery_points") if row["contract_no"] in contracts)
    owner, visitor = system.signed_in(HELENA), system.signed_in(KAZIMIERZ)
    files = {"plik": ("a.pdf", PDF, "application/pdf")}
    thread = owner.post("/zgloszenia/nowe", data=TICKET, files=files)
    ticket = re.findall(r"Z/\d{4}/\d{8}", thread.text)[0]
    file_id = re.findall(r"/zgloszenia/plik/(\d+)", thread.text)[0]
    for path, name, theirs, nobodys in (
        ("/faktury/dokument", "numer", document, "FV/0000/00/000000"),
        ("/faktury/pdf", "numer", document, "FV/0000/00/000000"),
        ("/umowy/umowa", "numer", contracts[0], "U/nie-ma"),
        ("/punkty-poboru/punkt", "ppe", ppe, "590000000000000017"),
        ("/zuzycie", "ppe", ppe, "590000000000000017"),
        ("/zgloszenia/zgloszenie", "numer", ticket, "Z/2026/00000000"),
    ):
        assert owner.get(path, params={name: theirs}).status_code == 200, path
        answers = [visitor.get(path, params={name: value}) for value in (theirs, nobodys)]
        assert [answer.status_code for answer in answers] == [404, 404], path
        assert answers[0].text == answers[1].text
        assert answers[0].headers.keys() == answers[1].headers.keys()
    assert owner.get(f"/zgloszenia/plik/{file_id}").content == PDF
    files_found = [visitor.get(f"/zgloszenia/plik/{number}") for number in (file_id, "999999")]
    assert [answer.status_code for answer in files_found] == [404, 404]
    assert files_found[0].text == files_found[1].text
    for number in (ticket, "Z/2026/00000000"):
        answer = visitor.post("/zgloszenia/zgloszenie", params={"numer": number}, data={"odpowiedz": "obca"})
        assert answer.status_code == 404
    assert "obca" not in owner.get("/zgloszenia/zgloszenie", params={"numer": ticket}).text


def test_an_unsigned_contract_and_its_points_are_not_shown(system: System) -> None:
    unsigned = [row for row in rows_of(system, "contracts") if row["status"] == "unsigned"]
    owners = {row["customer_no"]: row["email"] for row in rows_of(system, "customers")}
    assert unsigned
    visitor = system.signed_in(owners[unsigned[0]["customer_no"]])
    assert unsigned[0]["contract_no"] not in visitor.get("/umowy").text
    assert visitor.get("/umowy/umowa", params={"numer": unsigned[0]["contract_no"]}).status_code == 404


@pytest.mark.parametrize("path", sorted(PUBLIC_FORMS | OWN_FORMS))
def test_v2_2_1_ten_megabytes_in_any_field_get_an_ordinary_answer(
    system: System, with_password: SignIn, path: str
) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    form = (PUBLIC_FORMS | OWN_FORMS)[path]
    for name in form:
        # The form of a large text is in parts: letters of a plain form would take three bytes each.
        answer = visitor.post(path, data=form | {name: HUGE}, files={"x": ("x", b"", "text/plain")})
        assert answer.status_code in (200, 400, 403, 404, 410, 413), (path, name)
        assert HUGE[:100] not in answer.text
        assert "przepraszamy" not in answer.text.lower()
        if path == "/wyloguj":
            break
    assert requests.get(f"{system.url}/livez", timeout=10).status_code == 200
    assert "failed" not in system.log()


@pytest.mark.parametrize("bad", ["\x00", "a\x00b", "a\x1bb", "\ue000a", "a\u2028b", "a\nb"])
def test_v2_2_1_control_characters_are_told_apart(system: System, bad: str) -> None:
    for path, name in (("/nie-pamietam-hasla", "login"), ("/rejestracja", "klient"), ("/logowanie", "login")):
        answer = system.browser().post(path, data=PUBLIC_FORMS[path] | {name: bad})
        assert answer.status_code == 400, path
        assert "nie można użyć" in answer.text
    assert system.mails() == []


@pytest.mark.parametrize(
    "email",
    [
        f"{HELENA}\r\nBcc: obcy@zly.example",
        f"{HELENA}\nSubject: inny",
        f"{HELENA}%0aBcc:obcy@zly.example",
        f"{HELENA},obcy@zly.example",
        f'"{HELENA}"@zly.example',
        "obcy@zly.example\x00@poczta.example",
    ],
)
def test_v1_3_11_an_address_brings_no_headers_and_no_other_recipient(
    system: System, with_password: SignIn, email: str
) -> None:
    visitor = with_password("kjez", KAZIMIERZ)
    before = len(system.mails())
    forms = {
        "/nie-pamietam-loginu": {"email": email},
        "/rejestracja": PUBLIC_FORMS["/rejestracja"] | {"email": email},
        "/moje-dane/email": {"email": email, "haslo": PASSWORD},
    }
    for path, form in forms.items():
        assert visitor.post(path, data=form).status_code == 400, path
    assert len(system.mails()) == before


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"])
def test_v1_2_1_what_is_typed_is_shown_as_text(system: System, typed: str) -> None:
    visitor = system.signed_in(KAZIMIERZ)
    page = visitor.post("/zgloszenia/nowe", data=TICKET | {"temat": typed, "tresc-zgloszenia": typed})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", page.text)[0]
    wrong = system.browser().post("/nie-pamietam-loginu", data={"email": typed})
    assert "<script>alert" not in wrong.text
    assert "<img" not in wrong.text


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("umowa.pdf", b"<html><script>alert(1)</script>", 415),
        ("wirus.exe", b"MZ\x90", 415),
        ("obraz.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415),
        ("zdjecie.png", PNG[:30], 415),
        ("duzy.pdf", PDF + b"x" * (10 * 1024 * 1024), 413),
    ],
)
def test_v5_2_1_and_2_files_are_told_by_size_and_content(
    system: System, name: str, content: bytes, status: int
) -> None:
    visitor = system.signed_in(KAZIMIERZ)
    page = visitor.post("/zgloszenia/nowe", data=TICKET, files={"plik": (name, content, "application/pdf")})
    assert page.status_code == 400
    sentence = "za duży" if status == 413 else "otworzyć tego zdjęcia" if name == "zdjecie.png" else "tylko plik PDF"
    assert sentence in page.text
    assert requests.get(f"{system.url}/dev/effects", timeout=10).json()["documents"] == []


def test_v5_2_4_a_ticket_takes_five_files(system: System) -> None:
    visitor = system.signed_in(KAZIMIERZ)
    thread = visitor.post("/zgloszenia/nowe", data=TICKET)
    for number in range(6):
        files = {"plik": (f"{number}.png", PNG, "image/png")}
        answer = visitor.post(thread.url.removeprefix(system.url), data={"odpowiedz": ""}, files=files)
    assert "najwyżej 5 plików" in answer.text
    assert len(requests.get(f"{system.url}/dev/effects", timeout=10).json()["documents"]) == 5


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\okna\\a.pdf", 'a".pdf\r\nX-Zly: 1', "żółć <b>.pdf", "a" * 500, ".pdf"]
)
def test_v5_4_2_names_of_files_do_no_harm(system: System, name: str) -> None:
    visitor = system.signed_in(KAZIMIERZ)
    thread = visitor.post("/zgloszenia/nowe", data=TICKET, files={"plik": (name, PDF, "application/pdf")})
    assert thread.status_code == 200
    (kept,) = requests.get(f"{system.url}/dev/effects", timeout=10).json()["documents"]
    assert re.fullmatch(r"[^/\\<>\"\r\n]{1,125}\.pdf", kept["name"])
    path = re.findall(r"/zgloszenia/plik/\d+", thread.text)[0]
    answer = visitor.get(path)
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x-zly" not in answer.headers


def test_v3_4_3_to_6_every_page_tells_browsers_to_be_strict(system: System) -> None:
    visitor = system.signed_in(KAZIMIERZ)
    for path in (*PAGES, "/nie-ma-takiej", "/faktury/dokument?numer=x"):
        headers = visitor.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "base-uri 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_v14_3_2_what_is_personal_is_never_cached(system: System) -> None:
    visitor = system.signed_in(KAZIMIERZ)
    document = next(row["document_no"] for row in rows_of(system, "documents") if row["customer_no"] == "K0000102")
    for path in (*PAGES, f"/faktury/pdf?numer={document}", f"/faktury/dokument?numer={document}"):
        assert "no-store" in visitor.get(path).headers["cache-control"], path


def test_v3_4_2_no_other_origin_may_read_the_portal(system: System) -> None:
    visitor = system.signed_in(KAZIMIERZ)
    answer = visitor.http.get(f"{system.url}/pulpit", headers={"Origin": "https://zla.example"}, timeout=10)
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
