"""Rasa's memory, kept by the backend: one row a conversation, so that a turn can be taken again from where it stood."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable
from typing import Any

import aiohttp
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

WINDOW = 40
"""Events kept whole; what lies behind them is kept as the slots and the active form they led to."""

RANKING = 4
"""Of the intents: the fallback, where it was not understood, and the three likeliest."""

TIMEOUT = aiohttp.ClientTimeout(total=5)


class GatewayTrackerStore(TrackerStore):
    """Reads and saves through the backend's internal API.

    Without `MOJBOK_INTERNAL_URL` (`rasa shell`, `rasa test`) conversations are kept in memory, and the log says so.

    Raises:
        aiohttp.ClientError: the backend is away or refuses; the channel reports the turn as failed.
    """

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker)
        url = os.environ.get("MOJBOK_INTERNAL_URL")
        self.gateway = f"{url}/internal/trackers" if url else None
        self._headers = {"Authorization": f"Bearer {os.environ.get('MOJBOK_INTERNAL_SECRET', '')}"}
        self._session: aiohttp.ClientSession | None = None
        self._memory = InMemoryTrackerStore(domain, event_broker)
        if self.gateway is None:
            logger.warning("No MOJBOK_INTERNAL_URL: conversations are kept in memory.")

    @property
    def domain(self) -> Domain:
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        if hasattr(self, "_memory"):
            self._memory.domain = self._domain

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        if self.gateway is None:
            return await self._memory.retrieve(sender_id)
        async with self._http().get(f"{self.gateway}/{sender_id}") as response:
            response.raise_for_status()
            return self._tracker(sender_id, await response.json())

    async def save(self, tracker: DialogueStateTracker) -> None:
        if self.gateway is None:
            await self._memory.save(tracker)
            return
        async with self._http().put(f"{self.gateway}/{tracker.sender_id}", json=self._row(tracker)) as response:
            response.raise_for_status()

    async def keys(self) -> Iterable[str]:
        return await self._memory.keys()

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None or self._session._loop is not asyncio.get_running_loop():
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=TIMEOUT)
        return self._session

    def _tracker(self, sender_id: str, row: dict[str, Any]) -> DialogueStateTracker:
        events: list[Event] = [SlotSet(name, value) for name, value in row.get("slots", {}).items()]
        if row.get("active_loop"):
            events.append(ActiveLoop(row["active_loop"]))
        # A tracker that is already listening has no session to start.
        kept = row.get("events") or [ActionExecuted(ACTION_LISTEN_NAME).as_dict()]
        events += [event for event in map(Event.from_parameters, kept) if event]
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    def _row(self, tracker: DialogueStateTracker) -> dict[str, Any]:
        events = list(tracker.events)
        start = _window_start(events)
        before = DialogueStateTracker.from_events(tracker.sender_id, events[:start], self.domain.slots)
        defaults = {slot.name: slot.initial_value for slot in self.domain.slots}
        slots = {name: value for name, value in before.current_slot_values().items() if value != defaults.get(name)}
        latest = tracker.latest_message
        return {
            "turn": (latest.metadata or {}).get("turn") if latest else None,
            "slots": slots,
            "active_loop": before.active_loop_name,
            "events": [_slim(event) for event in events[start:]],
            "now": {
                "slots": _changed(tracker.current_slot_values(), defaults),
                "active_loop": tracker.active_loop_name,
            },
        }


def _changed(slots: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in slots.items() if value != defaults.get(name)}


def _window_start(events: list[Event]) -> int:
    """Where the kept events begin: at a listening assistant, so that no turn is cut in two."""
    for index in range(max(len(events) - WINDOW, 0), -1, -1):
        event = events[index]
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME:
            return index
    return 0


def _slim(event: Event) -> dict[str, Any]:
    body: dict[str, Any] = event.as_dict()
    if isinstance(event, UserUttered):
        parsed = body["parse_data"]
        parsed["intent_ranking"] = parsed.get("intent_ranking", [])[:RANKING]
        parsed.pop("text_tokens", None)
    return body
