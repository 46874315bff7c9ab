"""Every query of the chat. What belongs to one conversation takes its id first."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from sqlalchemy import and_, func, or_, select, update
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
)


async def conversation(session: AsyncSession, conversation_id: str, *, lock: bool = False) -> Conversation | None:
    return await session.get(Conversation, conversation_id, with_for_update=lock or None)


async def message_by_client_id(session: AsyncSession, conversation_id: str, client_id: str) -> InboxMessage | None:
    query = select(InboxMessage).where(
        InboxMessage.conversation_id == conversation_id, InboxMessage.client_id == client_id
    )
    return await session.scalar(query)


async def unanswered(session: AsyncSession, conversation_id: str) -> int:
    query = select(func.count()).where(
        InboxMessage.conversation_id == conversation_id, InboxMessage.answered_at.is_(None)
    )
    return await session.scalar(query) or 0


async def message_in_work(session: AsyncSession, message_id: int) -> InboxMessage | None:
    """The message, if it has not been answered meanwhile."""
    query = select(InboxMessage).where(InboxMessage.id == message_id, InboxMessage.answered_at.is_(None))
    return await session.scalar(query)


async def open_messages(session: AsyncSession, conversation_id: str) -> list[InboxMessage]:
    query = (
        select(InboxMessage)
        .where(InboxMessage.conversation_id == conversation_id, InboxMessage.answered_at.is_(None))
        .order_by(InboxMessage.seq)
    )
    return list(await session.scalars(query))


async def conversations_with_work(session: AsyncSession) -> list[str]:
    query = select(InboxMessage.conversation_id).where(InboxMessage.answered_at.is_(None)).distinct()
    return list(await session.scalars(query))


async def events_after(session: AsyncSession, conversation_id: str, seq: int) -> list[Event]:
    query = select(Event).where(Event.conversation_id == conversation_id, Event.seq > seq).order_by(Event.seq)
    return list(await session.scalars(query))


async def event(session: AsyncSession, conversation_id: str, seq: int) -> Event | None:
    query = select(Event).where(Event.conversation_id == conversation_id, Event.seq == seq)
    return await session.scalar(query)


async def choice(session: AsyncSession, conversation_id: str, choice_id: str) -> Choice | None:
    query = select(Choice).where(Choice.conversation_id == conversation_id, Choice.id == choice_id)
    return await session.scalar(query)


async def open_choices(session: AsyncSession, conversation_id: str) -> list[Choice]:
    """The choices still to be taken, the latest message's first."""
    query = (
        select(Choice)
        .where(Choice.conversation_id == conversation_id, Choice.closed.is_(False))
        .order_by(Choice.seq.desc())
    )
    return list(await session.scalars(query))


async def close_choices_of_message(session: AsyncSession, conversation_id: str, seq: int) -> None:
    await session.execute(
        update(Choice).where(Choice.conversation_id == conversation_id, Choice.seq == seq).values(closed=True)
    )


async def close_choices_of_other_forms(session: AsyncSession, conversation_id: str, form: str | None) -> None:
    """Closes what belongs to a form that is no longer open."""
    await session.execute(
        update(Choice)
        .where(
            Choice.conversation_id == conversation_id,
            Choice.closed.is_(False),
            Choice.form.is_not(None),
            Choice.form.is_distinct_from(form),
        )
        .values(closed=True)
    )


async def state(session: AsyncSession, conversation_id: str) -> dict[str, Any]:
    row = await session.get(DialogueState, conversation_id)
    return row.state if row else {}


async def save_state(session: AsyncSession, conversation_id: str, new: dict[str, Any]) -> None:
    row = await session.get(DialogueState, conversation_id)
    if row is None:
        session.add(DialogueState(conversation_id=conversation_id, state=new))
    else:
        row.state = new


async def put_feedback(session: AsyncSession, feedback: Feedback) -> None:
    await session.merge(feedback)


LogRow = tuple[Conversation, TurnRecord | None]


async def recent(session: AsyncSession, limit: int) -> list[LogRow]:
    """Conversations by last activity, each with the record of its last turn."""
    last = (
        select(TurnRecord.conversation_id, func.max(TurnRecord.seq).label("seq"))
        .group_by(TurnRecord.conversation_id)
        .subquery()
    )
    query = (
        select(Conversation, TurnRecord)
        .outerjoin(last, last.c.conversation_id == Conversation.id)
        .outerjoin(TurnRecord, and_(TurnRecord.conversation_id == last.c.conversation_id, TurnRecord.seq == last.c.seq))
        .order_by(Conversation.last_activity_at.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def record(session: AsyncSession, conversation_id: str, seq: int) -> TurnRecord | None:
    return await session.get(TurnRecord, (conversation_id, seq))


async def message(session: AsyncSession, conversation_id: str, seq: int) -> InboxMessage | None:
    query = select(InboxMessage).where(InboxMessage.conversation_id == conversation_id, InboxMessage.seq == seq)
    return await session.scalar(query)


async def message_before(session: AsyncSession, conversation_id: str, seq: int) -> InboxMessage | None:
    """What the customer said or chose before the message `seq`."""
    query = (
        select(InboxMessage)
        .where(InboxMessage.conversation_id == conversation_id, InboxMessage.seq < seq)
        .order_by(InboxMessage.seq.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def records(session: AsyncSession, conversation_id: str) -> dict[int, TurnRecord]:
    query = select(TurnRecord).where(TurnRecord.conversation_id == conversation_id)
    return {record.seq: record for record in await session.scalars(query)}


async def tell_to_wait(session: AsyncSession, message_id: int) -> bool:
    """True for the first one to say that an answer takes a moment, and only while there is none."""
    result = await session.execute(
        update(InboxMessage)
        .where(
            InboxMessage.id == message_id,
            InboxMessage.answered_at.is_(None),
            InboxMessage.told_to_wait.is_(False),
        )
        .values(told_to_wait=True)
        .returning(InboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return result.scalar() is not None


async def idle_since(session: AsyncSession, before: dt.datetime, after: str, most: int) -> list[str]:
    """Ids, in order and behind `after`, of conversations without activity since and under no hold; they are locked."""
    query = select(Conversation.id).where(
        Conversation.id > after,
        Conversation.last_activity_at < before,
        Conversation.hold.is_(None),
        Conversation.taken_by.is_(None),
    )
    query = query.order_by(Conversation.id).limit(most)
    return list(await session.scalars(query.with_for_update(skip_locked=True)))


async def shown_events(
    session: AsyncSession, conversation_id: str, *, before: int | None = None, after: int | None = None, most: int
) -> list[Event]:
    """At most so many events in order: the first ones after a seq, or else the last ones before one, or of all.

    `answered` closes a turn and shows nothing, so it is left out.
    """
    query = select(Event).where(Event.conversation_id == conversation_id, Event.type != "answered")
    if after is not None:
        return list(await session.scalars(query.where(Event.seq > after).order_by(Event.seq).limit(most)))
    if before is not None:
        query = query.where(Event.seq < before)
    return list(await session.scalars(query.order_by(Event.seq.desc()).limit(most)))[::-1]


async def shows_more(
    session: AsyncSession, conversation_id: str, *, before: int | None = None, after: int | None = None
) -> bool:
    """Whether `shown_events` has any before a seq, or after one."""
    query = select(Event.seq).where(Event.conversation_id == conversation_id, Event.type != "answered")
    query = query.where(Event.seq < before if before is not None else Event.seq > (after or 0))
    return await session.scalar(query.limit(1)) is not None


Part = TypeVar("Part", TurnRecord, Feedback, Choice, InboxMessage)


async def parts_between(
    session: AsyncSession, part: type[Part], conversation_id: str, first: int, last: int
) -> list[Part]:
    """What belongs to the events of these seqs, in their order."""
    query = select(part).where(part.conversation_id == conversation_id, part.seq.between(first, last))
    return list(await session.scalars(query.order_by(part.seq)))


async def changed(session: AsyncSession, most: int) -> list[Conversation]:
    """Conversations that need a new summary."""
    query = select(Conversation).where(Conversation.changes > Conversation.summarised)
    return list(await session.scalars(query.order_by(Conversation.id).limit(most)))


async def note_summarised(session: AsyncSession, conversation_id: str, changes: int) -> bool:
    """Notes that a summary knows so many changes; False where the conversation is gone or one knows as many."""
    query = update(Conversation).where(Conversation.id == conversation_id, Conversation.summarised < changes)
    noted = query.values(summarised=changes).returning(Conversation.id)
    return await session.scalar(noted.execution_options(synchronize_session=False)) is not None


async def typed(session: AsyncSession, conversation_id: str) -> set[int]:
    """The seqs of messages that were written, not chosen."""
    query = select(InboxMessage.seq).where(
        InboxMessage.conversation_id == conversation_id, InboxMessage.payload.is_(None)
    )
    return set(await session.scalars(query))


async def scores(session: AsyncSession, conversation_id: str) -> list[str]:
    return list(await session.scalars(select(Feedback.score).where(Feedback.conversation_id == conversation_id)))


async def effects(session: AsyncSession, conversation_id: str) -> list[Effect]:
    return list(await session.scalars(select(Effect).where(Effect.conversation_id == conversation_id)))


async def raise_doubt(session: AsyncSession, conversation_id: str, seq: int, doubt: float) -> None:
    """In one statement, so that a decision made meanwhile stays."""
    query = update(TurnRecord).where(TurnRecord.conversation_id == conversation_id, TurnRecord.seq == seq)
    lower = or_(TurnRecord.doubt.is_(None), and_(TurnRecord.doubt > 0, TurnRecord.doubt < doubt))
    await session.execute(query.where(lower).values(doubt=doubt).execution_options(synchronize_session=False))
