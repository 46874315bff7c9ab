"""A telephone call from the office: a number, a day and hours; nobody has to say who they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.actions import hours
from bot.actions.backend import Refused
from bot.actions.form import Form
from bot.actions.task import Task
from bot.actions.turn import Turn
from bot.placeholders import Kind

PHONES = (Kind.PHONE, Kind.NUMBER, Kind.CODE)
PHONE, DAY, HOURS = "phone", "day", "hours"

Wish = dict[str, Any]
"""What is known so far: `phone` a placeholder, `day` and `hours` as ISO 8601."""


class AskCallback(Task):
    action = "action_ask_callback"

    def perform(self, turn: Turn) -> None:
        turn.continue_with(CallbackForm.form)


class CallbackForm(Form):
    form = "callback_form"

    def begin(self, turn: Turn) -> None:
        self._go_on(turn, self._gather(turn, {}))

    def take(self, turn: Turn, step: str) -> bool:
        before = turn.slot("callback") or {}
        wish = self._gather(turn, before)
        if wish == before:
            return False
        self._go_on(turn, wish)
        return True

    def ask(self, turn: Turn, step: str) -> None:
        turn.say(f"say_ask_callback_{step}")

    def leave(self, turn: Turn) -> None:
        super().leave(turn)
        turn.remember(callback=None)

    def _gather(self, turn: Turn, before: Wish) -> Wish:
        wish = {name: value for name, value in before.items() if name != "wrong"}
        if turn.is_button:
            return before
        if phone := turn.likeliest(PHONES):
            wish[PHONE] = str(phone)
        said = hours.find(turn.text, turn.now)
        if said.wrong:
            wish["wrong"] = True
        if said.day:
            wish[DAY] = said.day.isoformat()
        if said.hours:
            wish[HOURS] = [hour.isoformat("minutes") for hour in said.hours]
        return wish

    def _go_on(self, turn: Turn, wish: Wish) -> None:
        """Asks for what is missing; with everything there, has the call noted."""
        if wish.pop("wrong", False):
            turn.say("say_callback_wrong")
        missing = next((step for step in (PHONE, DAY, HOURS) if step not in wish), None)
        if missing is None:
            missing = self._note(turn, wish)
        turn.remember(callback=wish)
        if missing is None:
            self.leave(turn)
        else:
            self.ask(turn, missing)
            turn.wait_for(missing)

    def _note(self, turn: Turn, wish: Wish) -> str | None:
        """Has the call noted; the step to ask again where the backend refuses."""
        day, (begins, ends) = dt.date.fromisoformat(wish[DAY]), wish[HOURS]
        try:
            answer = turn.ask_backend(
                "tickets/callback",
                phone=wish[PHONE],
                begins=f"{day}T{begins}",
                ends=f"{day}T{ends}",
                team=turn.slot("team"),
            )
        except Refused as refusal:
            turn.refused = refusal.reason
            turn.say(f"say_callback_{refusal.reason}")
            return self._refused(wish, refusal.reason)
        turn.say("say_callback_noted", number=answer["number"], when=answer["when"])
        return None

    def _refused(self, wish: Wish, reason: str) -> str | None:
        if reason == "phone":
            del wish[PHONE]
            return PHONE
        if reason == "past":
            del wish[DAY], wish[HOURS]
            return DAY
        return None
