"""Files sent into a conversation: told by content, taken once, and put on the ticket they belong to."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import requests

from tests.support.pictures import PDF_BOMB, photo, picture, png_bomb
from tests.support.system import Customer, Reply, System

HELENA = "helena.mroz@poczta.example"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def send(
    customer: Customer, content: bytes, name: str = "skan.pdf", client_id: str | None = None, **headers: str
) -> requests.Response:
    return customer.http.post(
        f"{customer.place}/attachments",
        data={"client_id": client_id or str(uuid.uuid4())},
        files={"file": (name, content)},
        headers=headers,
        timeout=60,
    )


def attach(customer: Customer, content: bytes = PDF, name: str = "skan.pdf") -> Reply:
    answer = send(customer, content, name)
    assert answer.status_code == 202, answer.text
    return customer.read_until_answered(answer.json()["seq"])


def effects(system: System, kind: str) -> list[dict[str, Any]]:
    return list(requests.get(f"{system.url}/dev/effects", timeout=10).json()[kind])


def test_files_go_to_the_ticket_that_is_being_written(system: System) -> None:
    helena = system.identified(HELENA)
    helena.say("chcę wysłać dokumenty do biura")
    assert "Plik jest dołączony" in attach(helena).text
    attach(helena, picture("PNG"), "licznik.exe")
    assert effects(system, "documents") == []
    helena.say("gotowe")
    assert "Pliki: 2" in helena.history()[-2]["text"]
    helena.say("tak")
    number = effects(system, "tickets")[0]["ticket_no"]
    assert effects(system, "documents") == [
        {"ticket_no": number, "name": "skan.pdf", "mime": "application/pdf"},
        {"ticket_no": number, "name": "licznik.exe.png", "mime": "image/png"},
    ]


def test_a_file_without_a_ticket_is_asked_about(system: System) -> None:
    helena = system.identified(HELENA)
    assert "Możemy utworzyć nowe" in attach(helena).text
    helena.say("Nowe zgłoszenie")
    helena.say("Dokumenty")
    helena.say("pełnomocnictwo syna")
    helena.say("gotowe")
    helena.say("tak")
    again = attach(helena, PDF, "drugi.pdf")
    assert "Do którego zgłoszenia" in again.text
    helena.choose(again.choice(again.titles[0]))
    helena.say("gotowe")
    assert "Dodane" in helena.say("tak").text
    assert [file["name"] for file in effects(system, "documents")] == ["skan.pdf", "drugi.pdf"]
    assert len(effects(system, "tickets")) == 1


def test_a_stranger_may_send_a_file_with_a_new_ticket(system: System) -> None:
    customer = system.customer()
    reply = attach(customer)
    customer.choose(reply.choice("Nowe zgłoszenie"))
    for words in ("Dokumenty", "ewa.obca@poczta.example", "prywatnie", "umowa najmu", "gotowe", "tak"):
        customer.say(words)
    assert effects(system, "documents")[0]["ticket_no"] == effects(system, "tickets")[0]["ticket_no"]


def test_a_sixth_file_is_not_taken_and_it_is_said(system: System) -> None:
    helena = system.identified(HELENA)
    helena.say("chcę wysłać dokumenty do biura")
    for number in range(5):
        attach(helena, PDF, f"{number}.pdf")
    assert "najwyżej 5 plików" in attach(helena, PDF, "6.pdf").text
    helena.say("gotowe")
    helena.say("tak")
    assert len(effects(system, "documents")) == 5


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"MZ\x90\x00 a program", "umowa.pdf", 415),
        (b"<svg onload=alert(1)>", "obraz.png", 415),
        (b"\x89PNG\r\n\x1a\n but nothing else", "licznik.png", 415),
        (b"PK\x03\x04" + b"0" * 1000, "paczka.pdf", 415),
        (b"%PDF-1.7" + b"0" * 10_485_760, "duzy.pdf", 413),
        (b"%PDF-1.7" + b"0" * 60_000_000, "ogromny.pdf", 413),
    ],
    ids=["program", "svg", "broken png", "zip", "over 10 MB", "60 MB"],
)
def test_what_is_not_taken_is_answered_with_a_sentence(system: System, content: bytes, name: str, status: int) -> None:
    customer = system.customer()
    answer = send(customer, content, name)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["detail"][0].isupper()
    assert customer.say("dzień dobry").messages


def test_a_pdf_that_would_unpack_to_very_much_is_kept_packed(system: System) -> None:
    customer = system.customer()
    assert "Plik dotarł" in attach(customer, PDF_BOMB, "bomba.pdf").text


def test_a_picture_of_too_many_pixels_is_not_opened(system: System) -> None:
    answer = send(system.customer(), png_bomb(20_000), "bomba.png")
    assert answer.status_code == 413
    assert "pikseli" in answer.json()["detail"]


def test_a_picture_loses_where_it_was_taken(system: System) -> None:
    visitor = system.signed_in(HELENA)
    opened = visitor.http.post(
        f"{system.url}/api/chat/conversations", json={}, headers={"Origin": system.url}, timeout=10
    ).json()
    helena = Customer(system.url, seq=opened["events"][-1]["seq"])
    helena.id, helena.token = opened["conversation"], opened["token"]
    helena.http.headers["Authorization"] = f"Bearer {helena.token}"
    helena.say("chcę wysłać dokumenty do biura")
    attach(helena, photo("Kazimierz"), "licznik.jpg")
    helena.say("gotowe")
    helena.say("tak")
    page = visitor.http.get(f"{system.url}/zgloszenia", timeout=10)
    number = effects(system, "tickets")[0]["ticket_no"]
    assert number in page.text
    thread = visitor.http.get(f"{system.url}/zgloszenia/zgloszenie", params={"numer": number}, timeout=10).text
    address = thread.split('href="/zgloszenia/plik/')[1].split('"')[0]
    content = visitor.http.get(f"{system.url}/zgloszenia/plik/{address}", timeout=10).content
    assert content.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in content
    assert b"Kazimierz" not in content


def test_the_same_file_under_the_same_id_is_taken_once(system: System) -> None:
    customer, client_id = system.customer(), str(uuid.uuid4())
    first, again = (send(customer, PDF, client_id=client_id) for _ in range(2))
    assert first.json() == again.json()
    assert send(customer, PDF + b" ", client_id=client_id).status_code == 409
    customer.read_until_answered(first.json()["seq"])
    assert len([e for e in customer.history() if e["type"] == "message" and e["from"] == "customer"]) == 1


@pytest.mark.parametrize(
    ("data", "files", "status"),
    [
        ({"client_id": "nie-uuid"}, {"file": ("a.pdf", PDF)}, 400),
        ({}, {"file": ("a.pdf", PDF)}, 400),
        ({"client_id": str(uuid.uuid4())}, {"plik": ("a.pdf", PDF)}, 400),
        ({"client_id": str(uuid.uuid4())}, {"file": ("a.pdf", b"")}, 400),
        ({"client_id": str(uuid.uuid4()), "sender": "x"}, {"file": ("a.pdf", PDF)}, 400),
        ({"client_id": str(uuid.uuid4())}, None, 415),
    ],
)
def test_a_form_that_is_not_as_expected(system: System, data: dict[str, str], files: Any, status: int) -> None:
    customer = system.customer()
    answer = customer.http.post(f"{customer.place}/attachments", data=data, files=files, timeout=10)
    assert answer.status_code == status
    assert "detail" in answer.json()


def test_a_strangers_token_sends_nothing(system: System) -> None:
    customer = system.customer()
    assert send(customer, PDF, Authorization="Bearer nobody").status_code == 404


def test_the_name_of_a_file_stays_out_of_what_is_stored(system: System) -> None:
    customer = system.customer()
    attach(customer, PDF, "Jan Niepoprawny umowa.pdf")
    assert "Niepoprawny" not in system.stored()
