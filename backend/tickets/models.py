from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime
from bot.folding import fold

_MAY_BE_VALUE = re.compile(r"[\w.+@-]*[\d@][\w.+@-]*")


def folded(ticket_no: str, about: str | None, subject: str, text: str) -> str:
    """What is told of a ticket, as it is searched, without words that hold a digit or an @.

    Those are hidden from who reads the ticket, and would be read by looking for them digit by digit.
    """
    words = _MAY_BE_VALUE.sub(" ", f"{subject}\n{text}")
    return fold(f"{ticket_no}\n{about or ''}\n{words}")


def _folded_row(context: Any) -> str:
    row = context.get_current_parameters()
    about = row.get("document_no") or row.get("contract_no")
    return folded(row["ticket_no"], about, row["subject"], row["text"])


class Ticket(Base):
    """A zgłoszenie: query, complaint, documents, service or access."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_status", "status", "opened", "ticket_no"),
        Index("ix_tickets_opened", "opened", "ticket_no"),
    )

    ticket_no: Mapped[str] = mapped_column(String(40), primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    """None for somebody whose identity is not confirmed; `contact` is then where the number was sent."""
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    team: Mapped[str | None] = mapped_column(String(3))
    """None for an imported one: the team of the customer's kind."""
    kind: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(24))
    opened: Mapped[dt.date]
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text, default=_folded_row)
    """What the office searches."""
    document_no: Mapped[str | None] = mapped_column(String(60))
    contract_no: Mapped[str | None] = mapped_column(String(40))
    conversation_id: Mapped[str | None] = mapped_column(String(40), index=True)
    """The conversation it was written in; it may be gone."""
    opened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    row_digest: Mapped[str | None] = mapped_column(String(64))
    """None for one that was made here and not imported."""
    imported_status: Mapped[str | None] = mapped_column(String(24))
    """What the import brought, where it has changed here since."""
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    """Counts changes, so that nobody of the office overwrites what they have not read."""
    waits_since: Mapped[dt.date | None]
    """The day from which the answer is due, where that is not the day it was opened: the customer came back to it."""
    closed_on: Mapped[dt.date | None]
    """None for one that is open, or that an import brought closed."""


class TicketMessage(Base):
    """What the customer or the office adds to a ticket."""

    __tablename__ = "ticket_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_no: Mapped[str] = mapped_column(ForeignKey("tickets.ticket_no"), index=True)
    author: Mapped[str] = mapped_column(String(8))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)


class TicketFile(Base):
    """A file of a ticket, or of the one being written in a conversation.

    The content is encrypted and read only when it is asked for.
    """

    __tablename__ = "ticket_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_no: Mapped[str | None] = mapped_column(ForeignKey("tickets.ticket_no"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(String(40), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    """Who of the office attached it; None for the customer's."""
    name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
