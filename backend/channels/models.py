from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class ChannelAccount(Base):
    """Somebody on a platform: found by a keyed hash, the address encrypted.

    `conversation_id` is what goes on with them now, and `sent_seq` and `sent_part` how far it has been sent: the
    conversation's events are the outbox. `customer_id` is whose account it is, once that was confirmed in the portal.
    """

    __tablename__ = "channel_accounts"
    __table_args__ = (UniqueConstraint("channel", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    address: Mapped[bytes] = mapped_column(LargeBinary)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    heard_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    blocked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    sent_seq: Mapped[int] = mapped_column(default=0)
    sent_part: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class ChannelTalk(Base):
    """The conversations that an account has had."""

    __tablename__ = "channel_talks"

    account_id: Mapped[int] = mapped_column(ForeignKey("channel_accounts.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)


class ChannelArrival(Base):
    """What a platform told us. `content` is encrypted, and gone once it has been taken into a conversation.

    The platform's id is kept as a keyed hash, since WhatsApp's holds a telephone number.
    """

    __tablename__ = "channel_arrivals"
    __table_args__ = (
        UniqueConstraint("channel", "platform_digest"),
        Index("ix_channel_arrivals_open", "done_at", "channel", "account_digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    platform_digest: Mapped[str] = mapped_column(String(64))
    account_digest: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    arrived_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class ChannelSent(Base):
    """What a platform calls a message of ours, as a keyed hash, while it may still tell that it could not deliver it.

    It may tell so before we know whose message that was: `conversation_id` and `seq`, or `reason`, come first.
    """

    __tablename__ = "channel_sent"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    seq: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(20))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Undelivered(Base):
    """A message that did not get there: `window` (too late to write), `blocked`, or why it was refused."""

    __tablename__ = "undelivered"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ChannelLink(Base):
    """A one-time link made in the portal. Once somebody has opened it on the platform, their account and name wait here
    for the customer to confirm them.
    """

    __tablename__ = "channel_links"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_accounts.id"), index=True)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
