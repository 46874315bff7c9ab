"""Decisions about messages: what they mean, for what, and taking one back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from backend.staff.schemas import Colleague
from backend.staff.teaching import repository
from backend.staff.teaching.examples import digest
from backend.staff.teaching.models import Lesson
from backend.staff.teaching.queue import plain
from backend.staff.teaching.schemas import Place, Purpose


async def decide(
    session: AsyncSession,
    places: Collection[Place],
    intent: str | None,
    purpose: Purpose,
    colleague: Colleague,
    now: dt.datetime,
) -> list[Place]:
    """Keeps what was decided, None to skip them; which of the messages still waited for a decision.

    What somebody has decided about meanwhile stays as they decided.
    """
    waiting = await repository.waiting_texts(session, places)
    for place, typed in waiting.items():
        text = plain(typed)
        session.add(
            Lesson(
                conversation_id=place.conversation_id,
                seq=place.seq,
                text=text,
                digest=digest(text),
                intent=intent,
                purpose=purpose.value,
                member_id=colleague.id,
                at=now,
            )
        )
    await repository.turn_doubts(session, waiting)
    return sorted(waiting)


async def take_back(session: AsyncSession, place: Place) -> bool:
    """The message waits for a decision again. False where nothing was decided about it."""
    removed = await repository.remove(session, place)
    if removed:
        await repository.turn_doubts(session, [place])
    return removed
