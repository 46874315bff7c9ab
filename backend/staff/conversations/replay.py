"""A conversation as what a customer did, turn by turn: what a test can do again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository as chat
from backend.chat.models import Choice, Event, InboxMessage
from backend.staff.conversations.lines import taken

MOST_EVENTS = 1000
MOST_TURNS = 50
"""A longer test helps nobody."""


@dataclass
class Turn:
    """A message of the customer and its answers. `offered` is where the choice stood that was taken: turn and place.

    Turn 0 is the opening, in which nothing was said. `confirms` tells that identity was confirmed by it.
    """

    text: str
    answers: list[Event]
    offered: tuple[int, int] | None = None
    is_file: bool = False
    confirms: bool = False

    @property
    def titles(self) -> list[str]:
        return [choice["title"] for event in self.answers for choice in event.body.get("choices", [])]


async def turns(session: AsyncSession, conversation_id: str) -> list[Turn]:
    """The opening and the turns that the assistant answered; what was said to a person of the office is left out."""
    events = await chat.shown_events(session, conversation_id, after=0, most=MOST_EVENTS)
    last = events[-1].seq if events else 0
    choices = await chat.parts_between(session, Choice, conversation_id, 0, last)
    inbox = await chat.parts_between(session, InboxMessage, conversation_id, 0, last)
    return _turns(events, inbox, {message.seq: id_ for id_, message in taken(choices, inbox).items()})


def _turns(events: list[Event], inbox: list[InboxMessage], took: dict[int, str]) -> list[Turn]:
    answers, confirmed = _answers(events), _confirmed(events)
    found = [Turn("", answers[0], confirms=0 in confirmed)]
    places: dict[str, tuple[int, int]] = {}
    for message in inbox:
        places |= _places(found[-1], len(found) - 1)
        if not answers[message.seq]:
            continue
        choice = took.get(message.seq)
        found.append(
            Turn(
                message.text,
                answers[message.seq],
                offered=places.get(choice) if choice else None,
                is_file=message.payload is not None and choice is None,
                confirms=message.seq in confirmed,
            )
        )
    return found[: MOST_TURNS + 1]


def _answers(events: list[Event]) -> dict[int, list[Event]]:
    """The assistant's messages by what they answer; 0 for those of the opening."""
    found: dict[int, list[Event]] = defaultdict(list)
    said = False
    for event in events:
        said = said or event.body.get("from") == "customer"
        if event.body.get("from") == "bot" and (event.in_reply_to or not said):
            found[event.in_reply_to or 0].append(event)
    return found


def _confirmed(events: list[Event]) -> set[int]:
    """The messages that confirmed identity: those in work when it was. 0 for a conversation that began with it."""
    found, in_work = set(), 0
    for event in events:
        if event.body.get("from") == "customer":
            in_work = event.seq
        elif event.type == "identity" and event.body["state"] == "confirmed":
            found.add(in_work)
    return found


def _places(turn: Turn, index: int) -> dict[str, tuple[int, int]]:
    offered = [choice["id"] for event in turn.answers for choice in event.body.get("choices", [])]
    return {id_: (index, place) for place, id_ in enumerate(offered)}
