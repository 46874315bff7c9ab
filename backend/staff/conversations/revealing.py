"""Showing one personal value to a colleague who says why; the act is on record before the value is seen."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat.models import VaultValue
from backend.chat.vault import ANYBODY, Vault, labelled
from backend.customers import service as customers
from backend.staff.acts import Acts
from backend.staff.conversations import belonging
from backend.staff.conversations.masking import label
from backend.staff.schemas import Colleague, Did
from bot.placeholders import Kind


class NotTheirs(Exception):
    """It belongs to a customer of the other team."""


@dataclass(frozen=True)
class Hidden:
    """A value that may be shown to who asked."""

    row: VaultValue

    @property
    def number(self) -> int:
        return self.row.number

    @property
    def label(self) -> str:
        return label(Kind(self.row.kind))


async def find(
    session: AsyncSession, vault: Vault, colleague: Colleague, conversation_id: str, number: int
) -> Hidden | None:
    """None where there is no such value, or none any more. Raises NotTheirs."""
    row = await vault.stored(session, conversation_id, number)
    if row is None:
        return None
    shown_to = [row.customer_id] if row.customer_id not in (None, ANYBODY) else []
    others = [card for card in await customers.cards(session, shown_to) if card.team != colleague.team]
    if others or not (await belonging.of(session, conversation_id)).is_for(colleague):
        raise NotTheirs
    return Hidden(row)


def reveal(session: AsyncSession, vault: Vault, acts: Acts, colleague: Colleague, hidden: Hidden, reason: str) -> str:
    """The value. The record tells which it was and why, never what it is."""
    why = f"{hidden.label}, wartość nr {hidden.number}: {labelled(reason)}"
    acts.record(session, Did.REVEALED, colleague.id, hidden.row.conversation_id, why)
    return vault.value_of(hidden.row)
