from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class Account(Base):
    """A customer's way into the portal. Until a password is set nobody can sign in."""

    __tablename__ = "accounts"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_set_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    terms_version: Mapped[str | None] = mapped_column(String(20))
    terms_accepted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Proof(Base):
    """Something sent by letter that proves who reads the mailbox: a link, or a one-time password for a page.

    `handle_digest` is of what stands in the page's address, `secret_digest` of what the letter holds besides. Without
    a customer it was asked for by somebody unknown, and proves nothing. `ciphertext` holds a new e-mail address.
    """

    __tablename__ = "proofs"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    handle_digest: Mapped[str] = mapped_column(String(64), unique=True)
    secret_digest: Mapped[str | None] = mapped_column(String(64))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    ciphertext: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
