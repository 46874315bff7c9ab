from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class Member(Base):
    """Somebody of the office. Until the invitation is used there is no password, and nobody can sign in.

    `second_factor` is the encrypted secret of the authenticator, `last_step` the last 30 seconds whose code was used.
    """

    __tablename__ = "staff_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    roles: Mapped[list[str]] = mapped_column(JSON)
    team: Mapped[str | None] = mapped_column(String(3))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    second_factor: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(default=0)
    invitation_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """A browser of a member. With the password alone it is good for nothing but the second factor."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    whole: Mapped[bool]
    tries: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)


class Act(Base):
    """What a member did or saw. The database itself refuses to change or remove a row.

    `subject` is the id of a conversation, a ticket's number or a filter's address; never a value.
    """

    __tablename__ = "staff_acts"
    __table_args__ = (
        Index("ix_staff_acts_at", "at", "id"),
        Index("ix_staff_acts_kind", "kind", "at", "id"),
        Index("ix_staff_acts_member_id", "member_id", "at", "id"),
        Index("ix_staff_acts_subject", "subject", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str | None] = mapped_column(String(400))
    reason: Mapped[str | None] = mapped_column(Text)
