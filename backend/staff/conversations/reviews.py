"""What the office says about a conversation: notes, tags, how far it is with it, and whether it must be kept.

Whatever is written here names no values: labels stand in their place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository as chat
from backend.chat.models import Conversation
from backend.chat.vault import labelled
from backend.clock import Clock
from backend.database import insert_unless_there
from backend.staff.acts import Acts
from backend.staff.conversations import reviews_repository as repository
from backend.staff.conversations.models import Note, Review, Tag
from backend.staff.schemas import Colleague, Did

LONGEST_TAG = 40
MOST_TAGS = 20


class State(StrEnum):
    NEW = "new"
    FLAGGED = "flagged"
    REVIEWED = "reviewed"


STATE_NAMES = {State.NEW: "nowa", State.FLAGGED: "do wyjaśnienia", State.REVIEWED: "przejrzana"}


class NoSuchThing(Exception):
    """There is no such conversation or message."""


class TooManyTags(Exception):
    """The conversation has as many tags as anybody reads."""


@dataclass(frozen=True)
class Written:
    """What the office has said about one conversation."""

    notes: list[tuple[Note, str]]
    tags: Sequence[str]
    state: State
    by: tuple[Review, str] | None

    @property
    def notes_on(self) -> dict[int | None, list[tuple[Note, str]]]:
        """By the message they are about; None for the conversation."""
        found: dict[int | None, list[tuple[Note, str]]] = {}
        for note, name in self.notes:
            found.setdefault(note.seq, []).append((note, name))
        return found


async def read(session: AsyncSession, conversation_id: str) -> Written:
    by = await repository.review(session, conversation_id)
    return Written(
        await repository.notes(session, conversation_id),
        await repository.tags(session, conversation_id),
        State(by[0].state) if by else State.NEW,
        by,
    )


def as_tag(typed: str) -> str:
    """A tag in its one form: small letters, single spaces, no leading "#", nothing invisible and nothing personal."""
    visible = "".join(character for character in unicodedata.normalize("NFKC", typed) if character.isprintable())
    return re.sub(r"\s+", " ", labelled(visible)).strip(" #").lower()


class Reviews:
    """One colleague's say on one conversation; each act is recorded with what it does. Raises NoSuchThing."""

    def __init__(
        self, clock: Clock, acts: Acts, session: AsyncSession, colleague: Colleague, conversation_id: str
    ) -> None:
        self._clock, self._acts, self._session = clock, acts, session
        self._colleague, self._id = colleague, conversation_id

    async def note(self, text: str, seq: int | None = None) -> None:
        await self._changed()
        if seq is not None:
            event = await chat.event(self._session, self._id, seq)
            if event is None or event.type != "message":
                raise NoSuchThing
        self._session.add(
            Note(
                conversation_id=self._id,
                seq=seq,
                member_id=self._colleague.id,
                at=self._clock.now(),
                text=labelled(text),
            )
        )
        self._record(Did.NOTED)

    async def tag(self, tag: str) -> None:
        """Adds a tag in its one form. Raises TooManyTags."""
        await self._changed()
        if len(await repository.tags(self._session, self._id)) >= MOST_TAGS:
            raise TooManyTags
        await insert_unless_there(self._session, Tag, conversation_id=self._id, tag=tag)
        self._record(Did.TAGGED)

    async def untag(self, tag: str) -> None:
        await self._changed()
        await repository.remove_tag(self._session, self._id, tag)
        self._record(Did.UNTAGGED)

    async def set_state(self, state: State) -> None:
        await self._changed()
        values = {"state": state.value, "member_id": self._colleague.id, "at": self._clock.now()}
        await self._session.merge(Review(conversation_id=self._id, **values))
        self._record(Did.REVIEWED, state.value)

    async def hold(self, reason: str) -> None:
        """Keeps the conversation beyond its time (GDPR, art. 17(3)(e)), for a reason."""
        conversation = await self._changed()
        conversation.hold = labelled(reason)
        self._record(Did.HELD, conversation.hold)

    async def release(self) -> None:
        conversation = await self._changed()
        conversation.hold = None
        self._record(Did.RELEASED)

    async def _changed(self) -> Conversation:
        """The conversation, locked, so that two who say something about it do so one after the other."""
        conversation = await chat.conversation(self._session, self._id, lock=True)
        if conversation is None:
            raise NoSuchThing
        conversation.changes += 1
        return conversation

    def _record(self, kind: Did, reason: str | None = None) -> None:
        self._acts.record(self._session, kind, self._colleague.id, self._id, reason)
