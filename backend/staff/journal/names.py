"""What the journal calls what was done, whatever it was done with."""

from __future__ import annotations

from backend.staff import titles
from backend.staff.conversations.reviews import STATE_NAMES
from backend.staff.models import Act
from backend.staff.schemas import DID_NAMES, Did

NAMES: dict[str, str] = {
    **{kind.value: name for kind, name in DID_NAMES.items()},
    Did.VIEWED: "wyświetlenie",
    Did.REVIEWED: "zmiana stanu rozmowy",
}
_STATES = {state.value: name for state, name in STATE_NAMES.items()}


def details(act: Act) -> str | None:
    """The reason that was given, or to what something was changed."""
    if act.kind == Did.REVIEWED and act.reason:
        return _STATES.get(act.reason, act.reason)
    if act.kind == Did.TAUGHT:
        return titles.intent(act.reason) if act.reason else "pominięto"
    return act.reason
