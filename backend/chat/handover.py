"""A person of the office speaks in a conversation instead of the assistant, for a while."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import dialogue, repository
from backend.chat.answers import compose
from backend.chat.events import Events
from backend.chat.models import Conversation, Effect
from backend.chat.turns import Turns
from backend.chat.vault import Vault
from backend.clock import Clock
from backend.identity.service import Identity
from backend.wording import Wording


class Handover:
    """The caller holds the conversation's row."""

    def __init__(
        self, clock: Clock, wording: Wording, vault: Vault, events: Events, identity: Identity, turns: Turns
    ) -> None:
        self._clock, self._wording, self._vault = clock, wording, vault
        self._events, self._identity, self._turns = events, identity, turns

    async def take(
        self, session: AsyncSession, conversation: Conversation, member_id: int, name: str, team: str
    ) -> None:
        """The assistant says who is there and falls silent.

        What waits for an answer is the person's now. What the assistant was doing is given up, so that it does not go
        on with half a form when the conversation comes back.
        """
        now = self._clock.now()
        conversation.taken_by, conversation.spoke_at, conversation.expects = member_id, now, None
        state = await repository.state(session, conversation.id)
        await repository.save_state(session, conversation.id, dialogue.left(state))
        await repository.close_choices_of_other_forms(session, conversation.id, None)
        self._events.append(session, conversation, "handoff", {"state": "taken", "team": team, "name": name})
        self._events.say(session, conversation, "say_taken_over", name=name)
        for message in await repository.open_messages(session, conversation.id):
            message.answered_at = now
            self._events.answered_by_person(session, conversation, message.seq, message.text)

    async def write(self, session: AsyncSession, conversation: Conversation, name: str, text: str, key: str) -> bool:
        """Says it to the customer; False, and nothing is said twice, for the same `key` again.

        Personal values in it are for the customer whose grant lives; without one they stay hidden behind their labels.
        """
        effect = f"{conversation.id}/office/{key}"
        if await session.get(Effect, effect):
            return False
        session.add(Effect(key=effect, conversation_id=conversation.id, status=200, result={}))
        grant = await self._identity.live_grant(session, conversation.id)
        reader = grant.customer_id if grant else None
        masked = self._vault.take_out_of_office(session, conversation, conversation.last_seq + 1, text, reader)
        self._events.append(session, conversation, "message", {"from": "staff", "name": name, "text": masked})
        conversation.spoke_at = self._clock.now()
        return True

    def give_back(self, session: AsyncSession, conversation: Conversation, team: str, sentence: str) -> None:
        """The assistant speaks again and says so by `sentence`."""
        conversation.taken_by = conversation.spoke_at = None
        self._events.append(session, conversation, "handoff", {"state": "returned", "team": team})
        self._turns.append_answer(session, conversation, compose(self._wording.sentence(sentence), self._wording, team))
