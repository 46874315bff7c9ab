"""The letters themselves: one list of paragraphs becomes the text and the HTML. No secret stands in a subject."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from backend import quantities
from backend.mail.schemas import LetterText

_TEMPLATES = Environment(loader=PackageLoader("backend.mail"), autoescape=True, undefined=StrictUndefined)
_HELLO = "Dzień dobry,"
_NOT_YOU = "Jeśli to nie Ty, napisz do nas lub zadzwoń jak najszybciej: {contact}."


def identity_code(code: str, minutes: int, company: str) -> LetterText:
    return _letter(
        "Kod do mojBOK",
        company,
        _HELLO,
        "oto kod, który potwierdzi Twoją tożsamość w mojBOK:",
        code,
        f"Kod jest ważny {_minutes(minutes)} i działa tylko tam, skąd przyszła prośba o niego. "
        "Nie podawaj go nikomu innemu.",
        "Jeśli to nie Ty prosisz o kod, pomiń tę wiadomość: bez kodu nikt nie zobaczy Twoich danych.",
    )


def activation(link: str, company: str) -> LetterText:
    return _letter(
        "Rejestracja w mojBOK: aktywuj konto",
        company,
        _HELLO,
        "aby dokończyć rejestrację w mojBOK, otwórz ten odnośnik i ustaw hasło:",
        link,
        "Odnośnik jest ważny 24 godziny i działa raz. Po tym czasie trzeba zarejestrować się ponownie.",
        "Jeśli to nie Ty się rejestrujesz, pomiń tę wiadomość: bez odnośnika nikt nie otworzy konta.",
    )


def account_exists(login_words: str, link: str, company: str) -> LetterText:
    return _letter(
        "Masz już konto w mojBOK",
        company,
        _HELLO,
        "otrzymaliśmy prośbę o rejestrację, ale konto z tymi danymi już istnieje.",
        _login_sentence(login_words),
        "Jeśli nie pamiętasz hasła, ustaw nowe tutaj:",
        link,
        "Jeśli to nie Ty się rejestrujesz, pomiń tę wiadomość: na koncie nic się nie zmieniło.",
    )


def one_time_password(password: str, link: str, minutes: int, company: str) -> LetterText:
    return _letter(
        "Hasło jednorazowe do mojBOK",
        company,
        _HELLO,
        "oto hasło jednorazowe, dzięki któremu ustawisz nowe hasło do mojBOK:",
        password,
        "Wpisz je na tej stronie:",
        link,
        f"Hasło jednorazowe jest ważne {_minutes(minutes)} i działa raz. "
        "Dopóki nie ustawisz nowego hasła, działa dotychczasowe.",
        "Nie podawaj go nikomu. Jeśli to nie Ty prosisz o nowe hasło, pomiń tę wiadomość.",
    )


def which_account(link: str, company: str) -> LetterText:
    """To an address that several accounts share: only a login tells which password is meant."""
    return _letter(
        "Nowe hasło do mojBOK: podaj login",
        company,
        _HELLO,
        "z tym adresem e-mail jest związane więcej niż jedno konto w mojBOK. Aby ustawić nowe hasło, podaj login "
        "zamiast adresu e-mail:",
        link,
        "Loginem jest PESEL (klient indywidualny), NIP (klient biznesowy) albo login wybrany w serwisie.",
    )


def login_reminder(accounts: list[tuple[str, str]], link: str, company: str) -> LetterText:
    """`accounts`: the ending of the customer number and what its login is, in words."""
    lines = [f"Konto klienta o numerze …{ending}. {_login_sentence(login_words)}" for ending, login_words in accounts]
    return _letter(
        "Twój login do mojBOK",
        company,
        _HELLO,
        "przypominamy login do mojBOK.",
        *lines,
        "Zalogujesz się tutaj:",
        link,
        "Jeśli to nie Ty prosisz o przypomnienie, pomiń tę wiadomość.",
    )


def new_email(link: str, company: str) -> LetterText:
    return _letter(
        "Potwierdź nowy adres e-mail w mojBOK",
        company,
        _HELLO,
        "aby ten adres stał się Twoim adresem w mojBOK, otwórz ten odnośnik:",
        link,
        "Odnośnik jest ważny 24 godziny. Do tego czasu obowiązuje dotychczasowy adres.",
        "Jeśli ta zmiana Cię nie dotyczy, pomiń tę wiadomość.",
    )


def email_changed(contact: str, company: str) -> LetterText:
    return _letter(
        "Adres e-mail w mojBOK został zmieniony",
        company,
        _HELLO,
        "adres e-mail Twojego konta w mojBOK został zmieniony. Na ten adres nie będziemy już pisać.",
        _NOT_YOU.format(contact=contact),
    )


def password_changed(contact: str, company: str) -> LetterText:
    return _letter(
        "Hasło do mojBOK zostało zmienione",
        company,
        _HELLO,
        "hasło do Twojego konta w mojBOK zostało zmienione.",
        _NOT_YOU.format(contact=contact),
    )


def login_changed(contact: str, company: str) -> LetterText:
    return _letter(
        "Login do mojBOK został zmieniony",
        company,
        _HELLO,
        "login do Twojego konta w mojBOK został zmieniony. Hasło pozostaje bez zmian.",
        _NOT_YOU.format(contact=contact),
    )


def ticket_opened(number: str, kind: str, link: str, company: str) -> LetterText:
    return _letter(
        f"Zgłoszenie {number} przyjęte",
        company,
        _HELLO,
        f"przyjęliśmy Twoje zgłoszenie. Numer: {number}, rodzaj: {kind.lower()}.",
        "Jego stan i odpowiedzi zobaczysz w mojBOK:",
        link,
    )


def ticket_number(number: str, company: str) -> LetterText:
    """To an address that nobody has confirmed: nothing that was typed, so that it carries nobody's words."""
    return _letter(
        f"Zgłoszenie {number} przyjęte",
        company,
        _HELLO,
        f"przyjęliśmy zgłoszenie, w którym podano ten adres do odpowiedzi. Numer zgłoszenia: {number}.",
        "Jeśli to pomyłka, pomiń tę wiadomość.",
    )


def ticket_answered(number: str, link: str, company: str) -> LetterText:
    return _letter(
        f"Jest odpowiedź na zgłoszenie {number}",
        company,
        _HELLO,
        f"odpowiedzieliśmy na Twoje zgłoszenie {number}. Odpowiedź przeczytasz w mojBOK:",
        link,
    )


def ticket_answer(number: str, text: str, company: str) -> LetterText:
    """To somebody without an account: the answer itself."""
    return _letter(
        f"Odpowiedź na zgłoszenie {number}",
        company,
        _HELLO,
        f"odpowiadamy na zgłoszenie {number}, w którym podano ten adres.",
        *text.split("\n"),
        "Jeśli to pomyłka, pomiń tę wiadomość.",
    )


def office_ticket(number: str, facts: list[tuple[str, str]], text: str, talk: str, company: str) -> LetterText:
    """For the team: `facts` are names and values, `talk` the conversation where the customer attached it."""
    attached = ["Zapis rozmowy:", *talk.split("\n")] if talk else []
    lines = [f"{name}: {value}" for name, value in facts]
    return _letter(f"Nowe zgłoszenie {number}", company, *lines, "Treść:", *text.split("\n"), *attached)


def office_answer(number: str, text: str, company: str) -> LetterText:
    return _letter(f"Klient dopisał do zgłoszenia {number}", company, *text.split("\n"))


def office_handed_over(number: str, facts: list[tuple[str, str]], note: str, company: str) -> LetterText:
    lines = [f"{name}: {value}" for name, value in facts]
    told = ["Uwagi:", *note.split("\n")] if note else []
    return _letter(f"Przekazane zgłoszenie {number}", company, *lines, *told)


def office_callback(number: str, facts: list[tuple[str, str]], company: str) -> LetterText:
    return _letter(f"Prośba o telefon {number}", company, *(f"{name}: {value}" for name, value in facts))


def _login_sentence(login_words: str) -> str:
    if login_words in ("PESEL", "NIP"):
        return f"Loginem jest Twój numer {login_words}."
    return f"Login: {login_words}"


def _minutes(minutes: int) -> str:
    return quantities.plural(minutes, "minutę", "minuty", "minut")


def _letter(subject: str, company: str, *paragraphs: str) -> LetterText:
    html = _TEMPLATES.get_template("letter.html").render(subject=subject, paragraphs=paragraphs, company=company)
    return LetterText(subject, "\n\n".join((*paragraphs, company)) + "\n", html)
