"""Identity on behalf of the actions: a code is sent, tried, and a customer chosen. Each happens once a turn."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, json
from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository
from backend.chat.effects import Result, once
from backend.chat.turns import RunningTurn
from backend.customers import service as customers
from backend.identity.schemas import CodeRefused, Confirmation, IdentityRequired, Refusal
from backend.internal.calls import Call, Internal, context, read, typed
from backend.problems import Problem
from bot.placeholders import Kind

identity = Blueprint("identity", url_prefix="/internal/identity")


class SendCode(Call):
    """Without an identifier it goes to the customer whose account on a platform this is."""

    identifier: str | None = None


class TryCode(Call):
    code: str


class ChooseCustomer(Call):
    candidate: int


@identity.post("/code")
async def send_code(request: Request) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, SendCode)
    async with internal.database.write() as session:

        async def work() -> Result:
            if call.identifier is None:
                identifier = await _bound_address(internal, session, turn)
            else:
                identifier = await typed(internal, session, turn, call.identifier)
            if identifier:
                await internal.identity.send_code(session, turn.conversation_id, identifier)
            return 200, {"sent": bool(identifier)}

        status, result = await once(session, turn, call.action, f"code {call.identifier}", work)
    return json(result, status=status)


@identity.post("/confirm")
async def confirm(request: Request) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, TryCode)
    async with internal.database.write() as session:

        async def work() -> Result:
            code = await typed(internal, session, turn, call.code)
            try:
                confirmation = await internal.identity.confirm(session, turn.conversation_id, code)
            except CodeRefused as refused:
                return 403, {"reason": refused.reason.value}
            return await _confirmed(internal, session, turn, confirmation)

        status, result = await once(session, turn, call.action, f"confirm {call.code}", work)
    internal.hub.publish(turn.conversation_id)
    return json(result, status=status)


@identity.post("/choose")
async def choose(request: Request) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, ChooseCustomer)
    async with internal.database.write() as session:

        async def work() -> Result:
            try:
                confirmation = await internal.identity.choose(session, turn.conversation_id, call.candidate)
            except IdentityRequired:
                return 403, {"reason": Refusal.EXPIRED.value}
            return await _confirmed(internal, session, turn, confirmation)

        status, result = await once(session, turn, call.action, f"choose {call.candidate}", work)
    internal.hub.publish(turn.conversation_id)
    return json(result, status=status)


async def _bound_address(internal: Internal, session: AsyncSession, turn: RunningTurn) -> str | None:
    """Where letters to the customer go whose account this is; None where it is nobody's."""
    customer_id = await internal.binding.customer_of(session, turn.conversation_id)
    found = await customers.cards(session, [customer_id]) if customer_id else []
    return found[0].email if found else None


async def _confirmed(
    internal: Internal, session: AsyncSession, turn: RunningTurn, confirmation: Confirmation
) -> Result:
    """Tells the conversation, or lists who there is to choose from by kind and last three digits of the number."""
    if confirmation.grant.customer_id is None:
        candidates = []
        for customer in confirmation.customers:
            ending = internal.turns.show(turn, Kind.LABEL, f"…{customer.customer_no[-3:]}", customer.id)
            name = "Firma" if customer.kind == "business" else "Osoba"
            candidates.append({"title": f"{name} {ending}", "kind": customer.kind})
        return 200, {"candidates": candidates}
    conversation = await repository.conversation(session, turn.conversation_id, lock=True)
    if conversation is None:
        raise Problem(409, "This turn is not in work.")
    internal.events.identity_confirmed(session, conversation, confirmation.grant)
    return 200, {"team": confirmation.customers[0].team}
