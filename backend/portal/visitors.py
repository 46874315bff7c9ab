"""Who is at the portal: signed in or not, and whether a form really comes from our pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote

from sanic import HTTPResponse, Request, redirect
from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts.service import Accounts
from backend.browsers import CUSTOMERS, network_address
from backend.channels.binding import Binding
from backend.channels.people import People
from backend.channels.schemas import Channel
from backend.chat.hub import Hub
from backend.clock import Clock
from backend.customers import service as customers
from backend.customers.schemas import CustomerCard
from backend.database import Database
from backend.identity.models import PortalSession
from backend.identity.pickups import Pickups
from backend.identity.service import Identity
from backend.payments.service import Payments
from backend.printing.document import Printer
from backend.problems import Problem
from backend.secrecy import Hasher
from backend.settings import Settings
from backend.tickets.service import Tickets

TOO_OFTEN = "Zbyt wiele prób z tego miejsca. Spróbuj ponownie za kwadrans albo skontaktuj się z nami."

Handler = Callable[..., Awaitable[HTTPResponse]]


@dataclass(frozen=True)
class Portal:
    """What the routes work with, made when the app starts."""

    settings: Settings
    database: Database
    clock: Clock
    hasher: Hasher
    accounts: Accounts
    tickets: Tickets
    payments: Payments
    printer: Printer
    channels: Mapping[str, Channel]
    binding: Binding
    people: People
    identity: Identity
    pickups: Pickups
    hub: Hub


@dataclass(frozen=True)
class Visitor:
    """A signed-in customer. `mark` tells one session from another to the widget, and nothing else."""

    session: PortalSession
    customer: CustomerCard
    mark: str

    @property
    def id(self) -> int:
        return self.customer.id


def portal_of(request: Request) -> Portal:
    portal: Portal = request.app.ctx.portal
    return portal


def origin(request: Request) -> str:
    """The visitor's network address, as a keyed hash."""
    portal = portal_of(request)
    return portal.hasher.digest("origin", network_address(request, portal.settings))


async def current_session(request: Request, session: AsyncSession) -> PortalSession | None:
    portal = portal_of(request)
    return await portal.accounts.sessions.find(session, CUSTOMERS.token(request, portal.settings))


async def limited(request: Request, purpose: str) -> None:
    """Counts a try of this network address. Raises Problem 429."""
    portal = portal_of(request)
    async with portal.database.write() as session:
        allowed = await portal.accounts.origin_may(session, purpose, origin(request))
    if not allowed:
        raise Problem(429, TOO_OFTEN, headers={"Retry-After": "900"})


def for_customers(handler: Handler) -> Handler:
    """Gives the handler a session for reading and the visitor; who is not signed in is sent to sign in.

    Nothing here writes while it reads: whoever holds one connection and waits for another could wait for ever.
    """

    @wraps(handler)
    async def guarded(request: Request, **parameters: Any) -> HTTPResponse:
        portal = portal_of(request)
        async with portal.database.read() as session:
            row = await current_session(request, session)
            if row is None:
                return redirect(_sign_in(request), status=303)
            if not await portal.accounts.terms_accepted(session, row.customer_id):
                return redirect("/regulamin/zgoda", status=303)
            visitor = request.ctx.visitor = await visitor_of(portal, session, row)
        await _keep_alive(portal, row)
        async with portal.database.read() as session:
            return await handler(request, session, visitor, **parameters)

    return guarded


async def visitor_if_any(request: Request) -> Visitor | None:
    """Who is signed in, for pages that everybody may see."""
    portal = portal_of(request)
    async with portal.database.read() as session:
        row = await current_session(request, session)
        return await visitor_of(portal, session, row) if row else None


async def visitor_of(portal: Portal, session: AsyncSession, row: PortalSession) -> Visitor:
    customer = (await customers.cards(session, [row.customer_id]))[0]
    return Visitor(row, customer, portal.hasher.digest("mark", row.token_digest)[:16])


async def _keep_alive(portal: Portal, row: PortalSession) -> None:
    if portal.accounts.sessions.is_due(row):
        async with portal.database.write() as session:
            await portal.accounts.sessions.extend(session, row.id)


def _sign_in(request: Request) -> str:
    if request.method != "GET" or request.path == "/pulpit":
        return "/logowanie"
    there = f"{request.path}?{request.query_string}" if request.query_string else request.path
    return f"/logowanie?dalej={quote(there, safe='')}"
