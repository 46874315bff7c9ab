from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

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
