from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from backend.customers.schemas import Team

Kind = Literal["query", "complaint", "documents", "service", "access"]
KINDS: dict[Kind, str] = {
    "query": "Zapytanie",
    "complaint": "Reklamacja",
    "documents": "Przesłanie dokumentów",
    "service": "Dyspozycja lub usługa",
    "access": "Dostęp do serwisu",
}
STATUSES = {
    "new": "Nowe",
    "in_progress": "W toku",
    "waiting_for_customer": "Czeka na Twoją odpowiedź",
    "closed": "Zamknięte",
}


COMPLAINT_DAYS = dt.timedelta(days=14)
"""A complaint is answered within 14 days (Prawo energetyczne, art. 5 ust. 6a): for the office, and not promised."""


class TooMany(Exception):
    """More were opened in a short time than anybody needs."""


class FileRefused(Exception):
    """A file is not taken; the message is a Polish sentence that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class TicketCard:
    ticket_no: str
    kind: Kind
    status: str
    opened: dt.date
    subject: str
    text: str
    about: str | None
    """The number of the document or the contract it is about."""

    @property
    def due(self) -> dt.date | None:
        """Until when the office answers; only complaints have such a day."""
        return self.opened + COMPLAINT_DAYS if self.kind == "complaint" else None


@dataclass(frozen=True)
class Draft:
    """What a new ticket says. `files` are the ids of files that lie with the conversation.

    `talk` is the conversation as the office is to read it, where the customer wants it attached.
    """

    kind: Kind
    text: str
    subject: str = ""
    document_no: str | None = None
    contract_no: str | None = None
    conversation_id: str | None = None
    files: tuple[int, ...] = ()
    talk: str = ""


@dataclass(frozen=True)
class Contact:
    """Where somebody can be written to whose identity is not confirmed."""

    email: str
    team: Team


@dataclass(frozen=True)
class Said:
    """A message of a ticket; `author` is "customer" or "staff"."""

    author: str
    at: dt.datetime
    text: str


@dataclass(frozen=True)
class FileCard:
    id: int
    name: str
    mime: str
    size: int


@dataclass(frozen=True)
class Upload:
    """A file that may be kept: told by its content, named safely, a picture made anew."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Thread:
    ticket: TicketCard
    messages: list[Said]
    files: list[FileCard]
