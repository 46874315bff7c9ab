"""An answer on its way: into the ticket, by letter, and into the conversation the ticket came from."""

from __future__ import annotations

import secrets

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository as chat
from backend.chat.handover import Handover
from backend.chat.models import Conversation
from backend.identity.service import Identity
from backend.staff.acts import Acts
from backend.staff.schemas import Colleague, Did
from backend.tickets.desk import Desk
from backend.tickets.schemas import OfficeCard, Reply
from backend.wording import Wording


class Replies:
    def __init__(self, desk: Desk, wording: Wording, identity: Identity, handover: Handover, acts: Acts) -> None:
        self._desk, self._wording, self._identity = desk, wording, identity
        self._handover, self._acts = handover, acts

    async def send(self, session: AsyncSession, colleague: Colleague, ticket_no: str, reply: Reply) -> str | None:
        """Answers a ticket; the conversation in which it was said too. Raises what `Desk.reply` does.

        The conversation is locked before the ticket, as everybody does who needs both.
        """
        team = colleague.team or ""
        origin = await self._desk.conversation_of(session, team, ticket_no)
        conversation = await chat.conversation(session, origin, lock=True) if origin else None
        card = await self._desk.reply(session, team, ticket_no, reply)
        self._acts.record(session, Did.ANSWERED, colleague.id, ticket_no)
        if conversation is None or not await self._may_read(session, conversation, card):
            return None
        text = f"{self._wording.sentence('say_ticket_answered')['text']}\n\n{reply.text}"
        # The ticket's version has seen to it that this is said once; its number is none of the conversation's store.
        key = secrets.token_urlsafe(12)
        await self._handover.write(session, conversation, colleague.first_name, text, key)
        return conversation.id

    async def _may_read(self, session: AsyncSession, conversation: Conversation, card: OfficeCard) -> bool:
        """Whether the conversation is open and whoever holds it is who wrote the ticket: that customer, identified
        now, or the stranger, who has nothing but the conversation.
        """
        if conversation.closed_at is not None:
            return False
        if card.customer_id is None:
            return True
        grant = await self._identity.live_grant(session, conversation.id)
        return grant is not None and grant.customer_id == card.customer_id
