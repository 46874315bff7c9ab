"""What the assistant does when it is not sure what was meant."""

from __future__ import annotations

from bot.actions.task import Task
from bot.actions.turn import Turn

CANDIDATES = 3
TWO_NEAR = 0.6
"""When two topics have so much confidence between them, it is one or the other."""
MISSES_BEFORE_PERSON = 3


class AskWhatWasMeant(Task):
    """Asks which of two near topics it is, or offers the likeliest ones; a third miss in a row leads to a person."""

    action = "action_nlu_fallback"

    def perform(self, turn: Turn) -> None:
        if turn.misses_in_a_row >= MISSES_BEFORE_PERSON:
            turn.say("say_hand_over")
            turn.continue_with("action_ask_person")
            return
        likely = [(title, intent, sure) for intent, sure in turn.likely_intents if (title := turn.title_of(intent))]
        topics = [{"title": title, "payload": f"/{intent}"} for title, intent, _ in likely if intent != "ask_person"]
        person = {"title": turn.title_of("ask_person") or "", "payload": "/ask_person"}
        if len(likely) > 1 and likely[0][2] + likely[1][2] >= TWO_NEAR:
            turn.say("say_which_of_two", [*topics[:2], person])
        elif turn.misses_in_a_row > 1:
            turn.say("say_still_unsure", [*topics[:CANDIDATES], person])
        else:
            turn.say("say_what_was_meant", [*topics[:CANDIDATES], person])
