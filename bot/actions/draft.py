"""A ticket that is being written: kept in the slot `ticket`, also while something else is asked in between."""

from __future__ import annotations

from typing import Any

from bot.actions.turn import Turn

FORM = "ticket_form"
MOST_FILES = 5
LONGEST_TEXT = 8000

Draft = dict[str, Any]
"""What is known of a ticket being written, or with `to` of an addition to an old one."""


def written(turn: Turn) -> Draft | None:
    """The ticket that has words or files already."""
    draft: Draft = turn.slot("ticket") or {}
    return dict(draft) if draft.get("texts") or draft.get("files") else None


def forget_draft(turn: Turn) -> None:
    turn.remember(ticket=None)


def is_answered_at_once(intent: str) -> bool:
    """Whether something is only looked up, after which the ticket goes on; other tasks lead away from it."""
    return intent.startswith(("show_", "pay_")) or intent in ("ask_balance", "follow_up")


def wait_with_draft(turn: Turn) -> None:
    """The ticket waits while something is looked up."""
    turn.remember(ticket={**(written(turn) or {}), "waiting": True})


def go_on_with_draft(turn: Turn) -> None:
    """Goes on with a ticket that has waited until what was asked in between was shown."""
    if (turn.slot("ticket") or {}).get("waiting"):
        turn.continue_with(FORM)


def note(turn: Turn, draft: Draft) -> None:
    """Adds the message to the matter, as far as there is room."""
    if sum(map(len, draft["texts"])) + len(turn.text) > LONGEST_TEXT:
        turn.say("say_ticket_long_enough")
    else:
        draft["texts"] = [*draft["texts"], turn.text]


def add_file(turn: Turn, draft: Draft) -> None:
    """Adds the file that came, as far as there is room."""
    if len(draft["files"]) >= MOST_FILES:
        turn.say("say_too_many_files")
    else:
        draft["files"] = [*draft["files"], int(turn.entity("file") or 0)]
        turn.say("say_file_noted")
