"""The backend process: builds the parts once and serves the public and the internal port from one loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import uvloop
from sanic import HTTPResponse, Request, Sanic
from sanic.server.async_server import AsyncioServer

import backend.models  # noqa: F401 - every table is known before any is made
from backend import housekeeping, retention
from backend.accounts.parts import Parts as AccountParts
from backend.accounts.passwords import Passwords
from backend.accounts.proofs import Proofs
from backend.accounts.service import Accounts
from backend.audit.service import Audit
from backend.background import forever
from backend.callbacks import service as callbacks_
from backend.callbacks.service import Callbacks
from backend.channels import service as channels_
from backend.channels.api import Webhooks, webhooks
from backend.channels.arrivals import Arrivals
from backend.channels.binding import Binding
from backend.channels.deliveries import Deliveries
from backend.channels.people import People
from backend.channels.refusals import Refusals
from backend.channels.schemas import Channel
from backend.channels.wishes import Wishes
from backend.chat.api import Chat, chat, end_past_identities
from backend.chat.events import Events
from backend.chat.files import Files, files
from backend.chat.handover import Handover
from backend.chat.hub import Hub
from backend.chat.rasa import Rasa
from backend.chat.service import Conversations
from backend.chat.turns import Turns
from backend.chat.vault import Vault
from backend.clock import Clock
from backend.cors import allow_origins
from backend.database import Database
from backend.dev.api import Development, dev
from backend.dev.bank import Bank, bank
from backend.health import Health, health
from backend.identity.links import Links
from backend.identity.pickups import Pickups
from backend.identity.service import Identity
from backend.identity.sessions import Sessions
from backend.internal.api import create_internal_app
from backend.internal.calls import Internal
from backend.limits.service import Limits
from backend.mail import worker as mail
from backend.mail.service import Outbox
from backend.mail.smtp import MailServer
from backend.migrations import upgrade
from backend.payments.api import Notifications
from backend.payments.api import payments as payments_
from backend.payments.sandbox import Sandbox
from backend.payments.service import Payments
from backend.portal.api import portal
from backend.portal.pages import error_page
from backend.portal.visitors import Portal
from backend.printing.document import Printer, Seller
from backend.printing.pictures import Pictures
from backend.problems import answer_with_problems
from backend.secrecy import Cipher, Hasher
from backend.settings import Settings, load
from backend.staff import erasure as staff_erasure
from backend.staff.api import staff
from backend.staff.conversations import summaries
from backend.staff.conversations.lemmas import Lemmas
from backend.staff.conversations.summaries import Summaries
from backend.staff.desk.replies import Replies
from backend.staff.guard import Office
from backend.staff.live import work as takeover
from backend.staff.live.service import Live
from backend.staff.members import Members
from backend.staff.pages import error_page as staff_error_page
from backend.tickets import service as tickets_
from backend.tickets.desk import Desk
from backend.tickets.service import Tickets
from backend.wording import load_wording

logger = logging.getLogger("mojbok.backend")

LARGEST_BODY = 11_000_000
"""Bytes, enough for a form with a file of 10 MB; more is answered 413 before it is read."""


@dataclass
class Parts:
    """Everything the two apps share."""

    settings: Settings
    database: Database
    clock: Clock
    outbox: Outbox
    limits: Limits
    proofs: Proofs
    tickets: Tickets
    rasa: Rasa
    turns: Turns
    identity: Identity
    binding: Binding
    channels: dict[str, Channel]
    arrivals: Arrivals
    deliveries: Deliveries
    summaries: Summaries
    public: Sanic
    internal: Sanic


def build(settings: Settings) -> Parts:
    """Makes the parts and wires them; nothing runs yet."""
    database, clock, hub = Database(settings.database_url), Clock(), Hub()
    cipher = Cipher(settings.vault_keys.get_secret_value())
    hasher = Hasher(settings.hash_key.get_secret_value())
    secret = settings.internal_secret.get_secret_value()
    wording = load_wording(settings)
    outbox, vault = Outbox(cipher, clock), Vault(cipher, [settings.phone, settings.cok_email, settings.bok_email])
    limits, audit, sessions = Limits(clock, hasher), Audit(clock), Sessions(settings, clock)
    proofs = Proofs(settings, clock, hasher, cipher)
    passwords = Passwords()
    account_parts = AccountParts(settings, clock, outbox, limits, audit, sessions, proofs, passwords)
    accounts = Accounts(account_parts)
    tickets = Tickets(settings, clock, cipher, outbox, limits)
    callbacks = Callbacks(settings, clock, cipher, outbox, limits)
    identity = Identity(settings, clock, hasher, outbox, limits, audit, sessions)
    links = Links(settings, clock, cipher)
    events = Events(clock, wording, vault, identity, links)
    rasa = Rasa(settings.rasa_url, secret, settings.turn_timeout)
    turns = Turns(settings, database, clock, wording, vault, events, hub, rasa)
    conversations = Conversations(clock, wording, hasher, vault, events, identity, tickets, turns)
    printer = Printer(Seller(settings.company, settings.seller_address, settings.seller_nip))
    sandbox = Sandbox(settings.base_url, hasher.digest("payment sandbox"), clock)
    payments = Payments(settings, clock, sandbox if settings.development else None)
    channels, binding = channels_.configured(settings), Binding(clock, cipher, audit)
    files_ = Files(settings, database, clock, links, printer)
    pickups = Pickups(settings, clock, cipher)
    people = People(clock, cipher, hasher, events, conversations, f"{settings.base_url}/dane-osobowe")
    entrance = Portal(
        settings,
        database,
        clock,
        hasher,
        accounts,
        tickets,
        payments,
        printer,
        channels,
        binding,
        people,
        identity,
        pickups,
        hub,
    )
    refusals = Refusals(database, clock, hasher)
    deliveries = Deliveries(database, clock, channels, people, refusals, events, files_, pickups, Pictures(), hub)
    arrivals = Arrivals(
        database,
        clock,
        cipher,
        hasher,
        wording,
        channels,
        people,
        Wishes(audit, [tickets_.forget, callbacks_.forget, staff_erasure.Erasure(clock).forget]),
        binding,
        conversations,
        events,
        turns,
        hub,
        deliveries,
    )

    lemmas = Lemmas.open()

    public = _public_app(settings)
    public.ctx.settings = settings
    public.ctx.chat = Chat(settings, database, hasher, accounts, conversations, events, turns, hub)
    public.ctx.files = files_
    public.ctx.webhooks = Webhooks(settings, database, clock, limits, audit, channels, arrivals, refusals)
    public.ctx.portal = entrance
    members = Members(settings, clock, cipher, limits, passwords)
    handover = Handover(clock, wording, vault, events, identity, turns)
    desk = Desk(settings, clock, cipher, outbox, tickets)
    public.ctx.office = Office(
        settings,
        database,
        clock,
        hasher,
        wording,
        members,
        vault,
        turns,
        hub,
        tickets,
        callbacks,
        Live(clock, identity, handover, members.acts),
        desk,
        Replies(desk, wording, identity, handover, members.acts),
        lemmas,
    )
    public.ctx.notifications = Notifications(database, payments, audit)
    public.ctx.bank = Bank(sandbox, f"{settings.base_url}/webhooks/payments/sandbox", set())
    public.ctx.health = Health(database, clock, rasa, settings.actions_url)
    public.ctx.development = Development(
        settings, database, clock, outbox, accounts, callbacks, turns, arrivals, deliveries, hub
    )
    internal = create_internal_app(
        secret,
        Internal(
            settings,
            database,
            clock,
            vault,
            identity,
            accounts,
            tickets,
            callbacks,
            payments,
            binding,
            events,
            turns,
            hub,
        ),
    )
    return Parts(
        settings,
        database,
        clock,
        outbox,
        limits,
        proofs,
        tickets,
        rasa,
        turns,
        identity,
        binding,
        channels,
        arrivals,
        deliveries,
        Summaries(database, lemmas, turns),
        public,
        internal,
    )


def _public_app(settings: Settings) -> Sanic:
    app = Sanic("mojbok", configure_logging=False)
    app.config.update(ACCESS_LOG=False, REQUEST_MAX_SIZE=LARGEST_BODY, FALLBACK_ERROR_FORMAT="json")
    answer_with_problems(app, _error_page)
    allow_origins(app, settings.cors_origins)
    for blueprint in (chat, files, health, payments_, webhooks, portal, staff):
        app.blueprint(blueprint)
    if settings.development:
        app.blueprint(bank)
        app.blueprint(dev)
    return app


def _error_page(request: Request, status: int, detail: str) -> HTTPResponse:
    pages = staff_error_page if request.path.startswith("/biuro") else error_page
    return pages(request, status, detail)


async def serve(settings: Settings) -> None:
    """Runs until SIGINT or SIGTERM."""
    parts = build(settings)
    await upgrade(parts.database)
    async with parts.database.read() as session:
        await parts.clock.load(session)
    servers = [
        await _listen(parts.internal, "127.0.0.1", settings.internal_port),
        await _listen(parts.public, settings.host, settings.port),
    ]
    work = [_background(job) for job in _jobs(parts)]
    await parts.turns.resume()
    await parts.deliveries.resume()
    await parts.arrivals.resume()
    logger.info("Listening on %s", settings.base_url)
    await _until_stopped()
    for task in work:
        task.cancel()
    for server in servers:
        server.close()
    await parts.arrivals.drop()
    await parts.turns.drop()
    await parts.deliveries.drop()
    await parts.rasa.close()
    for channel in parts.channels.values():
        await channel.close()
    await parts.database.close()


def _jobs(parts: Parts) -> list[Coroutine[Any, Any, None]]:
    """What goes on by itself; letters are sent as this profile does."""
    settings, database, clock = parts.settings, parts.database, parts.clock
    jobs = [
        forever("Ending identities", lambda: end_past_identities(parts.public.ctx.chat, parts.identity), 1),
        forever("Giving back", lambda: takeover.give_back_silent(parts.public.ctx.office), takeover.PAUSE),
        forever(
            "Tidying up",
            lambda: housekeeping.tidy_up(database, clock, parts.limits, parts.proofs, parts.tickets, parts.binding),
            housekeeping.PAUSE,
        ),
        forever("Retention", lambda: _retain(parts), retention.PAUSE),
        forever("Summaries", parts.summaries.catch_up, summaries.PAUSE),
    ]
    if settings.development:
        jobs.append(forever("Letters", lambda: mail.catch_once(database, clock), mail.PAUSE))
    elif settings.smtp_host:
        server = MailServer(settings)
        jobs.append(forever("Letters", lambda: mail.send_once(database, clock, parts.outbox, server), mail.PAUSE))
    else:
        logger.warning("Letters wait in the outbox: set MOJBOK_SMTP_HOST to send them")
    return jobs


async def _retain(parts: Parts) -> None:
    removed = await retention.retain(parts.database, parts.settings, parts.clock)
    if removed:
        logger.info("Retention: %s", removed)


async def _listen(app: Sanic, host: str, port: int) -> AsyncioServer:
    server = await app.create_server(host=host, port=port, return_asyncio_server=True, access_log=False)
    if server is None:
        raise RuntimeError("no server")
    await server.startup()
    await server.start_serving()
    return server


def _background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task for the process's life; if it ends, the process ends, and the supervisor starts it again."""

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            logger.error("Background work stopped: %s", type(task.exception()).__name__)
            signal.raise_signal(signal.SIGTERM)

    task = asyncio.create_task(work)
    task.add_done_callback(ended)
    return task


async def _until_stopped() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stdout)
    for quiet in ("alembic", "httpx", "sanic.root"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(serve(load()))


if __name__ == "__main__":
    main()
