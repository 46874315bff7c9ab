"""What the assistant does when it is not sure what was meant."""

from __future__ import annotations

from bot.actions.task import Task
from bot.actions.turn import Turn

CANDIDATES = 3
MISSES_BEFORE_PERSON = 2


class AskWhatWasMeant(Task):
    """Offers the likeliest topics by their human names; a second miss in a row offers a person."""

    action = "action_nlu_fallback"

    def perform(self, turn: Turn) -> None:
        buttons = [
            {"title": title, "payload": f"/{intent}"}
            for intent in turn.likely_intents
            if intent not in (turn.intent, "ask_person") and (title := turn.title_of(intent))
        ][:CANDIDATES]
        person = {"title": turn.title_of("ask_person") or "", "payload": "/ask_person"}
        if turn.misses_in_a_row >= MISSES_BEFORE_PERSON:
            turn.say("say_offer_person", [person, *buttons])
        else:
            turn.say("say_what_was_meant", [*buttons, person])
