"""The base of every form: asides, cancelling, a person and other tasks are handled here, once for all forms."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from bot.actions.task import Task
from bot.actions.turn import MISSES_BEFORE_PERSON, Turn


class Form(Task):
    """A task that asks for something and waits. Rasa calls it when it starts and for every message while it is open.

    `requested_slot` holds the step that is waited for. A form that `insists` answers a side question and asks
    again; one that does not steps aside for whatever the customer wants instead.
    """

    form: ClassVar[str]
    insists: ClassVar[bool] = True

    def name(self) -> str:
        return f"validate_{self.form}"

    @abstractmethod
    def begin(self, turn: Turn) -> None:
        """Opens the form, or does at once what needs no question."""

    @abstractmethod
    def take(self, turn: Turn, step: str) -> bool:
        """Uses the message if it answers what was asked; False otherwise."""

    @abstractmethod
    def ask(self, turn: Turn, step: str) -> None:
        """Asks (again) for what is waited for."""

    def perform(self, turn: Turn) -> None:
        step = turn.slot("requested_slot")
        if turn.active_form != self.form or not step:
            turn.remember(misses=0)
            self.begin(turn)
        elif self.take(turn, step):
            turn.remember(misses=0)
        else:
            self._aside(turn, step)

    def _aside(self, turn: Turn, step: str) -> None:
        action = turn.action_for(turn.intent)
        if turn.intent in ("cancel", "deny"):
            turn.say("say_cancelled")
            self.give_up(turn)
        elif turn.intent == "repeat" or (self.insists and turn.intent in ("thanks", "send_it")):
            self.ask(turn, step)
            turn.wait_for(step)
        elif action and action.startswith("utter_") and turn.intent not in ("affirm", "out_of_scope"):
            turn.say(action)
            if self.insists:
                self.ask(turn, step)
                turn.wait_for(step)
            else:
                self.leave(turn)
        elif action and action not in ("action_nlu_fallback", "utter_affirm", "utter_out_of_scope"):
            self.make_room(turn)
            turn.continue_with(action)
        else:
            self._miss(turn, step, action)

    def _miss(self, turn: Turn, step: str, action: str | None) -> None:
        misses = int(turn.slot("misses") or 0) + 1
        if not self.insists:
            turn.end_form()
            turn.continue_with(action or "action_nlu_fallback")
        elif misses >= MISSES_BEFORE_PERSON:
            self.make_room(turn)
            turn.hand_over()
        else:
            turn.remember(misses=misses)
            turn.say("say_did_not_catch")
            self.ask(turn, step)
            turn.wait_for(step)

    def give_up(self, turn: Turn) -> None:
        """Ends the form and what it was for."""
        self.leave(turn)

    def make_room(self, turn: Turn) -> None:
        """Ends the form for another task."""
        self.leave(turn)

    def leave(self, turn: Turn) -> None:
        """Ends the form and forgets what it gathered."""
        turn.remember(misses=0)
        turn.end_form()
