"""Where platforms tell what happened. Acknowledged once it is kept; worked on afterwards."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request, empty, text

from backend.audit.service import Audit, Kind
from backend.browsers import network_address
from backend.channels.arrivals import Arrivals
from backend.channels.meta import challenge
from backend.channels.refusals import Refusals
from backend.channels.schemas import Arrival, Channel
from backend.clock import Clock
from backend.database import Database
from backend.limits.service import Limits, Rule
from backend.problems import Problem
from backend.settings import Settings

webhooks = Blueprint("webhooks", url_prefix="/webhooks")

STALE = dt.timedelta(days=7)
"""No platform tries so long to tell something: who tells it now has kept the call."""

MOST_RECORDED = Rule(100, dt.timedelta(hours=1))

logger = logging.getLogger("mojbok.channels")


@dataclass(frozen=True)
class Webhooks:
    """What the routes work with, made when the app starts."""

    settings: Settings
    database: Database
    clock: Clock
    limits: Limits
    audit: Audit
    channels: Mapping[str, Channel]
    arrivals: Arrivals
    refusals: Refusals


def _webhooks(request: Request) -> Webhooks:
    webhooks_: Webhooks = request.app.ctx.webhooks
    return webhooks_


@webhooks.post("/<name:str>")
async def told(request: Request, name: str) -> HTTPResponse:
    """200 once everything new in it is kept; 403 for what the platform did not send, or sent long ago."""
    app = _webhooks(request)
    channel = _channel(app, name)
    if not channel.verify(request.headers, request.body):
        await _refuse(request, app, name, "forged")
    try:
        body = json.loads(request.body)
        arrivals, refusals = channel.parse(body), channel.late_refusals(body)
    except ValueError:
        raise Problem(400, "To nie jest JSON.") from None
    if _is_stale(app, arrivals):
        await _refuse(request, app, name, "stale")
    await app.arrivals.keep(name, arrivals)
    await app.refusals.note(name, refusals)
    return empty(status=200)


@webhooks.get("/<name:str>")
async def handshake(request: Request, name: str) -> HTTPResponse:
    """Meta asks whether this address is ours."""
    app = _webhooks(request)
    _channel(app, name)
    answer = challenge(
        app.settings.meta_verify_token.get_secret_value(), {key: values[0] for key, values in request.args.items()}
    )
    if answer is None:
        await _refuse(request, app, name, "handshake")
    return text(answer or "")


def _channel(app: Webhooks, name: str) -> Channel:
    channel = app.channels.get(name)
    if channel is None:
        raise Problem(404, "Ten kanał nie jest włączony.")
    return channel


async def _refuse(request: Request, app: Webhooks, name: str, reason: str) -> None:
    """Counted, but no more than so often from one address: strangers must not fill the disk."""
    origin = network_address(request, app.settings)
    async with app.database.write() as session:
        if await app.limits.take(session, "refused webhook", origin, [MOST_RECORDED]):
            app.audit.record(session, Kind.WEBHOOK_REFUSED, None, detail=f"{name} {reason}")
            logger.warning("A call of %s was refused: %s", name, reason)
    raise Problem(403, "To wywołanie nie zostało przyjęte.")


def _is_stale(app: Webhooks, arrivals: list[Arrival]) -> bool:
    return bool(arrivals) and max(arrival.sent_at for arrival in arrivals) < app.clock.now() - STALE
