"""A document that was asked for on a messenger: shown to who is signed in, or knows the code that goes by e-mail."""

from __future__ import annotations

from urllib.parse import quote

from sanic import Blueprint, HTTPResponse, Request, raw, redirect

from backend.chat.files import document
from backend.customers import service as customers
from backend.forms import Form
from backend.identity.pickups import PATH, Pickup
from backend.identity.schemas import CodeRefused, Refusal
from backend.pages import headers
from backend.portal.pages import page
from backend.portal.visitors import limited, portal_of, visitor_if_any
from backend.problems import Problem

pickup = Blueprint("pickup", url_prefix=PATH)

REFUSALS = {
    Refusal.WRONG: "Ten kod się nie zgadza. Sprawdź, czy to kod z najnowszej wiadomości.",
    Refusal.EXPIRED: "Ten kod stracił ważność. Wyślij nowy.",
    Refusal.LOCKED: "Zbyt wiele prób. Wyślij nowy kod.",
}


@pickup.get("/<token:str>")
async def show(request: Request, token: str) -> HTTPResponse:
    wanted, visitor = _wanted(request, token), await visitor_if_any(request)
    if visitor and visitor.id == wanted.customer_id:
        return redirect(f"/faktury/pdf?numer={quote(wanted.document_no, safe='')}", status=303)
    return page(request, "pickup.html", action=f"{PATH}/{token}", sent=False)


@pickup.post("/<token:str>/kod")
async def send_code(request: Request, token: str) -> HTTPResponse:
    portal, wanted = portal_of(request), _wanted(request, token)
    await limited(request, "letter")
    async with portal.database.write() as session:
        for customer in await customers.cards(session, [wanted.customer_id]):
            await portal.identity.send_code(session, wanted.place, customer.email)
    return page(request, "pickup.html", action=f"{PATH}/{token}", sent=True)


@pickup.post("/<token:str>")
async def enter_code(request: Request, token: str) -> HTTPResponse:
    portal, wanted, form = portal_of(request), _wanted(request, token), Form(request)
    await limited(request, "code")
    typed = form.text("cyfry", 20)
    async with portal.database.write() as session:
        try:
            if not form.errors:
                confirmed = await portal.identity.confirm(session, wanted.place, typed)
                await portal.identity.end(session, wanted.place)
                # Customers who share an address get one letter: each of them may read what goes there.
                if wanted.customer_id not in [customer.id for customer in confirmed.customers]:
                    form.errors["cyfry"] = REFUSALS[Refusal.WRONG]
        except CodeRefused as refused:
            form.errors["cyfry"] = REFUSALS[refused.reason]
    if form.errors:
        return page(request, "pickup.html", status=403, action=f"{PATH}/{token}", sent=True, errors=form.errors)
    return await _pdf(request, wanted)


async def _pdf(request: Request, wanted: Pickup) -> HTTPResponse:
    portal = portal_of(request)
    async with portal.database.read() as session:
        found = await document(request.app.ctx.files, session, wanted.customer_id, wanted.document_no)
    if found is None:
        raise Problem(404, "Nie ma takiego dokumentu.")
    shown = headers(portal.settings) | {"Content-Disposition": f"inline; filename*=UTF-8''{quote(found.name or '')}"}
    return raw(found.content, content_type=found.content_type, headers=shown)


def _wanted(request: Request, token: str) -> Pickup:
    wanted = portal_of(request).pickups.open(token)
    if wanted is None:
        raise Problem(404, "Ten odnośnik już nie działa. Poproś asystenta o nowy.")
    return wanted
