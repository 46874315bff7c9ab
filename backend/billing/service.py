"""What customers owe, to the grosz."""

from __future__ import annotations

import datetime as dt
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend import working_days
from backend.billing import numbers, repository
from backend.billing.models import Document, Payment
from backend.billing.schemas import (
    PAGE,
    Balance,
    DocumentCard,
    DocumentFilter,
    Kind,
    Line,
    Page,
    PaymentCard,
    State,
)
from backend.clock import WARSAW


async def balance(session: AsyncSession, customer_id: int, now: dt.datetime) -> Balance:
    """The customer's balance as the newest import has it."""
    total, overdue, count, next_due = await repository.sums(session, customer_id, now.astimezone(WARSAW).date())
    next_amount = await repository.left_to_pay_on(session, customer_id, next_due) if next_due else 0
    as_of = await repository.as_of(session)
    local = as_of.astimezone(WARSAW) if as_of else None
    return Balance(total, overdue, count, next_due, next_amount, local, local is not None and is_stale(local, now))


async def documents(
    session: AsyncSession, customer_id: int, today: dt.date, wanted: DocumentFilter, page: int = 1
) -> Page[DocumentCard]:
    """The customer's documents, the newest first."""
    found = await repository.documents(session, customer_id, wanted, (page - 1) * PAGE, PAGE + 1)
    return Page([_card(document, today) for document in found[:PAGE]], len(found) > PAGE)


async def document(session: AsyncSession, customer_id: int, document_no: str, today: dt.date) -> DocumentCard | None:
    """None for one that is not there or another customer's."""
    found = await repository.document(session, customer_id, document_no)
    return _card(found, today) if found else None


async def documents_like(session: AsyncSession, customer_id: int, typed: str, today: dt.date) -> list[DocumentCard]:
    """The customer's documents that may be meant by a number typed carelessly, the newest first."""
    meant = numbers.matching(typed, list(await repository.document_numbers(session, customer_id)))
    return [_card(document, today) for document in await repository.numbered(session, customer_id, meant)]


async def document_next_to(
    session: AsyncSession, customer_id: int, document: DocumentCard, today: dt.date, *, older: bool
) -> DocumentCard | None:
    """The next older or newer document of the same kind."""
    found = await repository.next_to(session, customer_id, document, older=older)
    return _card(found, today) if found else None


async def lines(session: AsyncSession, document: DocumentCard) -> list[Line]:
    """The lines of a document that was found for its customer."""
    return [
        Line(
            name=line.name,
            quantity=line.quantity,
            unit=line.unit,
            net=line.net_grosze,
            vat_rate=line.vat_rate,
            vat=line.vat_grosze,
            meter_from=line.meter_from,
            meter_to=line.meter_to,
        )
        for line in await repository.lines(session, document.document_no)
    ]


async def years(session: AsyncSession, customer_id: int) -> list[int]:
    """The years in which documents may lie, the newest first."""
    first, last = await repository.first_and_last_issued(session, customer_id)
    return list(range(last.year, first.year - 1, -1)) if first and last else []


async def payments(session: AsyncSession, customer_id: int, page: int = 1) -> Page[PaymentCard]:
    """What the customer paid, the newest first."""
    found = await repository.payments(session, customer_id, (page - 1) * PAGE, PAGE + 1)
    return Page([_payment(row) for row in found[:PAGE]], len(found) > PAGE)


async def payments_in(
    session: AsyncSession, customer_id: int, first: dt.date | None, last: dt.date | None, limit: int
) -> list[PaymentCard]:
    """Payments received between two days, the newest first."""
    found = await repository.payments(session, customer_id, 0, limit, first, last)
    return [_payment(row) for row in found]


async def paid_in(
    session: AsyncSession, customer_id: int, first: dt.date | None, last: dt.date | None
) -> tuple[int, int]:
    """Grosze received between two days, and in how many payments."""
    return await repository.paid(session, customer_id, first, last)


def _payment(row: Payment) -> PaymentCard:
    return PaymentCard(row.payment_no, row.document_no, row.received, row.amount_grosze)


def _card(document: Document, today: dt.date) -> DocumentCard:
    return DocumentCard(
        document_no=document.document_no,
        contract_no=document.contract_no,
        kind=cast(Kind, document.kind),
        issued=document.issued,
        due=document.due,
        period_from=document.period_from,
        period_to=document.period_to,
        amount=document.amount_grosze,
        paid=document.paid_grosze,
        state=_state(document, today),
        account_nrb=document.account_nrb,
        ksef_no=document.ksef_no,
        ksef_sha256=document.ksef_sha256,
        corrects=document.corrects,
    )


def _state(document: Document, today: dt.date) -> State:
    left = document.amount_grosze - document.paid_grosze
    if left > 0:
        return "overdue" if document.due < today else "due"
    return "overpaid" if left < 0 else "paid"


def is_stale(as_of: dt.datetime, now: dt.datetime) -> bool:
    """Whether more than one working day lies between: data of Friday 18:00 are fresh until Monday 18:00."""
    local = as_of.astimezone(WARSAW)
    return now > dt.datetime.combine(working_days.after(local.date()), local.timetz())
