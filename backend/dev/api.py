"""Calls of the development profile only: the mailbox, the clock, what is stored, and a fresh start."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from sanic import Blueprint, HTTPResponse, Request, empty, file, html, json, text

from backend.accounts.service import Accounts
from backend.browsers import CUSTOMERS
from backend.callbacks.service import Callbacks
from backend.channels.arrivals import Arrivals
from backend.channels.deliveries import Deliveries
from backend.chat.hub import Hub
from backend.chat.turns import Turns
from backend.clock import WARSAW, Clock
from backend.customers import service as customers
from backend.database import Database
from backend.dev import storage
from backend.dev.bank import Bank
from backend.dev.guard import only_from_this_machine
from backend.mail.service import Outbox
from backend.problems import Problem
from backend.settings import Settings

dev = Blueprint("dev", url_prefix="/dev")
dev.on_request(only_from_this_machine)

DEMO = Path(__file__).parent / "demo"
DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types mojbok-chat"
)

_PAGES = Environment(loader=PackageLoader("backend.dev"), autoescape=True)


@dataclass(frozen=True)
class Development:
    settings: Settings
    database: Database
    clock: Clock
    outbox: Outbox
    accounts: Accounts
    callbacks: Callbacks
    turns: Turns
    arrivals: Arrivals
    deliveries: Deliveries
    hub: Hub


class SignIn(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    email: str


class SetClock(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    now: AwareDatetime | None


def _context(request: Request) -> Development:
    development: Development = request.app.ctx.development
    return development


@dev.get("/mailbox")
async def mailbox(request: Request) -> HTTPResponse:
    """Letters as JSON; as a page for who asks with a browser."""
    development = _context(request)
    async with development.database.read() as session:
        letters = await development.outbox.caught(session)
    if "text/html" in request.headers.get("accept", ""):
        return html(_PAGES.get_template("mailbox.html").render(letters=reversed(letters)))
    return json({"mails": [asdict(letter) for letter in letters]})


@dev.get("/strona")
async def demonstration(_: Request) -> HTTPResponse:
    """A made-up company's page with the assistant, under the policy that docs/widget.md asks of a page."""
    return await file(DEMO / "demo.html", headers={"Content-Security-Policy": DEMO_POLICY})


@dev.get("/demo.css")
async def demonstration_style(_: Request) -> HTTPResponse:
    return await file(DEMO / "demo.css")


@dev.put("/clock")
async def set_clock(request: Request) -> HTTPResponse:
    development = _context(request)
    try:
        wanted = SetClock.model_validate_json(request.body)
    except ValidationError:
        raise Problem(400, "Podaj czas z przesunięciem, na przykład 2025-11-19T10:15:00+01:00, albo null.") from None
    try:
        async with development.database.write() as session:
            await development.clock.set(session, wanted.now)
        development.clock.now().astimezone(WARSAW) + dt.timedelta(days=1)
    except OverflowError:
        raise Problem(400, "Tego czasu nie da się ustawić.") from None
    return empty()


@dev.post("/login")
async def sign_in(request: Request) -> HTTPResponse:
    """Signs the customer with this address in, as the portal does."""
    development = _context(request)
    try:
        wanted = SignIn.model_validate_json(request.body)
    except ValidationError:
        raise Problem(400, "Podaj adres e-mail klienta.") from None
    async with development.database.write() as session:
        found = await customers.find_by_email(session, wanted.email)
        if not found:
            raise Problem(404, "Nie ma klienta z tym adresem.")
        _, token = await development.accounts.sessions.begin(session, found[0].id)
    response = empty()
    CUSTOMERS.set(response, development.settings, token)
    return response


@dev.get("/effects")
async def effects(request: Request) -> HTTPResponse:
    development = _context(request)
    async with development.database.read() as session:
        return json(await storage.effects(session, development.callbacks))


@dev.get("/stored")
async def stored(request: Request) -> HTTPResponse:
    development = _context(request)
    async with development.database.read() as session:
        return text(await storage.dump(session) + storage.log(development.settings.log_file))


@dev.post("/reset")
async def reset(request: Request) -> HTTPResponse:
    development = _context(request)
    await development.arrivals.drop()
    await development.turns.drop()
    await development.deliveries.drop()
    bank: Bank = request.app.ctx.bank
    bank.drop()
    async with development.database.write() as session:
        await storage.clear(session)
        await development.clock.set(session, None)
    development.hub.close()
    return empty()
