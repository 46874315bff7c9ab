"""Where payment providers tell how a payment went."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request, empty

from backend.audit.service import Audit, Kind
from backend.database import Database
from backend.payments.schemas import NoticeRefused
from backend.payments.service import Payments
from backend.problems import Problem

payments = Blueprint("payments", url_prefix="/webhooks/payments")

STATUSES = {"forged": 401, "stale": 401, "unknown": 404, "amount": 409}

logger = logging.getLogger("mojbok.payments")


@dataclass(frozen=True)
class Notifications:
    """What the route works with, made when the app starts."""

    database: Database
    payments: Payments
    audit: Audit


@payments.post("/<name:str>")
async def notified(request: Request, name: str) -> HTTPResponse:
    """204 for a notification that was taken or was known; what is refused is recorded by its reason alone."""
    app: Notifications = request.app.ctx.notifications
    provider = app.payments.provider
    if provider is None or provider.name != name:
        raise Problem(404, "Nie ma takiego operatora płatności.")
    try:
        notice = provider.read(request.body, request.headers)
        async with app.database.write() as session:
            await app.payments.take(session, notice)
    except NoticeRefused as refused:
        logger.warning("A notification of %s was refused: %s", name, refused.reason)
        async with app.database.write() as session:
            app.audit.record(session, Kind.PAYMENT_NOTICE_REFUSED, None, detail=refused.reason)
        raise Problem(STATUSES[refused.reason], "To powiadomienie nie zostało przyjęte.") from None
    return empty()
