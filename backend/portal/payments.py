"""Paying a document online: begun here, paid at the provider's, and how it went."""

from __future__ import annotations

from urllib.parse import quote

from sanic import Blueprint, HTTPResponse, Request, redirect
from sanic.exceptions import NotFound
from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing import service as billing
from backend.payments.schemas import PaymentRefused
from backend.portal.pages import page
from backend.portal.visitors import Visitor, for_customers, portal_of

payments = Blueprint("online-payments", url_prefix="/faktury")


@payments.post("/zaplac")
@for_customers
async def begin(request: Request, _session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    """Begins a payment of what is left; where nothing is, back to the document."""
    portal, number = portal_of(request), request.args.get("numer", "")
    async with portal.database.write() as session:
        document = await billing.document(session, visitor.id, number, portal.clock.today())
        if document is None:
            raise NotFound
        try:
            payment_id = await portal.payments.begin(session, visitor.id, document)
        except PaymentRefused:
            return redirect(f"/faktury/dokument?numer={quote(number, safe='')}", status=303)
    return redirect(f"/faktury/platnosc?id={payment_id}", status=303)


@payments.get("/platnosc")
@for_customers
async def payment(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    portal = portal_of(request)
    found = await portal.payments.find(session, visitor.id, request.args.get("id", ""))
    if found is None:
        raise NotFound
    address = await portal.payments.address(found) if found.state == "started" else None
    return page(request, "payment.html", visitor, payment=found, address=address)
