"""A ticket as its page shows it: personal values in texts as labels, but for the one that was asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend import quantities
from backend.chat.vault import labelled
from backend.clock import WARSAW
from backend.customers import service as customers
from backend.customers.schemas import CustomerCard
from backend.staff import repository as staff
from backend.tickets.schemas import Case, Said

FIRST_TEXT, SUBJECT, EMAIL, PHONE = "tresc", "temat", "e-mail", "telefon"


@dataclass(frozen=True)
class Entry:
    """A text of the ticket. `hides` where labels stand in it for values; `at` is a day for the first one."""

    key: str
    author: str
    who: str
    at: dt.date
    text: str
    hides: bool
    is_new: bool

    @property
    def name(self) -> str:
        if isinstance(self.at, dt.datetime):
            return f"Wiadomość: {self.who}, {quantities.moment(self.at.astimezone(WARSAW))}"
        return "Treść zgłoszenia"


@dataclass(frozen=True)
class TicketView:
    """`email` is where letters about the ticket go; `revealed` the key of what is shown of `hidden`."""

    case: Case
    subject: str
    customer: CustomerCard | None
    email: str | None
    names: dict[int, str]
    entries: list[Entry]
    revealed: str | None

    @property
    def hidden(self) -> dict[str, str]:
        """What may be shown, in words, by key."""
        found = {EMAIL: "Adres e-mail"} if self.email else {}
        if self.customer and self.customer.phone:
            found[PHONE] = "Numer telefonu"
        if labelled(self.case.card.ticket.subject) != self.case.card.ticket.subject:
            found[SUBJECT] = "Temat"
        return found | {entry.key: entry.name for entry in self.entries if entry.hides}


async def of(session: AsyncSession, case: Case, seen: int | None = None, reveal: str | None = None) -> TicketView:
    """`seen` is how many messages a colleague had read before; what came since is marked."""
    card = case.card
    known = await customers.cards(session, [card.customer_id]) if card.customer_id is not None else []
    authors = [said.member_id for said in case.messages] + [file.member_id for file in case.files]
    names = await staff.names(session, {one for one in authors if one is not None})
    opened = Said(0, "customer", None, dt.datetime.min, card.ticket.text)
    entries = [_entry(FIRST_TEXT, opened, card.ticket.opened, names, reveal, is_new=False)]
    for number, said in enumerate(case.messages):
        is_new = seen is not None and number >= seen
        entries.append(_entry(f"w{said.id}", said, said.at, names, reveal, is_new=is_new))
    customer = known[0] if known else None
    email = customer.email if customer else case.contact
    subject = card.ticket.subject if reveal == SUBJECT else labelled(card.ticket.subject)
    return TicketView(case, subject, customer, email, names, entries, reveal)


def _entry(key: str, said: Said, at: dt.date, names: dict[int, str], reveal: str | None, *, is_new: bool) -> Entry:
    masked = labelled(said.text)
    who = "Klient" if said.author == "customer" else names.get(said.member_id or 0, "Biuro")
    text = said.text if key == reveal else masked
    return Entry(key, said.author, who, at, text, hides=masked != said.text, is_new=is_new)
