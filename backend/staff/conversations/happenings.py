"""What happens in a conversation beside messages, in the office's words."""

from __future__ import annotations

import datetime as dt

from backend.chat.models import Event
from backend.staff import titles

_RESULTS = {
    "said": "odpowiedź",
    "done": "wykonano",
    "fault": "błąd",
    "missing": "błąd",
    "refused: identity_required": "odmowa: trzeba potwierdzić tożsamość",
    "refused: wrong": "odmowa: zły kod",
    "refused: expired": "odmowa: kod stracił ważność",
    "refused: locked": "odmowa: zbyt wiele złych kodów",
}
_IDENTITY = {"confirmed": "Potwierdzono tożsamość", "anonymous": "Potwierdzenie tożsamości się skończyło"}
_HANDOFF = {
    "offered": "Asystent podał kontakt do człowieka",
    "taken": "Rozmowę przejęło biuro",
    "returned": "Biuro oddało rozmowę asystentowi",
}
_CLOSED = {
    "customer": "Rozmowę zakończył klient",
    "staff": "Rozmowę zakończyło biuro",
    "retention": "Rozmowa została usunięta po czasie przechowywania",
}


_UNDELIVERED = {
    "window": "od ostatniej wiadomości klienta minęło zbyt wiele czasu",
    "blocked": "klient nie przyjmuje wiadomości",
    "refused": "komunikator odmówił",
}


def words(event: Event) -> str:
    body = event.body
    if event.type == "identity":
        until = body.get("until")
        return _IDENTITY[body["state"]] + (f" (do {dt.datetime.fromisoformat(until):%-H:%M})" if until else "")
    if event.type == "handoff":
        named = [part for part in (body.get("name"), titles.team(body.get("team"))) if part]
        return _HANDOFF[body["state"]] + (f" ({', '.join(named)})" if named else "")
    if event.type == "closed":
        return _CLOSED[body["by"]]
    return event.type


def result(outcome: str) -> str:
    """How the backend answered an action."""
    return _RESULTS.get(outcome) or outcome.replace("refused: ", "odmowa: ")


def why_undelivered(reason: str | None) -> str | None:
    """Why a messenger did not take a message; None for one that arrived."""
    return reason and _UNDELIVERED.get(reason, reason)
