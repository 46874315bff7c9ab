"""The base of what is looked up for a customer: identity first, and a memory for what is said next ("a za maj?")."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from typing import Any, ClassVar

from bot.actions import periods
from bot.actions.backend import Refused
from bot.actions.draft import go_on_with_draft
from bot.actions.task import Task
from bot.actions.turn import Turn

FOLLOW_UP = "follow_up"

Wanted = dict[str, Any]
"""What is asked for, in plain facts and placeholders; kept in the slot `wanted` with the action's name."""


class Lookup(Task):
    """Reads something of the customer's. Subclasses give its intent, what the message wants and how that is shown."""

    intent: ClassVar[str]

    @abstractmethod
    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        """What the message asks for; `before` is what was asked for last. None when that has been put right."""

    @abstractmethod
    def show(self, turn: Turn, wanted: Wanted) -> None:
        """Asks the backend and says it. Raises Refused."""

    def perform(self, turn: Turn) -> None:
        kept = turn.slot("wanted") or {}
        before = kept if kept.get("action") == self.action else {}
        wanted: Wanted | None = before
        if turn.intent == self.intent:
            wanted = self.wanted(turn, before if turn.is_choice else {})
        elif turn.intent == FOLLOW_UP:
            wanted = self.wanted(turn, before)
        if wanted is None:
            go_on_with_draft(turn)
            return
        turn.remember(wanted={**wanted, "action": self.action})
        try:
            self.show(turn, wanted)
        except Refused as refusal:
            turn.refused = refusal.reason
            turn.remember(after_identity=self.action)
            turn.continue_with("identity_form")
            return
        go_on_with_draft(turn)


class FollowUp(Task):
    """Says how the last question changes: another period, kind or point."""

    action = "action_follow_up"

    def perform(self, turn: Turn) -> None:
        kept = turn.slot("wanted") or {}
        turn.continue_with(kept.get("action") or "action_nlu_fallback")


def with_period(turn: Turn, wanted: Wanted, text: str | None = None) -> Wanted | None:
    """`wanted` with the period that the message (or `text`) names; None when there is no such time, and it is said.

    A follow-up that speaks of a time, but of none that is understood, is asked about: the same again is no answer.
    """
    before = None
    if wanted.get("first") and wanted.get("last"):
        before = periods.Period(dt.date.fromisoformat(wanted["first"]), dt.date.fromisoformat(wanted["last"]))
    spoken = turn.text if text is None else text
    said = periods.find(spoken, turn.today, before)
    if said is None and turn.intent == FOLLOW_UP and periods.looks_like_time(spoken):
        turn.say("say_period_unclear")
        return None
    if said is None:
        return wanted
    if said.doubt:
        turn.say(f"say_period_{said.doubt.value}")
    if said.period is None:
        return None
    return {**wanted, "first": said.period.first.isoformat(), "last": said.period.last.isoformat()}
