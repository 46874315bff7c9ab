"""The base of every action: nothing slow and no exception gets out, and each says itself how it went."""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.backend import BackendUnavailable
from bot.actions.turn import Turn

logger = logging.getLogger("mojbok.actions")

DEADLINE = 6.0
"""Seconds an action may take; Rasa itself would wait for 300."""


class Task(Action, ABC):
    """Something the assistant does. Subclasses give `action` and `perform`, which runs in a worker thread.

    The slot `outcome` tells the backend how it went: `done`, `refused` with the reason, or `fault`. Rasa takes a failed
    action for a done one, so a turn without it is a fault as well, and the backend takes such a turn again.
    """

    action: ClassVar[str]

    def name(self) -> str:
        return self.action

    @abstractmethod
    def perform(self, turn: Turn) -> None:
        """Does it and says so through `turn`."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        started = time.monotonic()
        turn = Turn(tracker, domain, self.name())
        try:
            await asyncio.wait_for(asyncio.to_thread(self.perform, turn), DEADLINE)
        except (BackendUnavailable, TimeoutError) as error:
            logger.warning("%s: %s %s", self.name(), type(error).__name__, error)
            return [self._outcome("fault", started)]
        except Exception as error:  # noqa: BLE001 - nothing may get out
            # The message of an unforeseen error may quote what a customer wrote: only its kind and place are logged.
            logger.error("%s: %s at %s", self.name(), type(error).__name__, place_of(error))
            return [self._outcome("fault", started)]
        dispatcher.messages.extend(turn.messages)
        result = f"refused: {turn.refused}" if turn.refused else "done"
        return [self._outcome(result, started), *turn.events]

    def _outcome(self, result: str, started: float) -> dict[str, Any]:
        milliseconds = round((time.monotonic() - started) * 1000)
        return dict(SlotSet("outcome", {"action": self.name(), "result": result, "ms": milliseconds}))


def place_of(error: BaseException) -> str:
    """File and line where it was raised."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
