"""The sandbox provider's side: a payment page, and notifications as real ones come – repeated and out of order."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from jinja2 import Environment, PackageLoader
from sanic import Blueprint, HTTPResponse, Request, html, redirect

from backend import quantities
from backend.dev.guard import only_from_this_machine
from backend.payments.sandbox import PAGE, Sandbox
from backend.payments.schemas import Notice, Order, State
from backend.problems import Problem

bank = Blueprint("bank", url_prefix=PAGE)
bank.on_request(only_from_this_machine)

COURSES: dict[str, Sequence[State]] = {
    "zaplac": ("paid", "pending", "paid", "paid"),
    "odrzuc": ("failed", "pending", "failed"),
    "czekaj": ("pending",),
}
"""In which order notifications arrive, by what the customer chose."""

PAUSE, TRIES = 0.2, 5

_PAGES = Environment(loader=PackageLoader("backend.dev"), autoescape=True)

logger = logging.getLogger("mojbok.sandbox")


@dataclass(frozen=True)
class Bank:
    """`notify` is where the merchant takes notifications."""

    sandbox: Sandbox
    notify: str
    running: set[asyncio.Task[None]]

    def drop(self) -> None:
        """Notifications that have not been sent are not sent any more."""
        for task in self.running:
            task.cancel()


@bank.get("/")
async def pay_page(request: Request) -> HTTPResponse:
    order = _order(request)
    return html(_PAGES.get_template("bank.html").render(order=order, amount=quantities.amount(order.amount)))


@bank.post("/")
async def pay(request: Request) -> HTTPResponse:
    app: Bank = request.app.ctx.bank
    order, chosen = _order(request), request.form.get("wybor") if request.form else None
    if chosen not in COURSES:
        raise Problem(400, "Wybierz, co zrobić z płatnością.")
    task = asyncio.create_task(_notify(app, order, COURSES[chosen]))
    app.running.add(task)
    task.add_done_callback(app.running.discard)
    return redirect(order.back, status=303)


def _order(request: Request) -> Order:
    app: Bank = request.app.ctx.bank
    order = app.sandbox.order(request.args.get("order", ""))
    if order is None:
        raise Problem(404, "Nie ma takiej płatności.")
    return order


async def _notify(app: Bank, order: Order, course: Sequence[State]) -> None:
    reference = f"S-{secrets.token_hex(6)}"
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        for state in course:
            body, headers = app.sandbox.notification(Notice(order.payment_id, state, order.amount, reference))
            await _deliver(http, app.notify, body, headers)


async def _deliver(http: httpx.AsyncClient, address: str, body: bytes, headers: dict[str, str]) -> None:
    """Tries until the merchant has it."""
    for _ in range(TRIES):
        await asyncio.sleep(PAUSE)
        try:
            answer = await http.post(address, content=body, headers=headers)
        except httpx.HTTPError:
            continue
        if answer.is_success:
            return
        logger.warning("A notification was answered %d", answer.status_code)
