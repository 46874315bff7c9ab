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
OFFICE_STATUSES = STATUSES | {"waiting_for_customer": "Czeka na klienta"}
OPEN, ALL = "open", "all"
"""What the office lists beside single statuses: all that are not closed, and all."""

NEWEST_FIRST = ("closed", ALL)
"""Lists that are searched; in the others stands first what is due first."""

COMPLAINT_DAYS = dt.timedelta(days=14)
"""A complaint is answered within 14 days (Prawo energetyczne, art. 5 ust. 6a): for the office, and not promised."""


class TicketMissing(Exception):
    """There is no such ticket, or it is another customer's or another team's."""


class Stale(Exception):
    """The ticket changed after whoever wants to change it had read it."""


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
    """A message of a ticket; `author` is "customer" or "staff", `member_id` who of the staff it was."""

    id: int
    author: str
    member_id: int | None
    at: dt.datetime
    text: str


@dataclass(frozen=True)
class FileCard:
    """`member_id` is who of the office attached it; None for the customer's."""

    id: int
    name: str
    mime: str
    size: int
    member_id: int | None


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


@dataclass(frozen=True)
class Place:
    """Where a ticket stands in the office's list: how soon it is due, since when it waits, its number."""

    urgency: int
    since: dt.date
    ticket_no: str


@dataclass(frozen=True)
class Wanted:
    """Which tickets of a team: `status` is a status, OPEN or ALL; every one of `words` (folded) occurs in it."""

    status: str
    kind: Kind | None = None
    overdue: bool = False
    words: tuple[str, ...] = ()
    after: Place | None = None


@dataclass(frozen=True)
class OfficeCard:
    """A ticket as its team sees it; `due` is None once it is closed."""

    ticket: TicketCard
    customer_id: int | None
    team: Team
    due: dt.date | None
    overdue: bool
    conversation_id: str | None
    version: int


@dataclass(frozen=True)
class OfficePage:
    """`next` is where the next page begins; None on the last."""

    cards: list[OfficeCard]
    next: Place | None


@dataclass(frozen=True)
class Case:
    """A ticket with all that belongs to it. `contact` is the address of somebody who is no customer."""

    card: OfficeCard
    messages: list[Said]
    files: list[FileCard]
    contact: str | None


@dataclass(frozen=True)
class Reply:
    """What a member of the office answers, having read `version`; `status` is what the ticket becomes."""

    member_id: int
    version: int
    text: str
    status: str
    upload: Upload | None = None
