"""Whose a conversation is: the team of the customer who was identified in it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import dialogue
from backend.chat import repository as chat
from backend.customers import service as customers
from backend.identity import erasure as identity
from backend.staff.schemas import Colleague


@dataclass(frozen=True)
class Belonging:
    """`teams` are those of the customers whose identity was confirmed; `said` is what somebody unknown named."""

    teams: frozenset[str]
    said: str | None

    @property
    def identified(self) -> bool:
        return bool(self.teams)

    @property
    def team(self) -> str | None:
        return min(self.teams) if self.teams else self.said

    def is_for(self, colleague: Colleague) -> bool:
        """A conversation of the colleague's own team, or of nobody known."""
        return not self.teams or colleague.team in self.teams


async def of(session: AsyncSession, conversation_id: str) -> Belonging:
    known = await customers.cards(session, list(await identity.customers_of(session, {conversation_id})))
    said = dialogue.team(await chat.state(session, conversation_id))
    return Belonging(frozenset(customer.team for customer in known), said)
