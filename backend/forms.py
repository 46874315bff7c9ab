"""Reading forms: what is missing or wrong becomes a sentence beside its field, what was typed stays."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sanic import Request

from backend.accounts.passwords import LONGEST

EMAIL = re.compile(
    r"[^@\s,;:<>()\"\\\x00-\x20\x7f]{1,64}@[^@\s,;:<>()\"\\\x00-\x20\x7f.]+(?:\.[^@\s,;:<>()\"\\\x00-\x20\x7f.]+)+"
)
LOGIN = re.compile(r"(?!\d+$)[A-Za-z0-9._-]{3,40}")
TOO_LONG = "To jest za długie."
KEPT = 5
"""Up to so many times as much as a field of several lines takes is given back, to be made shorter."""
EMPTY = {
    "numer": "Podaj PESEL albo NIP.",
    "klient": "Podaj numer klienta.",
    "email": "Podaj adres e-mail.",
    "login": "Podaj login.",
    "haslo": "Podaj hasło.",
    "nowe": "Podaj nowe hasło.",
    "powtorz": "Powtórz nowe hasło.",
    "kod": "Podaj hasło jednorazowe.",
    "kod-aplikacji": "Podaj 6-cyfrowy kod z aplikacji.",
    "cyfry": "Podaj 6-cyfrowy kod z wiadomości.",
    "temat": "Podaj temat.",
    "tresc-zgloszenia": "Napisz, o co chodzi.",
    "tresc-odpowiedzi": "Napisz odpowiedź.",
    "dalej": "Wybierz, co dalej.",
    "wynik": "Napisz, co wynikło z rozmowy.",
    "odpowiedz": "Napisz wiadomość albo dołącz plik.",
}
"""What is said of a field that was left empty."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ue000-\uf8ff]")


@dataclass
class Form:
    """The fields of a post and what is wrong with them."""

    request: Request
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, longest: int = 254, *, required: bool = True, lines: bool = False) -> str:
        """A trimmed text without control characters; line breaks only where `lines` are asked for."""
        typed = self._raw(name).replace("\r\n", "\n").strip()
        if len(typed) > longest:
            self.errors[name], self.values[name] = TOO_LONG, typed if lines and len(typed) <= longest * KEPT else ""
            return ""
        if required and not typed:
            self.errors[name] = EMPTY.get(name, "To pole trzeba wypełnić.")
        elif _CONTROL.search(typed) or ("\n" in typed and not lines):
            self.errors[name] = "Są tu znaki, których nie można użyć."
            typed = ""
        self.values[name] = typed
        return typed

    def email(self, name: str) -> str:
        typed = self.text(name)
        if typed and not EMAIL.fullmatch(typed):
            self.errors[name] = "To nie wygląda na adres e-mail. Przykład: jan@poczta.example."
        return typed

    def login(self, name: str) -> str:
        typed = self.text(name)
        if typed and not LOGIN.fullmatch(typed):
            self.errors[name] = (
                "Login ma mieć od 3 do 40 znaków: liter innych niż polskie (ą, ć, ę…), cyfr, kropek, myślników "
                "lub podkreśleń. Nie może składać się z samych cyfr."
            )
        return typed

    def phone(self, name: str) -> str | None:
        """`+48` and nine digits; None for an empty field."""
        typed = self.text(name, 30, required=False)
        digits = re.sub(r"[\s()-]", "", typed).removeprefix("+48")
        if typed and not re.fullmatch(r"\d{9}", digits):
            self.errors[name] = "Podaj 9 cyfr numeru telefonu."
        return f"+48{digits}" if typed else None

    def password(self, name: str) -> str:
        """As it was typed, and never given back to the page."""
        typed = self._raw(name)
        if not typed:
            self.errors[name] = EMPTY.get(name, "To pole trzeba wypełnić.")
        elif len(typed) > LONGEST * 4:
            self.errors[name] = TOO_LONG
            typed = ""
        return typed

    def ticked(self, name: str) -> bool:
        ticked = self._raw(name) == "tak"
        self.values[name] = "tak" if ticked else ""
        return ticked

    def _raw(self, name: str) -> str:
        found = self.request.form.get(name) if self.request.form else None
        return found if isinstance(found, str) else ""
