from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Literal, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class Balance:
    """What a customer owes, in grosze: `total` above zero is to pay, below zero overpaid.

    `overdue` is what is left to pay on documents past due, `next_due` the earliest due date not yet past with something
    left to pay. `stale` says that the data are older than one working day.
    """

    total_grosze: int
    overdue_grosze: int
    overdue_count: int
    next_due: dt.date | None
    next_due_grosze: int
    as_of: dt.datetime | None
    stale: bool


Kind = Literal["invoice", "correction", "interest_note"]
State = Literal["paid", "due", "overdue", "overpaid"]
KINDS: dict[Kind, str] = {"invoice": "Faktura", "correction": "Korekta faktury", "interest_note": "Nota odsetkowa"}
STATES: dict[State, str] = {
    "paid": "Rozliczona",
    "due": "Do zapłaty",
    "overdue": "Po terminie",
    "overpaid": "Nadpłacona",
}


@dataclass(frozen=True)
class DocumentCard:
    """A document as a list shows it; amounts are grosze, `left` below zero is overpaid."""

    document_no: str
    contract_no: str
    kind: Kind
    issued: dt.date
    due: dt.date
    period_from: dt.date | None
    period_to: dt.date | None
    amount: int
    paid: int
    state: State
    account_nrb: str
    ksef_no: str | None
    ksef_sha256: str | None
    corrects: str | None

    @property
    def left(self) -> int:
        return self.amount - self.paid


@dataclass(frozen=True)
class PaymentCard:
    payment_no: str
    document_no: str | None
    received: dt.date
    amount: int


@dataclass(frozen=True)
class Line:
    """A line of a document: quantities in `unit`, amounts in grosze, the rate as it is printed ("23%")."""

    name: str
    quantity: Decimal
    unit: str
    net: int
    vat_rate: str
    vat: int
    meter_from: Decimal | None
    meter_to: Decimal | None


@dataclass(frozen=True)
class DocumentFilter:
    """What a list is narrowed to; None is everything.

    `first` and `last` are days of the period that a document is about, or of its issue where it names none.
    """

    year: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    kind: Kind | None = None
    unpaid: bool = False
    due_before: dt.date | None = None


PAGE = 24
"""Rows on a page of a list."""


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A part of a list, and whether there is more behind it."""

    items: list[Item]
    more: bool
