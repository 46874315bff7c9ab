"""Queries on what runs now."""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from backend.chat.models import Conversation, Event, InboxMessage

ATTACHED = "/attach_file"


async def running(session: AsyncSession, since: dt.datetime, most: int) -> list[tuple[Conversation, Event | None]]:
    """Open conversations in which a customer spoke and something happened since, or that the office has; each with
    its latest handover. Those that wait for a person come first, the longest waiting before others.
    """
    handoff = aliased(Event)
    latest = (
        select(func.max(handoff.seq))
        .where(handoff.conversation_id == Conversation.id, handoff.type == "handoff")
        .correlate(Conversation)
        .scalar_subquery()
    )
    waits = case((Event.body["state"].as_string() == "offered", Event.at), else_=None)
    query = (
        select(Conversation, Event)
        .outerjoin(Event, and_(Event.conversation_id == Conversation.id, Event.seq == latest))
        .where(
            Conversation.closed_at.is_(None),
            or_(Conversation.last_activity_at > since, Conversation.taken_by.is_not(None)),
            exists().where(InboxMessage.conversation_id == Conversation.id),
        )
        .order_by(waits.is_(None), waits, Conversation.last_activity_at.desc())
        .limit(most)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def silent_since(session: AsyncSession, before: dt.datetime) -> list[str]:
    """Conversations that the office has and in which nobody of it spoke since."""
    query = select(Conversation.id).where(Conversation.taken_by.is_not(None), Conversation.spoke_at <= before)
    return list(await session.scalars(query))


async def attachments(session: AsyncSession, conversation_id: str) -> dict[int, int]:
    """The ids of the files that the customer sent, by the seq of their message."""
    query = select(InboxMessage.seq, InboxMessage.payload).where(
        InboxMessage.conversation_id == conversation_id, InboxMessage.payload.startswith(ATTACHED)
    )
    rows = await session.execute(query)
    return {seq: int(json.loads(payload.removeprefix(ATTACHED))["file"]) for seq, payload in rows if payload}
