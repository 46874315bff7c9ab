"""Documents and payments: plain facts for the action, a placeholder for everything the customer reads."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanic import Blueprint, HTTPResponse, Request, json
from sqlalchemy.ext.asyncio import AsyncSession

from backend import quantities
from backend.billing import service as billing
from backend.billing.schemas import KINDS, STATES, DocumentCard, DocumentFilter, Kind, PaymentCard
from backend.chat.turns import RunningTurn
from backend.internal.calls import Call, Internal, context, read, show_all, shown, typed
from bot import placeholders
from bot.placeholders import PATTERN

documents = Blueprint("documents", url_prefix="/internal/documents")

LISTED = 5
"""Documents in one list; who wants more sees them in the portal."""

PAYMENTS = 12


class FindDocuments(Call):
    """What was shown is told by its placeholder, `number` is what was typed; the rest narrows a list.

    `documents` are themselves meant, `older_than` and `newer_than` the document next to one of the same kind,
    `latest` how many of the newest ones.
    """

    documents: tuple[str, ...] = ()
    older_than: str | None = None
    newer_than: str | None = None
    number: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    kind: Kind | None = None
    unpaid: bool = False
    overdue: bool = False
    latest: int = 0


class FindPayments(Call):
    first: dt.date | None = None
    last: dt.date | None = None


@documents.post("/")
async def find_documents(request: Request) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, FindDocuments)
    async with internal.database.read() as session:
        customer_id = await internal.identity.customer_id(session, turn.conversation_id)
        found, more = await _find(internal, session, turn, call, customer_id)
        on_way = [await internal.payments.on_way(session, customer_id, document) for document in found]
    facts = [
        _facts(internal, turn, document, customer_id, n)
        | show_all(internal, turn, customer_id, {"on_way": quantities.amount(grosze) if grosze else ""})
        for n, (document, grosze) in enumerate(zip(found, on_way, strict=True), 1)
    ]
    return json({"documents": facts, "more": more, "online": internal.payments.offered})


@documents.post("/payments")
async def find_payments(request: Request) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, FindPayments)
    async with internal.database.read() as session:
        customer_id = await internal.identity.customer_id(session, turn.conversation_id)
        found = await billing.payments_in(session, customer_id, call.first, call.last, PAYMENTS + 1)
        total, count = await billing.paid_in(session, customer_id, call.first, call.last)
    facts = [
        {
            "day": quantities.long_date(payment.received),
            "amount": internal.turns.show(
                turn, placeholders.Kind.AMOUNT, quantities.amount(payment.amount), customer_id
            ),
            "document": internal.turns.show(turn, placeholders.Kind.LABEL, _credited(payment), customer_id),
        }
        for payment in found[:PAYMENTS]
    ]
    values = {
        "total": internal.turns.show(turn, placeholders.Kind.AMOUNT, quantities.amount(total), customer_id),
        "count": internal.turns.show(
            turn, placeholders.Kind.COUNT, quantities.plural(count, "wpłata", "wpłaty", "wpłat"), customer_id
        ),
    }
    return json({"payments": facts, "more": len(found) > PAYMENTS, "values": values})


async def _find(
    internal: Internal, session: AsyncSession, turn: RunningTurn, call: FindDocuments, customer_id: int
) -> tuple[list[DocumentCard], bool]:
    today = internal.clock.today()
    if call.documents or call.older_than or call.newer_than:
        return await _find_shown(internal, session, turn, call, customer_id), False
    if call.number:
        kept = await _find_numbered(internal, session, turn, call, customer_id)
        return kept[:LISTED], len(kept) > LISTED
    wanted = DocumentFilter(
        kind=call.kind,
        unpaid=call.unpaid or call.overdue,
        due_before=today if call.overdue else None,
        first=call.first,
        last=call.last,
    )
    page = await billing.documents(session, customer_id, today, wanted)
    listed = min(call.latest or LISTED, LISTED)
    return page.items[:listed], len(page.items) > listed and not call.latest


async def _find_shown(
    internal: Internal, session: AsyncSession, turn: RunningTurn, call: FindDocuments, customer_id: int
) -> list[DocumentCard]:
    """The documents that were shown, or the one next to the one that was."""
    today = internal.clock.today()
    beside = call.older_than or call.newer_than
    numbers = [
        await shown(internal, session, turn, placeholder, customer_id)
        for placeholder in ([beside] if beside else call.documents[:LISTED])
    ]
    found = [
        document
        for number in numbers
        if number and (document := await billing.document(session, customer_id, number, today))
    ]
    if not beside or not found:
        return found
    older = call.older_than is not None
    neighbour = await billing.document_next_to(session, customer_id, found[0], today, older=older)
    return [neighbour] if neighbour else []


async def _find_numbered(
    internal: Internal, session: AsyncSession, turn: RunningTurn, call: FindDocuments, customer_id: int
) -> list[DocumentCard]:
    """What a typed number may mean, and of that what a period beside it leaves where it leaves something."""
    written = call.number or ""
    if PATTERN.fullmatch(written):
        written = await typed(internal, session, turn, written)
    found = await billing.documents_like(session, customer_id, written, internal.clock.today())
    return [document for document in found if _is_within(document, call.first, call.last)] or found


def _is_within(document: DocumentCard, first: dt.date | None, last: dt.date | None) -> bool:
    begins, ends = document.period_from or document.issued, document.period_to or document.issued
    return (last is None or begins <= last) and (first is None or ends >= first)


def _facts(
    internal: Internal, turn: RunningTurn, document: DocumentCard, customer_id: int, place: int
) -> dict[str, Any]:
    def show(kind: placeholders.Kind, text: str) -> str:
        return internal.turns.show(turn, kind, text, customer_id)

    day = document.period_to or document.issued
    number = show(placeholders.Kind.LABEL, document.document_no)
    facts: dict[str, Any] = {
        "n": place,
        "kind": document.kind,
        "state": document.state,
        "what": KINDS[document.kind],
        "how": STATES[document.state].lower(),
        "title": f"{place}. {KINDS[document.kind].split()[0]} {day:%m.%Y}",
        "number": number,
        "about": show(placeholders.Kind.LABEL, _about(document)),
        "amount": show(placeholders.Kind.AMOUNT, quantities.amount(document.amount)),
        "change": show(placeholders.Kind.AMOUNT, quantities.amount(abs(document.amount))),
        "lower": document.amount < 0,
        "left": show(placeholders.Kind.AMOUNT, quantities.amount(abs(document.left))),
        "due": show(placeholders.Kind.DATE, quantities.long_date(document.due)),
        "account": show(placeholders.Kind.LABEL, quantities.account(document.account_nrb)),
        "first": (document.period_from or day).replace(day=1).isoformat(),
        "last": day.isoformat(),
    }
    if document.corrects:
        facts["corrects"] = show(placeholders.Kind.LABEL, document.corrects)
    return facts


def _credited(payment: PaymentCard) -> str:
    return f"dokument {payment.document_no}" if payment.document_no else "na konto klienta"


def _about(document: DocumentCard) -> str:
    if document.period_from and document.period_to:
        period = quantities.span(document.period_from, document.period_to)
        return f"za {'rok' if period.isdigit() else 'okres'} {period}"
    return f"z dnia {quantities.long_date(document.issued)}"
