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
from sanic import Sanic
from sanic.server.async_server import AsyncioServer

import backend.models  # noqa: F401 - every table is known before any is made
from backend import housekeeping
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
from backend.channels.schemas import Channel
from backend.channels.wishes import Wishes
from backend.chat.api import Chat, chat, end_past_identities
from backend.chat.events import Events
from backend.chat.files import Files, files
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
from backend.tickets import service as tickets_
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
    public: Sanic
    internal: Sanic


def build(settings: Settings) -> Parts:
    """Makes the parts and wires them; nothing runs yet."""
    database, clock, hub = Database(settings.database_url), Clock(), Hub()
    cipher = Cipher(settings.vault_keys.get_secret_value())
    hasher = Hasher(settings.hash_key.get_secret_value())
    secret = settings.internal_secret.get_secret_value()
    wording = load_wording(settings)
    outbox, vault = Outbox(cipher, clock), Vault(cipher)
    limits, audit, sessions = Limits(clock, hasher), Audit(clock), Sessions(settings, clock)
    proofs = Proofs(settings, clock, hasher, cipher)
    account_parts = AccountParts(settings, clock, outbox, limits, audit, sessions, proofs, Passwords())
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
    deliveries = Deliveries(database, clock, channels, people, events, files_, pickups, Pictures(), hub)
    arrivals = Arrivals(
        database,
        clock,
        cipher,
        hasher,
        wording,
        channels,
        people,
        Wishes(audit, [tickets_.forget, callbacks_.forget]),
        binding,
        conversations,
        events,
        turns,
        hub,
        deliveries,
    )

    public = _public_app(settings)
    public.ctx.settings = settings
    public.ctx.chat = Chat(settings, database, hasher, accounts, conversations, events, turns, hub)
    public.ctx.files = files_
    public.ctx.webhooks = Webhooks(settings, database, clock, limits, audit, channels, arrivals)
    public.ctx.portal = entrance
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
        public,
        internal,
    )


def _public_app(settings: Settings) -> Sanic:
    app = Sanic("mojbok", configure_logging=False)
    app.config.update(ACCESS_LOG=False, REQUEST_MAX_SIZE=LARGEST_BODY, FALLBACK_ERROR_FORMAT="json")
    answer_with_problems(app, error_page)
    allow_origins(app, settings.cors_origins)
    for blueprint in (chat, files, health, payments_, webhooks, portal):
        app.blueprint(blueprint)
    if settings.development:
        app.blueprint(bank)
        app.blueprint(dev)
    return app


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
        forever(
            "Tidying up",
            lambda: housekeeping.tidy_up(database, clock, parts.limits, parts.proofs, parts.tickets, parts.binding),
            housekeeping.PAUSE,
        ),
    ]
    if settings.development:
        jobs.append(forever("Letters", lambda: mail.catch_once(database, clock), mail.PAUSE))
    elif settings.smtp_host:
        server = MailServer(settings)
        jobs.append(forever("Letters", lambda: mail.send_once(database, clock, parts.outbox, server), mail.PAUSE))
    else:
        logger.warning("Letters wait in the outbox: set MOJBOK_SMTP_HOST to send them")
    return jobs


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
