"""How people call what the assistant understands and does: topics by the name on their button, the rest by a table."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from backend import training_data
from backend.channels.service import NAMES
from backend.training_data import TRAINING

CHANNELS = {"web": "Strona WWW", **NAMES}
"""The channels by name."""

_MORE = {
    "ask_balance": "Moje saldo",
    "show_documents": "Moje faktury",
    "pay_document": "Zapłata za fakturę",
    "show_payments": "Moje wpłaty",
    "show_contracts": "Moje umowy",
    "show_points": "Moje punkty poboru",
    "show_my_data": "Moje dane",
    "show_consumption": "Moje zużycie",
    "new_ticket": "Nowe zgłoszenie",
    "show_tickets": "Moje zgłoszenia",
    "add_to_ticket": "Dopisanie do zgłoszenia",
    "attach_file": "Przysłany plik",
    "ask_callback": "Telefon od nas",
    "ask_person": "Pomoc konsultanta",
    "forgotten_login": "Przypomnienie loginu",
    "forgotten_password": "Nowe hasło",
    "resend_code": "Nowy kod",
    "change_identifier": "Inny adres lub login",
    "choose_customer": "Wybór klienta",
    "follow_up": "Dopytanie do poprzedniego",
    "send_it": "Wysłanie zgłoszenia",
    "cancel": "Rezygnacja",
    "affirm": "Tak",
    "deny": "Nie",
    "greet": "Powitanie",
    "goodbye": "Pożegnanie",
    "thanks": "Podziękowanie",
    "anger": "Złość",
    "repeat": "Prośba o powtórzenie",
    "i_am_individual": "Klient indywidualny",
    "i_am_business": "Klient biznesowy",
    "other_language": "Inny język",
    "out_of_scope": "Nie dla nas",
    "nlu_fallback": "Nie zrozumiano",
}
_FORMS = {
    "identity_form": "Potwierdzanie tożsamości",
    "person_form": "Droga do konsultanta",
    "login_recovery_form": "Przypominanie loginu",
    "password_recovery_form": "Ustawianie nowego hasła",
    "ticket_form": "Pisanie zgłoszenia",
    "callback_form": "Zamawianie telefonu",
}


@cache
def intents(folder: Path = TRAINING) -> dict[str, str]:
    """The titles of all intents that the training data know, alphabetically by title."""
    names, titles = set(_MORE), dict(_MORE)
    for held in training_data.documents(training_data.files(folder)):
        names |= {block["intent"] for block in held.get("nlu", []) if "intent" in block}
        for name, variants in held.get("responses", {}).items():
            title = (variants[0].get("metadata") or {}).get("title")
            if title:
                titles[name.removeprefix("utter_")] = title
    found = {name: titles.get(name, name) for name in names}
    return dict(sorted(found.items(), key=lambda one: one[1].casefold()))


def intent(name: str | None) -> str:
    """The title of an intent; its name where the present training data do not know it."""
    return intents().get(name, name) if name else "Nic"


def action(name: str) -> str:
    """The title of what the assistant did: an action, a form, or a sentence that was said."""
    return _FORMS.get(name) or intent(name.removeprefix("action_").removeprefix("utter_"))


def channel(name: str) -> str:
    return CHANNELS.get(name, name)


def team(name: str | None) -> str | None:
    return name.upper() if name else None
