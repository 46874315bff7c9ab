"""Why something is done that needs a reason, such as reading a hidden value."""

from __future__ import annotations

from backend.forms import Form

SHORTEST_REASON, LONGEST_REASON = 10, 400


def reason_in(form: Form) -> str:
    """Why somebody does what needs a reason; the form says so where it is too short to be one."""
    reason = form.text("powod", LONGEST_REASON)
    if "powod" not in form.errors and len(reason) < SHORTEST_REASON:
        form.errors["powod"] = f"Napisz w kilku słowach dlaczego (co najmniej {SHORTEST_REASON} znaków)."
    return reason
