"""Anger and what is not for us: met with other words when it comes twice running."""

from __future__ import annotations

from bot.actions.task import Task
from bot.actions.turn import Turn


class Anger(Task):
    action = "action_anger"

    def perform(self, turn: Turn) -> None:
        turn.say("utter_anger")


class OutOfScope(Task):
    action = "action_out_of_scope"

    def perform(self, turn: Turn) -> None:
        turn.say("utter_out_of_scope")
