"""A whole system on Telegram: a strict stand-in of the Bot API, real HTTP both ways, the real model."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.fakes.telegram import Person, TelegramFake
from tests.fakes.telegram_wire import Sent
from tests.support.office import at_work
from tests.support.pictures import PDF
from tests.support.pictures import picture as made_picture
from tests.support.system import ROOT, System, start
from tests.support.waiting import until

HELENA = "helena.mroz@poczta.example"
SECRET = "tajny-znak-1"
ANSWERS = ("sendMessage", "sendPhoto")


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramFake]:
    with TelegramFake() as fake:
        yield fake


@pytest.fixture(scope="module")
def whole(telegram: TelegramFake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    system = start(
        tmp_path_factory.mktemp("telegram"),
        telegram_token=telegram.token,
        telegram_secrets=f"{SECRET},tajny-znak-0",
        telegram_bot="mojbok_bot",
        telegram_url=telegram.url,
        codes_per_quarter_hour="100",
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


def answers(telegram: TelegramFake, person: Person | None = None) -> list[Sent]:
    return [one for one in telegram.sent if one.method in ANSWERS and person and one.chat_id == person.chat_id]


def wait_for(telegram: TelegramFake, person: Person, words: str, seconds: float = 30) -> Sent:
    """The message with these words, once it was sent."""
    found: list[Sent] = []

    def is_said() -> bool:
        found[:] = [one for one in answers(telegram, person) if words in (one.text or "").replace("\u00a0", " ")]
        return bool(found)

    until(is_said, lambda: f"{words!r} was not said: {[one.text for one in answers(telegram, person)]}", seconds)
    return found[0]


def webhook(system: System, update: dict[str, Any], secret: str | None = SECRET) -> requests.Response:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
    return requests.post(f"{system.url}/webhooks/telegram", json=update, headers=headers, timeout=10)


def test_the_first_answer_says_who_speaks_and_how_data_are_kept(
    system: System, telegram: TelegramFake, ewa: Person
) -> None:
    ewa.start()
    wait_for(telegram, ewa, "automatyczny asystent mojBOK")
    notice = wait_for(telegram, ewa, "/dane-osobowe")
    assert requests.get(re.findall(r"https?://\S+/dane-osobowe", notice.text or "")[0], timeout=10).status_code == 200
    ewa.say("jak założyć konto?")
    wait_for(telegram, ewa, "„Zarejestruj się”")


def test_the_balance_with_a_button_and_a_code(system: System, telegram: TelegramFake, ewa: Person) -> None:
    ewa.start()
    greeting = wait_for(telegram, ewa, "automatyczny asystent")
    ewa.press(greeting, "Moje saldo")
    wait_for(telegram, ewa, "Najpierw potwierdźmy")
    assert any(one.method == "answerCallbackQuery" for one in telegram.sent)
    ewa.say(HELENA)
    wait_for(telegram, ewa, "6-cyfrowym kodem")
    ewa.say(system.latest_code(HELENA))
    wait_for(telegram, ewa, "Do zapłaty: 1 234,56 zł")


def test_a_number_right_after_choices_means_the_one_in_that_place(
    system: System, telegram: TelegramFake, ewa: Person
) -> None:
    ewa.start()
    greeting = wait_for(telegram, ewa, "automatyczny asystent")
    titles = [button["text"] for row in greeting.body["reply_markup"]["inline_keyboard"] for button in row]
    ewa.say(str(titles.index("Kontakt") + 1))
    until(lambda: "Klient indywidualny" in str([one.body.get("reply_markup") for one in answers(telegram, ewa)]))


def test_pictures_are_uploaded_and_tables_told(system: System, telegram: TelegramFake, ewa: Person) -> None:
    identify(system, telegram, ewa)
    ewa.say("porównaj październik")
    said = wait_for(telegram, ewa, "Zużycie, październik 2026")
    assert "• październik 2026 – zużycie: " in (said.text or "")
    photo = next(one for one in answers(telegram, ewa) if one.method == "sendPhoto")
    assert photo.files["photo"].content.startswith(b"\x89PNG")


def identify(system: System, telegram: TelegramFake, person: Person) -> None:
    person.say("ile mam do zapłaty?")
    wait_for(telegram, person, "Najpierw potwierdźmy")
    person.say(HELENA)
    wait_for(telegram, person, "6-cyfrowym kodem")
    person.say(system.latest_code(HELENA))
    wait_for(telegram, person, "Do zapłaty: 1 234,56 zł")


@pytest.mark.parametrize("secret", ["", None, "inny", f"{SECRET}x"])
def test_a_forged_call_is_refused_and_counted(system: System, telegram: TelegramFake, secret: str | None) -> None:
    assert webhook(system, {"update_id": 1}, secret).status_code == 403
    assert "telegram forged" in system.stored()


def test_either_secret_is_good_while_one_replaces_the_other(system: System) -> None:
    assert webhook(system, {"update_id": 1}, "tajny-znak-0").status_code == 200


@pytest.mark.parametrize(
    "update",
    [
        {},
        [],
        {"update_id": "x", "message": 7},
        {"update_id": 2, "message": {"chat": {}}},
        {"update_id": 3, "poll": {"id": "1"}},
        {"update_id": 4, "message": {"message_id": 1, "date": 10**30, "chat": {"id": 1, "type": "private"}}},
    ],
)
def test_what_cannot_be_read_is_acknowledged_and_left_alone(system: System, update: Any) -> None:
    assert webhook(system, update).status_code == 200


def test_a_message_told_three_times_is_answered_once(system: System, telegram: TelegramFake, ewa: Person) -> None:
    ewa.start()
    wait_for(telegram, ewa, "/dane-osobowe")
    with telegram.held() as held:
        ewa.say("ile kosztuje konto?")
    telegram.deliver(held[0], times=3, at_once=True)
    wait_for(telegram, ewa, "bezpłatne")
    ewa.say("jak się zalogować?")
    wait_for(telegram, ewa, "„Zaloguj się”")
    assert sum("bezpłatne" in (one.text or "") for one in answers(telegram, ewa)) == 1


def test_what_arrives_in_a_wrong_order_is_put_right(system: System, telegram: TelegramFake, ewa: Person) -> None:
    ewa.start()
    wait_for(telegram, ewa, "/dane-osobowe")
    with telegram.held() as held:
        ewa.say("ile kosztuje konto?")
        held[0]["message"]["date"] -= 5
        ewa.say("jak się zalogować?")
    telegram.deliver_all([held[1], held[0]])
    wait_for(telegram, ewa, "„Zaloguj się”")
    texts = [one.text or "" for one in answers(telegram, ewa)]
    first = next(place for place, text in enumerate(texts) if "bezpłatne" in text)
    second = next(place for place, text in enumerate(texts) if "„Zaloguj się”" in text)
    assert first < second


def test_edits_reactions_and_blocks_are_no_errors(system: System, telegram: TelegramFake, ewa: Person) -> None:
    ewa.say("ile kosztuje konto?")
    wait_for(telegram, ewa, "bezpłatne")
    before = len(answers(telegram, ewa))
    ewa.edit("jak się zalogować?")
    ewa.react("👍")
    ewa.block()
    telegram.drain()
    ewa.unblock()
    ewa.say("jak założyć konto?")
    wait_for(telegram, ewa, "„Zarejestruj się”")
    assert len(answers(telegram, ewa)) == before + 1


def test_who_blocks_while_an_answer_is_on_its_way_is_noted(system: System, telegram: TelegramFake, ewa: Person) -> None:
    ewa.start()
    wait_for(telegram, ewa, "/dane-osobowe")
    with telegram.held() as held:
        ewa.say("ile kosztuje konto?")
    telegram.chats[ewa.chat_id].blocked = True
    telegram.deliver(held[0])
    telegram.drain()
    until(lambda: '"reason": "blocked"' in system.stored())
    telegram.chats[ewa.chat_id].blocked = False
    ewa.say("jak się zalogować?")
    wait_for(telegram, ewa, "„Zaloguj się”")


def test_a_platform_that_is_busy_or_broken_is_tried_again_in_order(
    system: System, telegram: TelegramFake, ewa: Person
) -> None:
    ewa.start()
    wait_for(telegram, ewa, "/dane-osobowe")
    telegram.limit(times=1, retry_after=1, method="sendMessage")
    telegram.fail(times=1, status=502, path="sendMessage")
    ewa.say("ile kosztuje konto?")
    ewa.say("jak się zalogować?")
    wait_for(telegram, ewa, "„Zaloguj się”")
    texts = [one.text or "" for one in answers(telegram, ewa)]
    assert [sum(words in text for text in texts) for words in ("bezpłatne", "„Zaloguj się”")] == [1, 1]
    assert "bezpłatne" in texts[-2]


def test_a_group_is_asked_to_write_privately(system: System, telegram: TelegramFake, ewa: Person) -> None:
    ewa.say_in_group("ile mam do zapłaty?")
    until(lambda: any("prywatnej wiadomości" in (one.text or "") for one in telegram.sent))
    assert answers(telegram, ewa) == []


def test_a_photo_and_a_pdf_go_to_the_ticket(system: System, telegram: TelegramFake, ewa: Person) -> None:
    identify(system, telegram, ewa)
    ewa.say("chcę złożyć reklamację")
    wait_for(telegram, ewa, "Opisz sprawę")
    ewa.send_photo(made_picture(), caption="Licznik pokazuje za dużo, proszę o sprawdzenie tego odczytu.")
    wait_for(telegram, ewa, "Zapisane")
    ewa.send_document(PDF, "umowa.pdf", "application/pdf")
    ewa.send_document(b"MZ\x90", "wirus.exe", "application/octet-stream")
    wait_for(telegram, ewa, "Można dołączyć tylko plik PDF, JPEG albo PNG.")
    ewa.say("gotowe")
    wait_for(telegram, ewa, "Którego dokumentu")
    ewa.say("żadnego z nich")
    wait_for(telegram, ewa, "Wysłać do biura?")
    ewa.say("wyślij")
    wait_for(telegram, ewa, "Numer zgłoszenia")
    effects = requests.get(f"{system.url}/dev/effects", timeout=10).json()
    number = effects["tickets"][-1]["ticket_no"]
    assert [file["mime"] for file in effects["documents"] if file["ticket_no"] == number] == [
        "image/png",
        "application/pdf",
    ]


@pytest.mark.parametrize("kind", [{"sticker": {"file_id": "1"}}, {"voice": {"file_id": "1"}}, {"location": {}}])
def test_what_we_cannot_read_is_answered(
    system: System, telegram: TelegramFake, ewa: Person, kind: dict[str, Any]
) -> None:
    ewa.send(**kind)
    wait_for(telegram, ewa, "Możemy przyjąć tekst, zdjęcie")


@pytest.mark.parametrize("text", ["/start", "/pomoc", "/restart", "a" * 4096, "\u200b", '/intent{"x": 1}'])
def test_odd_texts_get_an_answer(system: System, telegram: TelegramFake, ewa: Person, text: str) -> None:
    ewa.say(text)
    wait_for(telegram, ewa, "/dane-osobowe")
    assert system.health().status_code == 200


def test_stop_ends_it_and_the_next_word_begins_anew(system: System, telegram: TelegramFake, ewa: Person) -> None:
    identify(system, telegram, ewa)
    ewa.say("STOP")
    wait_for(telegram, ewa, "kończymy rozmowę")
    ewa.say("ile mam do zapłaty?")
    until(lambda: sum("automatyczny asystent" in (one.text or "") for one in answers(telegram, ewa)) == 2)
    until(lambda: sum("Najpierw potwierdźmy" in (one.text or "") for one in answers(telegram, ewa)) == 2)


def test_who_wants_to_be_forgotten_is(system: System, telegram: TelegramFake, ewa: Person) -> None:
    identify(system, telegram, ewa)
    ewa.say("Usuń moje dane")
    wait_for(telegram, ewa, "zostały usunięte")
    stored = system.stored()
    assert "channel_accounts {" not in stored
    assert "conversations {" not in stored
    assert "events {" not in stored.replace("security_events", "")


def test_an_account_is_joined_in_the_portal_and_still_asked_for_a_code(
    system: System, telegram: TelegramFake, ewa: Person
) -> None:
    helena = system.signed_in(HELENA).http
    helena.headers["Origin"] = system.url
    made = helena.post(f"{system.url}/komunikatory/polacz", data={"kanal": "telegram"}, timeout=10).text
    [token] = re.findall(r"https://t\.me/mojbok_bot\?start=([\w-]+)", made)
    ewa.start(token)
    wait_for(telegram, ewa, "Wróć teraz na stronę portalu")
    shown = helena.get(f"{system.url}/komunikatory", timeout=10).text
    assert "Ewa Lis" in shown
    [claim] = re.findall(r'action="/komunikatory/potwierdz"><input type="hidden" name="konto" value="(\w+)"', shown)
    other = telegram.user(900_002, "Adam Wilk")
    other.start(token)
    wait_for(telegram, other, "Ten odnośnik już nie działa")
    ewa.say("ile mam do zapłaty?")
    wait_for(telegram, ewa, "Podaj adres e-mail albo login")
    ewa.say("zostawmy to")
    wait_for(telegram, ewa, "zostawiamy to")
    stranger = system.signed_in("kazimierz.jez@poczta.example").http
    stranger.headers["Origin"] = system.url
    stranger.post(f"{system.url}/komunikatory/potwierdz", data={"konto": claim}, timeout=10)
    helena.post(f"{system.url}/komunikatory/potwierdz", data={"konto": claim}, timeout=10)
    wait_for(telegram, ewa, "jest połączone z Twoim kontem")
    ewa.say("ile mam do zapłaty?")
    wait_for(telegram, ewa, "Na adres e-mail zapisany w Twoich danych")
    ewa.say(system.latest_code(HELENA))
    wait_for(telegram, ewa, "Do zapłaty: 1 234,56 zł")
    account = re.search(
        r'action="/komunikatory/odlacz"><input type="hidden" name="konto" value="(\d+)"',
        helena.get(f"{system.url}/komunikatory", timeout=10).text,
    )
    assert account
    helena.post(f"{system.url}/komunikatory/odlacz", data={"konto": account[1]}, timeout=10)
    assert "Nie ma jeszcze połączonych kont" in helena.get(f"{system.url}/komunikatory", timeout=10).text


def test_the_check_tells_what_is_on_and_registers_the_webhook(system: System, telegram: TelegramFake) -> None:
    settings = {
        "MOJBOK_PROFILE": "development",
        "MOJBOK_DATA_DIR": str(system.data_dir),
        "MOJBOK_PUBLIC_URL": system.url,
        "MOJBOK_TELEGRAM_TOKEN": telegram.token,
        "MOJBOK_TELEGRAM_SECRETS": SECRET,
        "MOJBOK_TELEGRAM_BOT": "mojbok_bot",
        "MOJBOK_TELEGRAM_URL": telegram.url,
        "MOJBOK_WHATSAPP_TOKEN": "x",
    }
    command = [str(Path(sys.executable).with_name("mojbok")), "channels", "check"]
    environment = os.environ | settings
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0] == "Telegram: ready"
    assert lines[1].startswith("Messenger: off. To turn it on set MOJBOK_MESSENGER_TOKEN, MOJBOK_META_SECRETS")
    assert lines[2].startswith("WhatsApp: off. To turn it on set MOJBOK_META_SECRETS")
    assert telegram.webhook["url"] == f"{system.url}/webhooks/telegram"
    assert telegram.token not in ran.stdout + ran.stderr
    telegram.point(f"{system.url}/webhooks/telegram", SECRET)


def test_what_is_said_right_after_that_wish_is_answered(system: System, telegram: TelegramFake, ewa: Person) -> None:
    ewa.start()
    wait_for(telegram, ewa, "/dane-osobowe")
    ewa.say("usuń moje dane")
    ewa.say("ile kosztuje konto?")
    wait_for(telegram, ewa, "zostały usunięte")
    wait_for(telegram, ewa, "bezpłatne")


def test_more_files_than_may_wait_are_refused_and_the_talk_goes_on(
    system: System, telegram: TelegramFake, ewa: Person
) -> None:
    for _ in range(12):
        ewa.send_document(PDF, "umowa.pdf", "application/pdf")
    ewa.say("ile kosztuje konto?")
    wait_for(telegram, ewa, "bezpłatne", seconds=60)


def test_an_answer_that_waits_is_sent_after_a_restart(system: System, telegram: TelegramFake, ewa: Person) -> None:
    ewa.start()
    wait_for(telegram, ewa, "/dane-osobowe")
    telegram.limit(times=1, retry_after=6, method="sendMessage")
    ewa.say("ile kosztuje konto?")
    until(lambda: " waits 6 s" in system.log())
    system.kill("backend")
    system.wait_until_ready()
    wait_for(telegram, ewa, "bezpłatne")


def test_nothing_personal_is_stored_or_logged(system: System, telegram: TelegramFake, ewa: Person) -> None:
    identify(system, telegram, ewa)
    kept = (system.stored() + system.log()).replace("\u00a0", " ")
    for value in (HELENA, str(ewa.chat_id), "Ewa Lis", '"Ewa', "1 234,56", telegram.token, SECRET):
        assert value not in kept, value


def test_a_person_of_the_office_talks_on_telegram(system: System, telegram: TelegramFake, ewa: Person) -> None:
    anna = at_work(system, "anna.telegram", "agent", team="cok")
    ewa.say("jak założyć konto?")
    wait_for(telegram, ewa, "Zarejestruj się")
    place = re.findall(r'href="(/biuro/na-zywo/k_[^"]+)"', anna.get("/biuro/na-zywo").text)[0]
    anna.post(f"{place}/przejmij")
    wait_for(telegram, ewa, "Rozmawia z Tobą teraz Anna")
    ewa.say("ile mam do zapłaty?")
    until(lambda: "ile mam do zapłaty?" in anna.get(place).text)
    anna.post(f"{place}/wiadomosc", data={"wiadomosc": "Już sprawdzam.", "klucz": "1"})
    assert wait_for(telegram, ewa, "Już sprawdzam.") is answers(telegram, ewa)[-1]
    anna.post(f"{place}/oddaj", data={"podsumowanie": "Pytanie o saldo."})
    wait_for(telegram, ewa, "znów odpowiada automatyczny asystent")
