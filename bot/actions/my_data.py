"""What the office knows of the customer, read out; changes are made in the portal, where the password is asked."""

from __future__ import annotations

from bot.actions.lookup import Lookup, Wanted
from bot.actions.turn import Turn


class ShowMyData(Lookup):
    action, intent = "action_show_my_data", "show_my_data"

    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        return {}

    def show(self, turn: Turn, wanted: Wanted) -> None:
        turn.say("say_my_data", **turn.ask_backend("people")["values"])
