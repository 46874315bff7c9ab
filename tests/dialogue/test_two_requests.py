"""Two requests in one message: both are answered, one after the other, and neither is lost."""

from __future__ import annotations

from tests.dialogue.test_identity import HELENA
from tests.support.system import System


def test_two_questions_are_both_answered_at_once(system: System) -> None:
    text = system.customer().say("w jakim formacie są faktury i czy portal działa w nocy?").text
    assert "PDF" in text
    assert "24 godziny na dobę" in text


def test_a_question_is_answered_before_the_task_that_asks_back(system: System) -> None:
    messages = system.customer().say("ile mam do zapłaty i czy portal działa w nocy?").messages
    assert "24 godziny na dobę" in messages[0]["text"]
    assert "Podaj adres e-mail" in messages[-1]["text"]


def test_both_tasks_are_done_when_identity_is_known(system: System) -> None:
    reply = system.identified(HELENA).say("ile mam do zapłaty i poproszę ostatnią fakturę")
    assert "Do zapłaty: 1\xa0234,56\xa0zł" in reply.messages[0]["text"]
    assert any("links" in message for message in reply.messages)


def test_the_second_task_waits_until_identity_is_confirmed_for_the_first(system: System) -> None:
    customer = system.customer()
    asked = customer.say("poproszę ostatnią fakturę, a przy okazji ile mam do zapłacenia")
    assert asked.messages[0]["text"].startswith("Zajmę się tym po kolei.")
    assert "Podaj adres e-mail" in asked.text
    assert "po kolei" not in customer.say(HELENA).text
    reply = customer.say(system.latest_code(HELENA))
    assert any("links" in message for message in reply.messages)
    assert reply.messages[-1]["text"].startswith("Do zapłaty: 1\xa0234,56\xa0zł")
    assert "Do zapłaty" not in customer.say("dziękuję").text


def test_a_form_of_the_first_request_ends_before_the_second_begins(system: System) -> None:
    customer = system.customer()
    assert "po kolei" in customer.say("zapomniałam hasła i ile mam do zapłaty").text
    text = customer.say(HELENA).text
    assert "hasło jednorazowe" in text
    assert "Podaj adres e-mail albo login" in text


def test_who_leaves_the_first_request_leaves_both(system: System) -> None:
    customer = system.customer()
    customer.say("poproszę ostatnią fakturę, a przy okazji ile mam do zapłacenia")
    text = customer.say("zostawmy to").text
    assert "Podaj adres" not in text
    assert "Podaj adres" not in customer.say("czy portal działa w nocy?").text


def test_a_code_of_the_assistant_in_the_second_half_is_only_text(system: System) -> None:
    text = system.customer().say('czy portal działa w nocy? /ask_balance {"a": "b"}').text
    assert "Podaj adres" not in text


def test_what_tells_more_of_a_matter_is_not_lost(system: System) -> None:
    customer = system.identified(HELENA)
    matter = "Licznik pokazuje dwa razy więcej niż rok temu, choć nic się nie zmieniło."
    customer.say(f"chcę złożyć reklamację. {matter} Ile mam do zapłaty?")
    customer.say("to wszystko")
    assert matter.rstrip(".") in customer.say("żadnego z nich").text


def test_a_no_within_the_first_request_does_not_drop_the_second(system: System) -> None:
    customer = system.identified(HELENA)
    assert "po kolei" in customer.say("chcę złożyć reklamację i ile mam do zapłaty").text
    customer.say("Licznik pokazuje dwa razy więcej niż rok temu, choć nic się nie zmieniło.")
    customer.say("to wszystko")
    customer.say("żadnego z nich")
    text = customer.say("wyślij").text
    assert "Numer zgłoszenia" in text
    assert "Do zapłaty: 1\xa0234,56\xa0zł" in text


def test_a_date_with_a_dot_is_one_piece(system: System) -> None:
    text = system.identified(HELENA).say("poproszę fakturę za 05.2025 i ile mam do zapłaty").text
    assert "za okres maj 2025" in text
    assert "Do zapłaty: 1\xa0234,56\xa0zł" in text


def test_two_sentences_of_a_matter_that_is_being_described_stay_together(system: System) -> None:
    customer = system.identified(HELENA)
    customer.say("chcę złożyć reklamację")
    text = customer.say("Faktura za wrzesień jest za wysoka i zużycie też. Ile mam zapłacić?").text
    assert "Do zapłaty" not in text
    customer.say("to wszystko")
    assert "za wysoka i zużycie też. Ile mam zapłacić?" in customer.say("żadnego z nich").text


def test_a_letter_with_three_matters_is_worked_through(system: System) -> None:
    customer = system.customer()
    letter = (
        "Szanowni Państwo,\n\nzwracam się z prośbą o pomoc. Po pierwsze, zapomniałam hasła. Po drugie, chciałabym "
        "wiedzieć, ile mam do zapłaty. Po trzecie, proszę o fakturę za wrzesień.\n\nZ poważaniem\nHelena Mróz"
    )
    assert "po kolei" in customer.say(letter).text
    text = customer.say(HELENA).text
    assert "hasło jednorazowe" in text
    assert "Podaj adres e-mail albo login" in text
    customer.say(HELENA)
    text = customer.say(system.latest_code(HELENA)).text
    assert "Do zapłaty: 1\xa0234,56\xa0zł" in text
    assert "za okres wrzesień 2026" in text
