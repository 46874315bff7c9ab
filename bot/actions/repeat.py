"""Says the last answer once more."""

from __future__ import annotations

from bot.actions.task import Task
from bot.actions.turn import Turn


class Repeat(Task):
    action = "action_repeat"

    def perform(self, turn: Turn) -> None:
        if not turn.repeat_answer():
            turn.say("utter_capabilities")
