"""Every query on what the office wrote about a conversation. Takes the conversation's id first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.staff.conversations.models import Note, Review, Tag
from backend.staff.models import Member


async def notes(session: AsyncSession, conversation_id: str) -> list[tuple[Note, str]]:
    """The notes in their order, each with the name of who wrote it."""
    query = select(Note, Member.name).join(Member).where(Note.conversation_id == conversation_id).order_by(Note.id)
    return [(row[0], row[1]) for row in await session.execute(query)]


async def tags(session: AsyncSession, conversation_id: str) -> Sequence[str]:
    query = select(Tag.tag).where(Tag.conversation_id == conversation_id).order_by(Tag.tag)
    return (await session.scalars(query)).all()


async def remove_tag(session: AsyncSession, conversation_id: str, tag: str) -> None:
    await session.execute(delete(Tag).where(Tag.conversation_id == conversation_id, Tag.tag == tag))


async def review(session: AsyncSession, conversation_id: str) -> tuple[Review, str] | None:
    """How far the office is, and who said so."""
    query = select(Review, Member.name).join(Member).where(Review.conversation_id == conversation_id)
    row = (await session.execute(query)).first()
    return (row[0], row[1]) if row else None
