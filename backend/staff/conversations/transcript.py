"""A conversation as the office reads it, a page at a time from its end."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository as chat
from backend.chat.models import Conversation, Event
from backend.staff.conversations import belonging, lines
from backend.staff.conversations.belonging import Belonging
from backend.staff.conversations.lines import Line

PAGE = 100
"""Lines on a page: some fifty turns."""


@dataclass(frozen=True)
class Page:
    """Which stretch of a conversation: up to a seq, or from one on; with neither it is the end."""

    before: int | None = None
    after: int | None = None


END = Page()


def around(seq: int) -> Page:
    """The page that holds a message and what came right after it."""
    return Page(before=seq + PAGE // 2)


@dataclass(frozen=True)
class Transcript:
    """`earlier` and `later` are the seqs to read on from, where there is more."""

    conversation: Conversation
    belonging: Belonging
    lines: list[Line]
    earlier: int | None
    later: int | None


async def read(session: AsyncSession, conversation_id: str, page: Page = END) -> Transcript | None:
    """None where there is no such conversation. A page beyond its ends is its end."""
    conversation = await chat.conversation(session, conversation_id)
    if conversation is None:
        return None
    events = await _events(session, conversation_id, page) or await _events(session, conversation_id, END)
    first, last = (events[0].seq, events[-1].seq) if events else (0, 0)
    return Transcript(
        conversation,
        await belonging.of(session, conversation_id),
        await lines.of(session, conversation_id, events),
        earlier=first if await chat.shows_more(session, conversation_id, before=first) else None,
        later=last if await chat.shows_more(session, conversation_id, after=last) else None,
    )


async def _events(session: AsyncSession, conversation_id: str, page: Page) -> list[Event]:
    return await chat.shown_events(session, conversation_id, before=page.before, after=page.after, most=PAGE)
