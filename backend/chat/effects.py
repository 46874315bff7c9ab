"""Once: what changes the world carries the key turn + action + subject, and its result is kept under it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository
from backend.chat.models import Effect
from backend.chat.turns import RunningTurn
from backend.problems import Problem

Result = tuple[int, dict[str, Any]]
"""Status and body; no personal value, placeholders at most."""


async def once(
    session: AsyncSession, turn: RunningTurn, action: str, subject: str, work: Callable[[], Awaitable[Result]]
) -> Result:
    """Does `work` in this transaction, or gives what it gave when an earlier attempt of the turn did it.

    Raises Problem 409 where a person of the office has the conversation: what the assistant was doing is over.
    """
    conversation = await repository.conversation(session, turn.conversation_id, lock=True)
    if conversation is None or conversation.taken_by is not None:
        raise Problem(409, "This turn is not in work.")
    key = f"{turn.conversation_id}/{turn.seq}/{action}/{subject}"
    if done := await session.get(Effect, key):
        return done.status, done.result
    status, result = await work()
    session.add(Effect(key=key, conversation_id=turn.conversation_id, status=status, result=result))
    return status, result
