"""The lines of a transcript: what was said, understood and done, with labels in place of personal values."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels import repository as channels
from backend.chat import repository as chat
from backend.chat.models import Choice, Event, Feedback, InboxMessage, TurnRecord
from backend.chat.transcript import NAMES
from backend.staff import titles
from backend.staff.conversations import happenings
from backend.staff.conversations.masking import Masked, pieces

NEXT = 30
"""How far behind a page it is looked for which of its choices was taken."""


@dataclass(frozen=True)
class Guess:
    """An intent that a message was taken for; confidence from 0 to 1."""

    title: str
    confidence: float


@dataclass(frozen=True)
class Step:
    """Something the assistant did and how the backend answered; what is only said takes no time."""

    title: str
    result: str
    milliseconds: int | None


@dataclass(frozen=True)
class TurnLine:
    guesses: list[Guess]
    steps: list[Step]
    fallback: bool
    attempts: int
    milliseconds: int


@dataclass(frozen=True)
class Offered:
    title: Masked
    taken: bool


@dataclass(frozen=True)
class Table:
    caption: Masked
    columns: list[Masked]
    rows: list[list[Masked]]


@dataclass(frozen=True)
class Rating:
    good: bool
    comment: Masked


@dataclass(frozen=True)
class Message:
    """`who` is customer, bot or staff; `turn` is what a customer's message led to.

    `undelivered` is why a messenger did not take it.
    """

    seq: int
    at: dt.datetime
    who: str
    speaker: str
    text: Masked
    took_choice: bool = False
    choices: list[Offered] = field(default_factory=list)
    links: list[Masked] = field(default_factory=list)
    table: Table | None = None
    image: Masked | None = None
    turn: TurnLine | None = None
    rating: Rating | None = None
    undelivered: str | None = None


@dataclass(frozen=True)
class Happening:
    """Something that happened between messages, in words."""

    seq: int
    at: dt.datetime
    words: str


Line = Message | Happening


async def of(session: AsyncSession, conversation_id: str, events: list[Event]) -> list[Line]:
    if not events:
        return []
    first, last = events[0].seq, events[-1].seq
    choices = await chat.parts_between(session, Choice, conversation_id, first, last + NEXT)
    inbox = await chat.parts_between(session, InboxMessage, conversation_id, first, last + NEXT)
    records = await chat.parts_between(session, TurnRecord, conversation_id, first, last)
    ratings = await chat.parts_between(session, Feedback, conversation_id, first, last)
    made = _Lines(
        {record.seq: _turn(record) for record in records},
        {rating.seq: Rating(rating.score == "up", pieces(rating.comment or "")) for rating in ratings},
        {message.seq for message in inbox if message.payload},
        taken(choices, inbox),
        await channels.undelivered(session, conversation_id, first, last),
    )
    return [made.line(event) for event in events]


def taken(choices: list[Choice], inbox: list[InboxMessage]) -> dict[str, InboxMessage]:
    """The choices that were taken, by id, each with the message that took it. Of equal ones it is the latest offer."""
    offers: dict[tuple[str | None, str], list[Choice]] = defaultdict(list)
    for choice in choices:
        offers[choice.payload, choice.title].append(choice)
    found = {}
    for message in inbox:
        before = [choice for choice in offers.get((message.payload, message.text), []) if choice.seq < message.seq]
        if before:
            found[before[-1].id] = message
    return found


@dataclass(frozen=True)
class _Lines:
    """What is known of a page's events, by seq."""

    turns: dict[int, TurnLine]
    ratings: dict[int, Rating]
    took_choice: set[int]
    taken: Collection[str]
    undelivered: dict[int, str]

    def line(self, event: Event) -> Line:
        if event.type != "message":
            return Happening(event.seq, event.at, happenings.words(event))
        body, seq = event.body, event.seq
        name = body.get("name")
        return Message(
            seq,
            event.at,
            who=body["from"],
            speaker=f"{NAMES[body['from']]}, {name}" if name else NAMES[body["from"]],
            text=pieces(body["text"]),
            took_choice=seq in self.took_choice,
            choices=[Offered(pieces(one["title"]), one["id"] in self.taken) for one in body.get("choices", [])],
            links=[pieces(link["title"]) for link in body.get("links", [])],
            table=_table(body["table"]) if "table" in body else None,
            image=pieces(body["image"]["alt"]) if "image" in body else None,
            turn=self.turns.get(seq),
            rating=self.ratings.get(seq),
            undelivered=happenings.why_undelivered(self.undelivered.get(seq)),
        )


def _table(body: dict[str, Any]) -> Table:
    rows = [[pieces(cell) for cell in row] for row in body["rows"]]
    return Table(pieces(body["caption"]), [pieces(column) for column in body["columns"]], rows)


def _turn(record: TurnRecord) -> TurnLine:
    guesses = [Guess(titles.intent(one["name"]), one["confidence"]) for one in record.intents]
    steps = [
        Step(titles.action(one["action"]), happenings.result(one["result"]), one.get("ms")) for one in record.actions
    ]
    return TurnLine(guesses, steps, record.fallback, record.attempts, record.milliseconds)
