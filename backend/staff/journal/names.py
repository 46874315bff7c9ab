"""What the journal calls what was done, whatever it was done with."""

from __future__ import annotations

from backend.staff import titles
from backend.staff.conversations.reviews import STATE_NAMES
from backend.staff.models import Act
from backend.staff.schemas import Did

NAMES: dict[str, str] = {
    Did.SIGNED_IN: "zalogowanie",
    Did.SIGN_IN_FAILED: "nieudane logowanie",
    Did.CODE_FAILED: "błędny kod z aplikacji",
    Did.SIGNED_OUT: "wylogowanie",
    Did.ACTIVATED: "aktywacja konta",
    Did.SOUGHT_CUSTOMER: "wyszukanie klienta",
    Did.VIEWED: "wyświetlenie",
    Did.REVEALED: "pokazanie wartości",
    Did.NOTED: "notatka",
    Did.TAGGED: "dodanie taga",
    Did.UNTAGGED: "usunięcie taga",
    Did.REVIEWED: "zmiana stanu rozmowy",
    Did.HELD: "zatrzymanie rozmowy",
    Did.RELEASED: "zwolnienie rozmowy",
    Did.SAVED_AS_TEST: "zapis jako test",
    Did.TAUGHT: "nauka na przykładzie",
    Did.LESSON_TAKEN_BACK: "cofnięcie nauki",
    Did.LESSONS_EXPORTED: "pobranie zdań do nauki",
    Did.EXPORTED: "pobranie CSV",
    Did.TOOK_OVER: "przejęcie rozmowy",
    Did.WROTE: "wiadomość do klienta",
    Did.DOWNLOADED: "pobranie pliku",
    Did.HANDED_BACK: "oddanie rozmowy asystentowi",
    Did.ANSWERED: "odpowiedź na zgłoszenie",
    Did.CHANGED_STATUS: "zmiana stanu zgłoszenia",
    Did.HANDED_OVER: "przekazanie zgłoszenia",
    Did.CALLED: "zapis rozmowy telefonicznej",
    Did.DELETED: "usunięcie rozmowy",
}
_STATES = {state.value: name for state, name in STATE_NAMES.items()}


def details(act: Act) -> str | None:
    """The reason that was given, or to what something was changed."""
    if act.kind == Did.REVIEWED and act.reason:
        return _STATES.get(act.reason, act.reason)
    if act.kind == Did.TAUGHT:
        return titles.intent(act.reason) if act.reason else "pominięto"
    return act.reason
