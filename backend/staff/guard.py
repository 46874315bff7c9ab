"""Who is at the console: a colleague with the right for what the page does, or nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote

from sanic import HTTPResponse, Request, redirect

from backend.browsers import STAFF, network_address
from backend.callbacks.service import Callbacks
from backend.chat.hub import Hub
from backend.chat.turns import Turns
from backend.chat.vault import Vault
from backend.clock import Clock
from backend.database import Database
from backend.problems import Problem
from backend.secrecy import Hasher
from backend.settings import Settings
from backend.staff.conversations.lemmas import Lemmas
from backend.staff.desk.replies import Replies
from backend.staff.live.service import Live
from backend.staff.members import Members
from backend.staff.schemas import Colleague, Right
from backend.tickets.desk import Desk
from backend.tickets.service import Tickets
from backend.wording import Wording

Handler = Callable[..., Awaitable[HTTPResponse | None]]


@dataclass(frozen=True)
class Office:
    """What the routes work with, made when the app starts."""

    settings: Settings
    database: Database
    clock: Clock
    hasher: Hasher
    wording: Wording
    members: Members
    vault: Vault
    turns: Turns
    hub: Hub
    tickets: Tickets
    callbacks: Callbacks
    live: Live
    desk: Desk
    replies: Replies
    lemmas: Lemmas


def office_of(request: Request) -> Office:
    office: Office = request.app.ctx.office
    return office


def origin(request: Request) -> str:
    """The network address, as a keyed hash."""
    office = office_of(request)
    return office.hasher.digest("origin", network_address(request, office.settings))


def for_colleagues(right: Right, *, by_itself: bool = False) -> Callable[[Handler], Handler]:
    """Gives the handler the colleague; who is not signed in is sent to sign in, who may not is told so (403).

    What a page asks for `by_itself` is no activity: it does not keep the session alive.
    """

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: Request, **parameters: Any) -> HTTPResponse | None:
            colleague = await colleague_if_any(request, by_itself=by_itself)
            if colleague is None:
                return redirect(_sign_in(request), status=303)
            if not colleague.may(right):
                raise Problem(403, "Do tego potrzebne jest inne uprawnienie. Nadaje je administrator.")
            return await handler(request, colleague, **parameters)

        return guarded

    return decorate


async def colleague_if_any(request: Request, *, by_itself: bool = False) -> Colleague | None:
    """Who is signed in; being here counts as activity."""
    office = office_of(request)
    async with office.database.read() as session:
        found = await office.members.signed_in(session, STAFF.token(request, office.settings))
    if found is None:
        return None
    request.ctx.colleague, row = found
    if office.members.is_due(row) and not by_itself:
        async with office.database.write() as session:
            await office.members.extend(session, row)
    return found[0]


def _sign_in(request: Request) -> str:
    if request.method != "GET" or request.path == "/biuro":
        return "/biuro/logowanie"
    there = f"{request.path}?{request.query_string}" if request.query_string else request.path
    return f"/biuro/logowanie?dalej={quote(there, safe='')}"
