"""What every internal route needs: who calls, for which turn, and how a refusal looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from sanic import HTTPResponse, Request, json
from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts.service import Accounts
from backend.callbacks.service import Callbacks
from backend.channels.binding import Binding
from backend.chat.events import Events
from backend.chat.hub import Hub
from backend.chat.turns import RunningTurn, Turns
from backend.chat.vault import Vault
from backend.clock import Clock
from backend.database import Database
from backend.identity.service import Identity
from backend.payments.service import Payments
from backend.problems import Problem
from backend.settings import Settings
from backend.tickets.service import Tickets
from bot.placeholders import Kind, Placeholder


@dataclass(frozen=True)
class Internal:
    """What the routes work with, made when the app starts."""

    settings: Settings
    database: Database
    clock: Clock
    vault: Vault
    identity: Identity
    accounts: Accounts
    tickets: Tickets
    callbacks: Callbacks
    payments: Payments
    binding: Binding
    events: Events
    turns: Turns
    hub: Hub


class Call(BaseModel):
    """An action's call on behalf of a turn of a conversation."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    conversation: str
    turn: str
    action: str


Body = TypeVar("Body", bound=Call)


def context(request: Request) -> Internal:
    internal: Internal = request.app.ctx.internal
    return internal


def read(request: Request, model: type[Body]) -> tuple[Body, RunningTurn]:
    """The call and the turn it belongs to. Raises Problem 400, or 409 when that turn is not in work (any more)."""
    try:
        call = model.model_validate_json(request.body)
    except ValidationError:
        raise Problem(400, "The call is not as expected.") from None
    turn = context(request).turns.running(call.conversation, call.turn)
    if turn is None:
        raise Problem(409, "This turn is not in work.")
    return call, turn


def refuse(reason: str) -> HTTPResponse:
    """A refusal by the rules: an answer for the customer, not a fault."""
    return json({"reason": reason}, status=403)


def show_all(internal: Internal, turn: RunningTurn, customer_id: int, words: dict[str, str]) -> dict[str, str]:
    """A placeholder for each text that the customer will read; empty ones are left out."""
    return {name: internal.turns.show(turn, Kind.LABEL, text, customer_id) for name, text in words.items() if text}


async def shown(
    internal: Internal, session: AsyncSession, turn: RunningTurn, placeholder: str, customer_id: int
) -> str | None:
    """The value that was shown to this customer, in this turn or before; None for any other, another customer's too."""
    entries = [entry for entry in turn.values if placeholder == str(Placeholder(Kind(entry.kind), entry.number))]
    if entries and entries[0].customer_id == customer_id:
        return internal.vault.value_of(entries[0])
    return await internal.vault.shown_value(session, turn.conversation_id, placeholder, customer_id)


async def typed(internal: Internal, session: AsyncSession, turn: RunningTurn, placeholder: str) -> str:
    """The value that a placeholder stands for. Raises Problem 400 for none of this conversation."""
    value = await internal.vault.typed_value(session, turn.conversation_id, placeholder)
    if value is None:
        raise Problem(400, "That is no value of this conversation.")
    return value
