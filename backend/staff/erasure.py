"""Removing what the office wrote about conversations. What its people did stays on record: it holds ids alone."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from backend.staff.conversations.models import Note, Review, Summary, Tag
from backend.staff.teaching.models import Lesson

_PARTS = (Note, Tag, Review, Summary, Lesson)


async def forget(session: AsyncSession, _customer_id: int, conversation_ids: Collection[str]) -> None:
    for part in _PARTS:
        await session.execute(delete(part).where(part.conversation_id.in_(conversation_ids)))
