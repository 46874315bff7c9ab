"""What the customer owes, or has overpaid."""

from __future__ import annotations

from bot.actions.backend import Refused
from bot.actions.draft import go_on_with_draft
from bot.actions.task import Task
from bot.actions.turn import Turn


class AskBalance(Task):
    action = "action_ask_balance"

    def perform(self, turn: Turn) -> None:
        try:
            balance = turn.ask_backend("balance")
        except Refused as refusal:
            turn.refused = refusal.reason
            turn.remember(after_identity=self.action)
            turn.continue_with("identity_form")
            return
        turn.say(f"say_balance_{balance['state']}", **balance["values"])
        if balance["stale"]:
            turn.say("say_balance_stale")
        go_on_with_draft(turn)
