"""The letters themselves: one list of paragraphs becomes the text and the HTML."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from backend.mail.schemas import LetterText

_TEMPLATES = Environment(loader=PackageLoader("backend.mail"), autoescape=True, undefined=StrictUndefined)


def identity_code(code: str, minutes: int, company: str) -> LetterText:
    return _letter(
        "Kod do rozmowy z asystentem mojBOK",
        "Dzień dobry,",
        "oto kod, który potwierdzi Twoją tożsamość w rozmowie z asystentem mojBOK:",
        code,
        f"Kod jest ważny {minutes} minut i działa tylko w tej rozmowie. Nie podawaj go nikomu innemu.",
        "Jeśli to nie Ty prosisz o kod, pomiń tę wiadomość: bez kodu nikt nie zobaczy Twoich danych.",
        company,
    )


def _letter(subject: str, *paragraphs: str) -> LetterText:
    html = _TEMPLATES.get_template("letter.html").render(subject=subject, paragraphs=paragraphs)
    return LetterText(subject, "\n\n".join(paragraphs) + "\n", html)
