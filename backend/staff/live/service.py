"""Taking over: who may step into which running conversation, what they do there is on record, and how it ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository as chat
from backend.chat.handover import Handover
from backend.chat.models import Conversation, Event
from backend.chat.vault import labelled
from backend.clock import Clock
from backend.customers import service as customers
from backend.identity.service import Identity
from backend.problems import Problem
from backend.staff import repository as staff
from backend.staff.acts import Acts
from backend.staff.conversations import belonging
from backend.staff.conversations.models import Note
from backend.staff.live import repository
from backend.staff.schemas import Colleague, Did

RUNNING = dt.timedelta(minutes=15)
"""Without activity for so long a conversation does not run any more."""

SILENCE = dt.timedelta(minutes=15)
"""After so long without a word from the office the assistant speaks again."""

MOST = 100
"""Conversations in the list."""


class NotTaken(Exception):
    """The colleague does not have the conversation; the message says why."""


@dataclass(frozen=True)
class Talk:
    """A running conversation. `team` is the identified customer's, or what an unknown one named when asked.

    `waiting_since` is when a person was offered, and `holder` the colleague who has it.
    """

    conversation: Conversation
    identified: bool
    team: str | None
    waiting_since: dt.datetime | None
    holder: str | None


class Live:
    def __init__(self, clock: Clock, identity: Identity, handover: Handover, acts: Acts) -> None:
        self._clock, self._identity, self._handover, self._acts = clock, identity, handover, acts

    async def running(self, session: AsyncSession, colleague: Colleague) -> list[Talk]:
        """Conversations of the colleague's team and of nobody known, those that wait for a person first."""
        rows = await repository.running(session, self._clock.now() - RUNNING, 10 * MOST)
        teams = await self._teams(session, [conversation.id for conversation, _ in rows])
        holders = await staff.names(session, {row.taken_by for row, _ in rows if row.taken_by})
        return [
            _talk(conversation, teams.get(conversation.id, frozenset()), handoff, holders)
            for conversation, handoff in rows
            if colleague.team in teams.get(conversation.id, {colleague.team})
        ][:MOST]

    async def conversation(
        self, session: AsyncSession, colleague: Colleague, conversation_id: str, *, lock: bool = False
    ) -> Conversation:
        """Raises Problem 404 for an unknown one, 403 for one of the other team."""
        found = await chat.conversation(session, conversation_id, lock=lock)
        if found is None:
            raise Problem(404, "Nie ma takiej rozmowy.")
        if not (await belonging.of(session, conversation_id)).is_for(colleague):
            raise Problem(403, "To rozmowa klienta, którego obsługuje drugi zespół.")
        return found

    def runs(self, conversation: Conversation) -> bool:
        is_recent = conversation.last_activity_at > self._clock.now() - RUNNING
        return conversation.closed_at is None and (is_recent or conversation.taken_by is not None)

    async def holder(self, session: AsyncSession, conversation: Conversation) -> str | None:
        """The name of the colleague who has it."""
        member = await staff.member(session, conversation.taken_by) if conversation.taken_by else None
        return member.name if member else None

    async def take(self, session: AsyncSession, colleague: Colleague, conversation_id: str) -> None:
        """Gives the conversation to the colleague; to the one who has it, again. Of two at once exactly one gets it.

        Raises NotTaken, and Problem as `conversation` does.
        """
        conversation = await self.conversation(session, colleague, conversation_id, lock=True)
        if conversation.taken_by == colleague.id:
            return
        if name := await self.holder(session, conversation):
            raise NotTaken(f"Tę rozmowę prowadzi już {name}.")
        if not self.runs(conversation):
            raise NotTaken("Ta rozmowa już się zakończyła, więc nie można jej przejąć.")
        await self._handover.take(session, conversation, colleague.id, colleague.first_name, _team(colleague))
        self._acts.record(session, Did.TOOK_OVER, colleague.id, conversation_id)

    async def write(
        self, session: AsyncSession, colleague: Colleague, conversation_id: str, text: str, key: str
    ) -> None:
        """Says it to the customer; the same `key` again says nothing twice. Raises NotTaken."""
        conversation = await self._held(session, colleague, conversation_id)
        if await self._handover.write(session, conversation, colleague.first_name, text, key):
            self._acts.record(session, Did.WROTE, colleague.id, conversation_id)

    async def give_back(self, session: AsyncSession, colleague: Colleague, conversation_id: str, summary: str) -> None:
        """The assistant speaks again; the summary stays with the conversation as a note. Raises NotTaken."""
        conversation = await self._held(session, colleague, conversation_id)
        self._handover.give_back(session, conversation, _team(colleague), "say_handed_back")
        note = Note(conversation_id=conversation_id, seq=None, member_id=colleague.id, text=labelled(summary))
        note.at = self._clock.now()
        session.add(note)
        self._acts.record(session, Did.HANDED_BACK, colleague.id, conversation_id)

    async def silent(self, session: AsyncSession) -> list[str]:
        """Conversations in which the office has been silent for too long."""
        return await repository.silent_since(session, self._clock.now() - SILENCE)

    async def give_back_silent(self, session: AsyncSession, conversation_id: str) -> None:
        """Gives it back to the assistant, unless somebody of the office spoke or gave it back meanwhile."""
        conversation = await chat.conversation(session, conversation_id, lock=True)
        if conversation is None or conversation.taken_by is None or conversation.spoke_at is None:
            return
        if conversation.spoke_at > self._clock.now() - SILENCE:
            return
        member = await staff.member(session, conversation.taken_by)
        team = (member.team if member else None) or ""
        self._handover.give_back(session, conversation, team, "say_handed_back_silent")
        self._acts.record(session, Did.HANDED_BACK, None, conversation_id, reason="15 minut ciszy")

    async def _held(self, session: AsyncSession, colleague: Colleague, conversation_id: str) -> Conversation:
        """The conversation, which the colleague has. Raises NotTaken, and Problem as `conversation` does."""
        conversation = await self.conversation(session, colleague, conversation_id, lock=True)
        if conversation.closed_at is not None:
            raise NotTaken("Rozmowa już się zakończyła.")
        if conversation.taken_by != colleague.id:
            name = await self.holder(session, conversation)
            has_it = f"Tę rozmowę prowadzi teraz {name}."
            raise NotTaken(has_it if name else "Ta rozmowa wróciła już do asystenta. Przejmij ją ponownie.")
        return conversation

    async def _teams(self, session: AsyncSession, conversation_ids: list[str]) -> dict[str, frozenset[str]]:
        """The teams of the customers who were identified, by conversation; nothing for those of nobody known."""
        known = await self._identity.identified(session, conversation_ids)
        cards = await customers.cards(session, sorted({one for ids in known.values() for one in ids}))
        teams = {card.id: card.team for card in cards}
        return {talk: frozenset(teams[one] for one in ids if one in teams) for talk, ids in known.items()}


def _team(colleague: Colleague) -> str:
    """Who may take over is of a team."""
    return colleague.team or ""


def _talk(conversation: Conversation, teams: frozenset[str], handoff: Event | None, holders: dict[int, str]) -> Talk:
    waits = handoff is not None and handoff.body["state"] == "offered"
    return Talk(
        conversation,
        identified=bool(teams),
        team=min(teams) if teams else handoff.body["team"] if handoff and waits else None,
        waiting_since=handoff.at if handoff and waits else None,
        holder=holders.get(conversation.taken_by or 0),
    )
