from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class IdentityCode(Base):
    """A one-time code that was asked for in a conversation. `customer_ids` is empty for an unknown address."""

    __tablename__ = "identity_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    address_digest: Mapped[str] = mapped_column(String(64))
    customer_ids: Mapped[list[int]] = mapped_column(JSON)
    code_digest: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    replaced_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class PortalSession(Base):
    """A customer signed in to the portal. `until` moves with what the customer does there, or in the assistant."""

    __tablename__ = "portal_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    began_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)


class Grant(Base):
    """The right of one conversation to read one customer's data until a time.

    While several customers share the address, `customer_id` waits for the customer to choose among `candidates`.
    One with a `session_id` lives exactly as long as that session.
    """

    __tablename__ = "grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("portal_sessions.id"), index=True)
    candidates: Mapped[list[int]] = mapped_column(JSON)
    confirmed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)
