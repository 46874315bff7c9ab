from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime

CONFIRMED, ASSUMED = "confirmed", "assumed"
"""How sure it is that a customer needed nobody."""


class Summary(Base):
    """One row a conversation: what the office filters, counts and exports. Made anew whenever a conversation changed.

    `day` is that of the last activity in Warsaw. `messages` counts the customer's, and `said` is how the last one
    begins. `intents` are the likeliest of each message in order, `confidence` is the lowest of a typed one,
    `milliseconds` the mean time to answer, `tasks` how each task that was begun went (tasks.py). `handover` is the last
    one's state. `contained` tells how sure it is that the customer needed nobody, None where they did.
    `words` holds what is filtered by as words of their own, and the folded lemmas of what people wrote, for the
    full-text index (search.py).
    """

    __tablename__ = "summaries"
    __table_args__ = (
        Index("ix_summaries_activity", "last_activity_at", "conversation_id"),
        Index("ix_summaries_words", text("string_to_array(words, ' '::text)"), postgresql_using="gin").ddl_if(
            dialect="postgresql"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), unique=True)
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    last_activity_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    day: Mapped[dt.date]
    channel: Mapped[str] = mapped_column(String(20))
    team: Mapped[str | None] = mapped_column(String(3))
    customer_id: Mapped[int | None]
    messages: Mapped[int]
    said: Mapped[str | None] = mapped_column(String(200))
    intents: Mapped[list[str]] = mapped_column(JSON)
    confidence: Mapped[float | None]
    fallbacks: Mapped[int]
    handover: Mapped[str | None] = mapped_column(String(8))
    contained: Mapped[str | None] = mapped_column(String(9))
    tasks: Mapped[dict[str, Any]] = mapped_column(JSON)
    thumbs_up: Mapped[int]
    thumbs_down: Mapped[int]
    milliseconds: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text)


class Review(Base):
    """How far the office is with a conversation: `new`, `flagged` or `reviewed`."""

    __tablename__ = "reviews"

    conversation_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Tag(Base):
    __tablename__ = "conversation_tags"

    conversation_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)


class Note(Base):
    """What a member wrote about a conversation, or about one message of it."""

    __tablename__ = "conversation_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    seq: Mapped[int | None]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
