"""What the links and images of a conversation open: a document, a chart, a transfer's QR code."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from sanic import Blueprint, HTTPResponse, Request, raw
from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing import service as billing
from backend.billing.transfers import transfer_of
from backend.clock import Clock
from backend.consumption import service as consumption
from backend.consumption.chart import bars
from backend.customers import service as customers
from backend.database import Database
from backend.identity.links import PATH, Links
from backend.printing import service as printing
from backend.printing.document import Printer
from backend.problems import Problem
from backend.settings import Settings

files = Blueprint("chat-files", url_prefix=PATH)

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
SVG = "image/svg+xml"


@dataclass(frozen=True)
class Files:
    """What the route works with, made when the app starts."""

    settings: Settings
    database: Database
    clock: Clock
    links: Links
    printer: Printer


@dataclass(frozen=True)
class File:
    content: bytes
    content_type: str
    name: str | None = None


@files.get("/<token:str>")
async def file(request: Request, token: str) -> HTTPResponse:
    """The same 404 for a link that was altered, has expired, or whose identity has ended."""
    app: Files = request.app.ctx.files
    async with app.database.read() as session:
        found = await opened_file(app, session, token)
    if found is None:
        raise Problem(404, "Ten odnośnik już nie działa. Poproś o nowy w rozmowie.", headers=HEADERS)
    headers = HEADERS
    if found.name:
        headers = HEADERS | {"Content-Disposition": f"inline; filename*=UTF-8''{quote(found.name)}"}
    return raw(found.content, content_type=found.content_type, headers=headers)


async def opened_file(app: Files, session: AsyncSession, token: str) -> File | None:
    """What the token opens now."""
    opened = await app.links.open(session, token)
    make = _MAKERS.get(opened.thing) if opened else None
    return await make(app, session, opened.customer_id, opened.subject) if make and opened else None


async def document(app: Files, session: AsyncSession, customer_id: int, number: str) -> File | None:
    """A customer's document as PDF; None where that customer has none of this number."""
    today = app.clock.today()
    found = await billing.document(session, customer_id, number, today)
    if found is None:
        return None
    customer = (await customers.cards(session, [customer_id]))[0]
    gathered = await printing.gather(session, customer, found, app.settings.cutover, today)
    return File(await app.printer.pdf(gathered), "application/pdf", f"{number.replace('/', '-')}.pdf")


async def _chart(app: Files, session: AsyncSession, customer_id: int, subject: str) -> File | None:
    ppe, first, last = json.loads(subject)
    period = (dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    found = await consumption.compare(session, customer_id, ppe, *period, app.settings.cutover, app.clock.today())
    return File(str(bars(found)).encode(), SVG)


async def _transfer(app: Files, session: AsyncSession, customer_id: int, number: str) -> File | None:
    found = await billing.document(session, customer_id, number, app.clock.today())
    code = transfer_of(found, app.settings) if found else None
    return File(code, SVG) if code else None


_MAKERS: dict[str, Callable[[Files, AsyncSession, int, str], Awaitable[File | None]]] = {
    "document": document,
    "chart": _chart,
    "transfer": _transfer,
}
