from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class IdentityCode(Base):
    """A one-time code that was asked for in a conversation. `customer_ids` is empty for an unknown address."""

    __tablename__ = "identity_codes"
    __table_args__ = (Index("ix_identity_codes_address", "address_digest", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    address_digest: Mapped[str] = mapped_column(String(64))
    customer_ids: Mapped[list[int]] = mapped_column(JSON)
    code_digest: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    replaced_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Grant(Base):
    """The right of one conversation to read one customer's data until a time.

    While several customers share the address, `customer_id` waits for the customer to choose among `candidates`.
    """

    __tablename__ = "grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    candidates: Mapped[list[int]] = mapped_column(JSON)
    confirmed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)
