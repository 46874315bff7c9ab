"""What the assistant does when it is not sure what was meant."""

from __future__ import annotations

from bot.actions.task import Task
from bot.actions.turn import MISSES_BEFORE_PERSON, Turn

CANDIDATES = 3
FAINT = 0.03
MAIN = ["ask_balance", "show_documents", "cannot_sign_in"]
"""Offered when there are not even guesses."""

TWO_NEAR = 0.6
"""When two topics have so much confidence between them, it is one or the other."""

Likely = tuple[str, float]
"""An intent and its confidence."""


class AskWhatWasMeant(Task):
    """Asks which of two near topics it is, or offers the likeliest ones; a third miss in a row leads to a person."""

    action = "action_nlu_fallback"

    def perform(self, turn: Turn) -> None:
        if turn.misses_in_a_row >= MISSES_BEFORE_PERSON:
            turn.hand_over()
            return
        named = [(intent, sure) for intent, sure in turn.likely_intents if turn.title_of(intent)]
        unsure = "say_still_unsure" if turn.misses_in_a_row > 1 else "say_what_was_meant"
        offered = [*to_offer(named), "ask_person"]
        buttons = [{"title": turn.title_of(intent) or "", "payload": f"/{intent}"} for intent in offered]
        turn.say("say_which_of_two" if are_two_near(named) else unsure, buttons)


def to_offer(named: list[Likely]) -> list[str]:
    """Which topics are offered of those with a human name, the likeliest first; a person is offered anyway."""
    topics = [intent for intent, sure in named if intent != "ask_person" and sure >= FAINT]
    topics += [intent for intent in MAIN if intent not in topics]
    return topics[: 2 if are_two_near(named) else CANDIDATES]


def are_two_near(named: list[Likely]) -> bool:
    return sum(sure for _, sure in named[:2]) >= TWO_NEAR and len(named) > 1
