"""Pulpit and Faktury: the balance, documents and payments."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote, urlencode

from sanic import Blueprint, HTTPResponse, Request, raw
from sanic.exceptions import NotFound
from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing import service
from backend.billing.schemas import KINDS, Balance, DocumentCard, DocumentFilter, Kind
from backend.billing.transfers import transfer_of
from backend.portal.pages import page
from backend.portal.visitors import Visitor, for_customers, portal_of
from backend.printing import service as printing

billing = Blueprint("billing")

LATEST = 3
LAST_PAGE = 1000


@billing.get("/pulpit")
@for_customers
async def dashboard(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    clock = portal_of(request).clock
    balance = await service.balance(session, visitor.id, clock.now())
    latest = await service.documents(session, visitor.id, clock.today(), DocumentFilter())
    words, colour = _balance_words(balance)
    return page(
        request,
        "dashboard.html",
        visitor,
        balance=balance,
        balance_words=words,
        balance_colour=colour,
        latest=latest.items[:LATEST],
    )


@billing.get("/faktury")
@for_customers
async def documents(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    clock, wanted, number = portal_of(request).clock, _filter(request), _number(request)
    balance = await service.balance(session, visitor.id, clock.now())
    return page(
        request,
        "documents.html",
        visitor,
        balance=balance,
        balance_words=_balance_words(balance)[0],
        years=await service.years(session, visitor.id),
        wanted=wanted,
        found=await service.documents(session, visitor.id, clock.today(), wanted, number),
        number=number,
        address=lambda other: _address(request, "/faktury", other),
    )


@billing.get("/faktury/dokument")
@for_customers
async def document(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    found, payments = await _document(request, session, visitor), portal_of(request).payments
    on_way = await payments.on_way(session, visitor.id, found)
    return page(
        request,
        "document.html",
        visitor,
        document=found,
        lines=await service.lines(session, found),
        on_way=on_way,
        online=payments.offered and found.left > on_way,
    )


@billing.get("/faktury/pdf")
@for_customers
async def pdf(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    portal = portal_of(request)
    found = await _document(request, session, visitor)
    gathered = await printing.gather(session, visitor.customer, found, portal.settings.cutover, portal.clock.today())
    name = quote(f"{found.document_no.replace('/', '-')}.pdf")
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return raw(await portal.printer.pdf(gathered), content_type="application/pdf", headers=headers)


@billing.get("/faktury/przelew")
@for_customers
async def transfer(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    """The QR code of what is left to pay. Raises NotFound where there is nothing."""
    code = transfer_of(await _document(request, session, visitor), portal_of(request).settings)
    if code is None:
        raise NotFound
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return raw(code, content_type="image/svg+xml", headers=headers)


@billing.get("/faktury/wplaty")
@for_customers
async def payments(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    number = _number(request)
    return page(
        request,
        "payments.html",
        visitor,
        found=await service.payments(session, visitor.id, number),
        number=number,
        address=lambda other: _address(request, "/faktury/wplaty", other),
    )


async def _document(request: Request, session: AsyncSession, visitor: Visitor) -> DocumentCard:
    """Raises NotFound, also for another customer's."""
    today = portal_of(request).clock.today()
    found = await service.document(session, visitor.id, request.args.get("numer", ""), today)
    if found is None:
        raise NotFound
    return found


def _balance_words(balance: Balance) -> tuple[str, str]:
    """What the balance is, in words and as a colour of the tile."""
    if balance.total_grosze > 0:
        return "Do zapłaty", "red"
    if balance.total_grosze < 0:
        return "Nadpłata", "green"
    return "Nie ma nic do zapłaty", "plain"


def _filter(request: Request) -> DocumentFilter:
    """What stands in the address; what makes no sense there narrows nothing."""
    year, kind = request.args.get("rok", ""), request.args.get("rodzaj", "")
    sensible = year.isascii() and year.isdecimal() and len(year) == 4 and year > "1900"
    return DocumentFilter(
        year=int(year) if sensible else None,
        kind=cast(Kind, kind) if kind in KINDS else None,
        unpaid=request.args.get("niezaplacone") == "tak",
    )


def _number(request: Request) -> int:
    typed = request.args.get("strona", "1")
    return min(max(int(typed), 1), LAST_PAGE) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 1


def _address(request: Request, path: str, number: int) -> str:
    kept = [(name, value) for name, value in request.query_args if name != "strona"]
    return f"{path}?{urlencode([*kept, ('strona', number)])}"
