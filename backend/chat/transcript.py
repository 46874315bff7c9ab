"""A conversation as it may be handed on: who said what, personal values as their labels."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository
from bot.placeholders import mask

NAMES = {"customer": "Klient", "bot": "Asystent", "staff": "Biuro"}


async def masked(session: AsyncSession, conversation_id: str) -> str:
    """One line a message."""
    events = await repository.events_after(session, conversation_id, 0)
    said = [event.body for event in events if event.type == "message"]
    return "\n".join(f"{NAMES[body['from']]}: {mask(' '.join(body['text'].split()))}" for body in said)
