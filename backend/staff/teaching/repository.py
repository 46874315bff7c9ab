"""Every query of the teaching: what waits for a decision, and what was decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, literal, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat.models import Event, InboxMessage, TurnRecord
from backend.database import UtcDateTime
from backend.staff.models import Member
from backend.staff.teaching.models import Lesson
from backend.staff.teaching.schemas import Place, Purpose

WAITS = text("turn_records.doubt > 0")
"""Written out, so that SQLite too finds the index that holds these rows alone."""

ANSWERED_WITHIN = 40
"""Events; the answer to a message stands right behind it."""

_WORST_FIRST = (TurnRecord.doubt.desc(), TurnRecord.conversation_id.desc(), TurnRecord.seq.desc())
_TURN = tuple_(TurnRecord.conversation_id, TurnRecord.seq)


def _pairs(places: Collection[Place]) -> list[tuple[str, int]]:
    return [(place.conversation_id, place.seq) for place in places]


async def doubtful(session: AsyncSession, most: int) -> list[tuple[TurnRecord, str]]:
    """Records of what was understood worst and waits for a decision, with the message's text; the worst first."""
    worst = (
        select(TurnRecord.conversation_id, TurnRecord.seq).where(WAITS).order_by(*_WORST_FIRST).limit(most).subquery()
    )
    query = (
        select(TurnRecord, InboxMessage.text)
        .join(worst, (worst.c.conversation_id == TurnRecord.conversation_id) & (worst.c.seq == TurnRecord.seq))
        .join(
            InboxMessage, (InboxMessage.conversation_id == worst.c.conversation_id) & (InboxMessage.seq == worst.c.seq)
        )
        .order_by(*_WORST_FIRST)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def waiting_texts(session: AsyncSession, places: Collection[Place]) -> dict[Place, str]:
    """The texts of those of the messages that still wait for a decision; their records are locked."""
    lock = select(TurnRecord.conversation_id, TurnRecord.seq).where(WAITS, _TURN.in_(_pairs(places)))
    # In one order, so that two who decide about the same messages do not wait for each other.
    locked = await session.execute(lock.order_by(TurnRecord.conversation_id, TurnRecord.seq).with_for_update())
    waiting = [Place(row[0], row[1]) for row in locked]
    query = select(InboxMessage.conversation_id, InboxMessage.seq, InboxMessage.text).where(
        tuple_(InboxMessage.conversation_id, InboxMessage.seq).in_(_pairs(waiting))
    )
    return {Place(row[0], row[1]): row[2] for row in await session.execute(query)}


async def turn_doubts(session: AsyncSession, places: Collection[Place]) -> None:
    """Decided ones wait again, waiting ones are decided."""
    query = update(TurnRecord).where(_TURN.in_(_pairs(places))).values(doubt=-TurnRecord.doubt)
    await session.execute(query.execution_options(synchronize_session=False))


async def said_before(session: AsyncSession, place: Place) -> str | None:
    query = (
        select(InboxMessage.text)
        .where(InboxMessage.conversation_id == place.conversation_id, InboxMessage.seq < place.seq)
        .order_by(InboxMessage.seq.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def answers(session: AsyncSession, place: Place) -> list[str]:
    query = (
        select(Event)
        .where(
            Event.conversation_id == place.conversation_id,
            Event.seq.between(place.seq + 1, place.seq + ANSWERED_WITHIN),
            Event.in_reply_to == place.seq,
            Event.type == "message",
        )
        .order_by(Event.seq)
    )
    return [str(event.body["text"]) for event in await session.scalars(query)]


async def decided_before(session: AsyncSession, digests: Collection[str]) -> Sequence[Lesson]:
    """Lessons on the same sentences, those skipped left out."""
    query = select(Lesson).where(Lesson.digest.in_(digests), Lesson.intent.is_not(None))
    return (await session.scalars(query.order_by(Lesson.at))).all()


async def lessons(
    session: AsyncSession, before: tuple[dt.datetime, Place] | None, most: int
) -> list[tuple[Lesson, str]]:
    """The latest decisions with who made them, behind `before` where one is given."""
    order = (Lesson.at, Lesson.conversation_id, Lesson.seq)
    query = select(Lesson, Member.name).join(Member, Member.id == Lesson.member_id)
    if before:
        at, place = before
        here = tuple_(literal(at, UtcDateTime), place.conversation_id, place.seq)
        query = query.where(tuple_(*order) < here)
    found = await session.execute(query.order_by(*(column.desc() for column in order)).limit(most))
    return [(row[0], row[1]) for row in found]


async def taught(session: AsyncSession, purpose: Purpose, since: dt.datetime | None) -> Sequence[Lesson]:
    """What was decided for a purpose, the earliest first."""
    query = select(Lesson).where(Lesson.purpose == purpose.value, Lesson.intent.is_not(None))
    if since:
        query = query.where(Lesson.at >= since)
    return (await session.scalars(query.order_by(Lesson.at, Lesson.conversation_id, Lesson.seq))).all()


async def count_taught(session: AsyncSession, purpose: Purpose) -> int:
    query = select(func.count()).where(Lesson.purpose == purpose.value, Lesson.intent.is_not(None))
    return await session.scalar(query) or 0


async def remove(session: AsyncSession, place: Place) -> bool:
    """False where there is no such lesson."""
    query = delete(Lesson).where(Lesson.conversation_id == place.conversation_id, Lesson.seq == place.seq)
    return bool((await session.execute(query.returning(Lesson.seq))).first())
