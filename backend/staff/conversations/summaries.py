"""Summaries: the row of each conversation that the office filters and counts by, made anew after each change."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import dialogue
from backend.chat import repository as chat
from backend.chat.models import Conversation, Event, TurnRecord
from backend.chat.turns import Turns
from backend.clock import WARSAW
from backend.customers import service as customers
from backend.database import Database
from backend.identity import service as identity
from backend.staff.conversations import repository, reviews
from backend.staff.conversations.lemmas import Lemmas
from backend.staff.conversations.models import ASSUMED, CONFIRMED
from backend.staff.conversations.periods import around
from backend.staff.conversations.search import facet, joined
from backend.staff.conversations.tasks import DONE, Tasks, tasks_of
from bot.placeholders import mask

logger = logging.getLogger("mojbok.staff")

PAUSE = 0.5
AT_ONCE = 20
"""Conversations in one transaction."""

MOST_BATCHES = 100
BUSY = 8
"""Conversations that wait for an answer; more of them are many."""

LONGEST_DELAY = 60.0
"""Seconds."""

SAID = 160
"""Characters of the last message."""

_DONE_BY_PEOPLE = ("new_ticket", "add_to_ticket", "ask_callback")
_FAREWELLS = ("thanks", "goodbye")


class Summaries:
    def __init__(self, database: Database, lemmas: Lemmas, turns: Turns) -> None:
        self._database, self._lemmas, self._turns = database, lemmas, turns
        self._caught_up = time.monotonic()

    async def catch_up(self) -> None:
        """Makes the summaries of conversations that have changed; what is left after many waits for the next time.

        Customers go first: while many wait for an answer, it is done once a minute.
        """
        if self._turns.in_work > BUSY and time.monotonic() - self._caught_up < LONGEST_DELAY:
            return
        for _ in range(MOST_BATCHES):
            if not await self._batch():
                self._caught_up = time.monotonic()
                return

    async def _batch(self) -> bool:
        """Reads first and writes then, so that nobody waits while it reads; what changes meanwhile is made again."""
        async with self._database.read() as session:
            found = await chat.changed(session, AT_ONCE)
            made = [(one.id, one.changes, await self._make_or_tell(session, one)) for one in found]
        if made:
            async with self._database.write() as session:
                for conversation_id, changes, values in made:
                    if await chat.note_summarised(session, conversation_id, changes) and values:
                        await repository.put(session, conversation_id, values)
        return bool(made)

    async def _make_or_tell(self, session: AsyncSession, conversation: Conversation) -> dict[str, object] | None:
        """None for one that cannot be summarised: it must not stand in the way of all others."""
        try:
            return await self._make(session, conversation)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it
            logger.error("%s has no summary: %s", conversation.id, type(error).__name__)
            return None

    async def _make(self, session: AsyncSession, conversation: Conversation) -> dict[str, object]:
        told = await _read(session, conversation)
        return told.row(self._lemmas)


@dataclass(frozen=True)
class Told:
    """Everything about one conversation that its summary is made of."""

    conversation: Conversation
    events: Sequence[Event]
    records: Sequence[TurnRecord]
    typed: set[int]
    scores: Sequence[str]
    tasks: Tasks
    customer_ids: Sequence[int]
    team: str | None
    state: str
    tags: Sequence[str]

    def row(self, lemmas: Lemmas) -> dict[str, object]:
        """All columns."""
        words = (word for text in self.texts() for word in lemmas.of(text))
        return self.values() | {"words": joined([*self.facets(), *words])}

    def values(self) -> dict[str, object]:
        """The columns of the row, but for the words."""
        said = self._said()
        handovers = self._handovers()
        return {
            "opened_at": self.conversation.opened_at,
            "last_activity_at": self.conversation.last_activity_at,
            "day": self._day(),
            "channel": self.conversation.channel,
            "team": self.team,
            "customer_id": self.customer_ids[-1] if self.customer_ids else None,
            "messages": len(said),
            "said": _beginning(said[-1]) if said else None,
            "intents": self._intents(),
            "confidence": self._confidence(),
            "fallbacks": self._fallbacks(),
            "handover": handovers[-1] if handovers else None,
            "contained": self._contained(),
            "tasks": self.tasks,
            "thumbs_up": self.scores.count("up"),
            "thumbs_down": self.scores.count("down"),
            "milliseconds": round(fmean(one.milliseconds for one in self.records)) if self.records else None,
        }

    def facets(self) -> Iterator[str]:
        """Words for all that is filtered by (filters.py), each named as the filter."""
        intents, confidence = self._intents(), self._confidence()
        yield from (word for period in around(self._day()) for word in period.words)
        yield facet("kanal", self.conversation.channel)
        yield facet("zespol", self.team or "brak")
        yield facet("tozsamosc", "tak" if self.customer_ids else "nie")
        yield from (facet("klient", one) for one in self.customer_ids)
        yield from (facet("intencja", intent) for intent in intents)
        yield from (facet("ostatnia", intent) for intent in intents[-1:])
        if confidence is not None:
            yield from (facet("pewnosc", step) for step in range(10, 101, 10) if confidence * 100 <= step)
        yield facet("niezrozumiane", "tak" if self._fallbacks() else "nie")
        yield from (facet("przekazanie", state) for state in self._handovers() or ["brak"])
        if self._said():
            yield facet("bezpomocy", self._contained() or "nie")
        yield from (facet("ocena", score) for score in self.scores or ["brak"])
        for task, went in self.tasks.items():
            yield facet("zadanie", task)
            for name, value in (("wynik", went["outcome"]), ("krok", went["step"])):
                if value:
                    yield from (facet(name, value), facet(name, f"{task}:{value}"))
        yield facet("stan", self.state)
        yield from (facet("tag", tag.encode().hex()) for tag in self.tags)

    def texts(self) -> Iterator[str]:
        """What people wrote: not the assistant, which says the same to everybody."""
        yield from (event.body["text"] for event in self.events if _is_from(event, "customer", "staff"))

    def _day(self) -> dt.date:
        return self.conversation.last_activity_at.astimezone(WARSAW).date()

    def _said(self) -> list[str]:
        return [event.body["text"] for event in self.events if _is_from(event, "customer")]

    def _intents(self) -> list[str]:
        return [record.intents[0]["name"] for record in self.records if record.intents and record.intents[0]["name"]]

    def _confidence(self) -> float | None:
        """The lowest confidence in the likeliest intent of a message that was written."""
        likeliest = [
            next((one["confidence"] for one in record.intents if one["name"] != dialogue.FALLBACK), 0.0)
            for record in self.records
            if record.seq in self.typed and record.intents
        ]
        return min(likeliest, default=None)

    def _fallbacks(self) -> int:
        return sum(record.fallback for record in self.records)

    def _handovers(self) -> list[str]:
        return [event.body["state"] for event in self.events if event.type == "handoff"]

    def _contained(self) -> str | None:
        """Contained is what a customer wrote in and what needed nobody: no handover, no ticket and no call asked for,
        no thumb down. It is confirmed by a thumb up, or by thanks or a farewell behind something understood.
        """
        by_people = any(self.tasks.get(task, {}).get("outcome") == DONE for task in _DONE_BY_PEOPLE)
        if not self._said() or self._handovers() or "down" in self.scores or by_people:
            return None
        before, last = [None, None, *self._intents()][-2:]
        farewell = last in _FAREWELLS and before not in (None, dialogue.FALLBACK)
        return CONFIRMED if "up" in self.scores or farewell else ASSUMED


async def _read(session: AsyncSession, conversation: Conversation) -> Told:
    events = await chat.events_after(session, conversation.id, 0)
    by_seq = await chat.records(session, conversation.id)
    records = [by_seq[seq] for seq in sorted(by_seq)]
    effects = await chat.effects(session, conversation.id)
    customer_ids = await identity.customers_shown(session, conversation.id)
    written = await reviews.read(session, conversation.id)
    return Told(
        conversation,
        events,
        records,
        await chat.typed(session, conversation.id),
        await chat.scores(session, conversation.id),
        tasks_of(records, effects, closed=conversation.closed_at is not None),
        customer_ids,
        await _team(session, conversation, events, customer_ids),
        written.state.value,
        written.tags,
    )


async def _team(
    session: AsyncSession, conversation: Conversation, events: Sequence[Event], customer_ids: Sequence[int]
) -> str | None:
    """The team of the customer; of a stranger the one they named, or to which they were led."""
    if customer_ids and (cards := await customers.cards(session, [customer_ids[-1]])):
        return cards[0].team
    if team := dialogue.team(await chat.state(session, conversation.id)):
        return team
    offered = [str(event.body["team"]) for event in events if event.type == "handoff" and event.body.get("team")]
    return offered[-1] if offered else None


def _is_from(event: Event, *speakers: str) -> bool:
    return event.type == "message" and event.body["from"] in speakers


def _beginning(text: str) -> str:
    """The masked text in one line; a label stays whole."""
    line = " ".join(mask(text).split())
    return line if len(line) <= SAID else f"{line[: SAID - 1].rstrip()}…"
