"""Removing what the office wrote about conversations. What its people did stays on record: it holds ids alone."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import Clock
from backend.staff.acts import Acts
from backend.staff.conversations.models import Note, Review, Summary, Tag
from backend.staff.schemas import Did
from backend.staff.teaching.models import Lesson

_PARTS = (Note, Tag, Review, Summary, Lesson)


class Erasure:
    def __init__(self, clock: Clock) -> None:
        self._acts = Acts(clock)

    async def forget(self, session: AsyncSession, _customer_id: int, conversation_ids: Collection[str]) -> None:
        """Removes it and notes for each conversation that it is gone."""
        for part in _PARTS:
            await session.execute(delete(part).where(part.conversation_id.in_(conversation_ids)))
        for conversation_id in sorted(conversation_ids):
            self._acts.record(session, Did.DELETED, None, conversation_id)
