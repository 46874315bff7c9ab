from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class Conversation(Base):
    """One person's exchange on one channel. `expects` is what the last question told the vault to look for.

    `changes` counts what the office's summary tells of, `summarised` how many of them it knows. `taken_by` is the
    member of the office who speaks instead of the assistant, and `spoke_at` when they last did. One under legal hold,
    for the reason in `hold`, is kept.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index(
            "ix_conversations_changed",
            "id",
            sqlite_where=text("changes > summarised"),
            postgresql_where=text("changes > summarised"),
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    last_activity_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    last_seq: Mapped[int] = mapped_column(default=0)
    expects: Mapped[str | None] = mapped_column(String(20))
    changes: Mapped[int] = mapped_column(default=1)
    summarised: Mapped[int] = mapped_column(default=0)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"), index=True)
    spoke_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    hold: Mapped[str | None] = mapped_column(Text)


class Event(Base):
    """What happened, in order. Texts hold placeholders; they are filled when somebody who may see them reads."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    type: Mapped[str] = mapped_column(String(20))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    in_reply_to: Mapped[int | None]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class InboxMessage(Base):
    """A message that was accepted and what Rasa is asked: the customer's text, or a taken choice's payload."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id"),
        UniqueConstraint("conversation_id", "seq"),
        Index("ix_inbox_open", "answered_at", "conversation_id", "seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    client_id: Mapped[str] = mapped_column(String(36))
    body_digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    payload: Mapped[str | None] = mapped_column(Text)
    accepted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    told_to_wait: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Choice(Base):
    """A button. `payload` is its meaning for Rasa; `form` the open form it belongs to, with which it ends."""

    __tablename__ = "choices"
    __table_args__ = (Index("ix_choices_open", "conversation_id", "closed"),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    title: Mapped[str] = mapped_column(String(60))
    payload: Mapped[str] = mapped_column(Text)
    form: Mapped[str | None] = mapped_column(String(40))
    closed: Mapped[bool] = mapped_column(default=False)


class VaultValue(Base):
    """A personal value, encrypted. `customer_id` is set for what is shown: only that customer's grant opens it."""

    __tablename__ = "vault"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    customer_id: Mapped[int | None]
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


class DialogueState(Base):
    """Where Rasa stands in a conversation, as its tracker store saved it after the last answered turn."""

    __tablename__ = "dialogue_states"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)


class TurnRecord(Base):
    """What was understood and done in a turn: the office's first window.

    `doubt` is how badly a typed message was understood (doubts.py), and negative once the office has decided about it.
    """

    __tablename__ = "turn_records"
    __table_args__ = (
        Index(
            "ix_turn_records_doubt",
            "doubt",
            "conversation_id",
            "seq",
            sqlite_where=text("doubt > 0"),
            postgresql_where=text("doubt > 0"),
        ),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    intents: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    actions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    fallback: Mapped[bool]
    doubt: Mapped[float | None]
    attempts: Mapped[int]
    milliseconds: Mapped[int]


class Effect(Base):
    """The result of something that changed the world, so that a turn taken again does not do it twice."""

    __tablename__ = "effects"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    status: Mapped[int]
    result: Mapped[dict[str, Any]] = mapped_column(JSON)


class Feedback(Base):
    __tablename__ = "feedback"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    score: Mapped[str] = mapped_column(String(4))
    comment: Mapped[str | None] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
