"""The balance: plain facts for the action, a placeholder for everything the customer reads."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, json

from backend import quantities
from backend.billing import service as billing
from backend.billing.schemas import Balance
from backend.internal.calls import Call, context, read
from bot.placeholders import Kind

balance = Blueprint("balance", url_prefix="/internal/balance")


@balance.post("/")
async def show_balance(request: Request) -> HTTPResponse:
    internal = context(request)
    _call, turn = read(request, Call)
    async with internal.database.read() as session:
        customer_id = await internal.identity.customer_id(session, turn.conversation_id)
        found = await billing.balance(session, customer_id, internal.clock.now())
    values = {
        name: internal.turns.show(turn, kind, text, customer_id) for name, (kind, text) in _sentence_values(found)
    }
    if found.as_of:
        values["as_of"] = quantities.moment(found.as_of)
    return json({"state": _state(found), "values": values, "stale": found.stale})


def _state(found: Balance) -> str:
    """Which sentence fits: what is overdue is said first, what is due next only where there is something."""
    if found.as_of is None:
        return "unknown"
    if found.overdue_grosze > 0:
        return "overdue_and_due" if found.next_due else "overdue"
    if found.total_grosze > 0:
        return "due"
    return "overpaid" if found.total_grosze < 0 else "zero"


def _sentence_values(found: Balance) -> list[tuple[str, tuple[Kind, str]]]:
    documents = quantities.plural(found.overdue_count, "dokument", "dokumenty", "dokumentów")
    values = [
        ("total", (Kind.AMOUNT, quantities.amount(abs(found.total_grosze)))),
        ("overdue", (Kind.AMOUNT, quantities.amount(found.overdue_grosze))),
        ("overdue_count", (Kind.COUNT, documents)),
    ]
    if found.next_due:
        values.append(("next_due", (Kind.DATE, quantities.long_date(found.next_due))))
        values.append(("next_amount", (Kind.AMOUNT, quantities.amount(found.next_due_grosze))))
    return values
