"""Removing whole conversations: everything said, understood and remembered in them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat.models import (
    Choice,
    Conversation,
    DialogueState,
    Effect,
    Event,
    Feedback,
    InboxMessage,
    TurnRecord,
    VaultValue,
)
from backend.chat.vault import bare
from backend.secrecy import Cipher

_PARTS = (Feedback, Effect, TurnRecord, DialogueState, VaultValue, Choice, InboxMessage, Event)


async def conversations_that_hold(session: AsyncSession, cipher: Cipher, values: Collection[str]) -> set[str]:
    """Conversations in whose vault one of these values lies, however it was written."""
    wanted = {bare(value) for value in values}
    found = set()
    rows = await session.stream(select(VaultValue.conversation_id, VaultValue.ciphertext))
    async for conversation_id, ciphertext in rows:
        if conversation_id not in found and bare(cipher.decrypt(ciphertext)) in wanted:
            found.add(conversation_id)
    return found


async def forget(session: AsyncSession, conversation_ids: Collection[str]) -> None:
    for conversation_id in sorted(conversation_ids):
        for part in _PARTS:
            await session.execute(delete(part).where(part.conversation_id == conversation_id))
        await session.execute(delete(Conversation).where(Conversation.id == conversation_id))


async def held(session: AsyncSession) -> set[str]:
    """Conversations under legal hold."""
    return set(await session.scalars(select(Conversation.id).where(Conversation.hold.is_not(None))))


async def lock(session: AsyncSession, conversation_ids: Collection[str]) -> None:
    """In one order, as everybody does, so that no two wait for each other."""
    query = select(Conversation.id).where(Conversation.id.in_(conversation_ids)).order_by(Conversation.id)
    await session.execute(query.with_for_update())
