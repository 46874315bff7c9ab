"""Zgłoszenia and callbacks on behalf of the actions: found, opened, added to; each change happens once a turn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanic import Blueprint, HTTPResponse, Request, json
from sqlalchemy.ext.asyncio import AsyncSession

from backend import quantities
from backend.billing import service as billing
from backend.callbacks.schemas import CallbackRefused, Wish
from backend.chat import transcript
from backend.chat.effects import Result, once
from backend.chat.turns import RunningTurn
from backend.chat.vault import ANYBODY
from backend.clock import WARSAW
from backend.customers import service as customers
from backend.customers.schemas import CustomerCard, Team
from backend.identity.schemas import IdentityRequired
from backend.internal.calls import Call, Internal, context, read, show_all, shown, typed
from backend.tickets.schemas import (
    KINDS,
    STATUSES,
    Contact,
    Draft,
    FileRefused,
    Kind,
    Thread,
    TicketCard,
    TicketMissing,
    TooMany,
)

tickets = Blueprint("tickets", url_prefix="/internal/tickets")

LISTED = 6
"""Tickets in one list, the newest; who wants more sees them in the portal."""

LONGEST_ANSWER = 1500


class FindTickets(Call):
    """`ticket` is a placeholder that was shown, `number` what was typed; neither for all."""

    ticket: str | None = None
    number: str | None = None


class OpenTicket(Call):
    """`document` and `contract` are placeholders that were shown; `email` one that was typed, by a stranger only."""

    kind: Kind
    texts: list[str]
    files: tuple[int, ...] = ()
    talk: bool = False
    document: str | None = None
    contract: str | None = None
    email: str | None = None
    team: Team | None = None


class AddToTicket(Call):
    ticket: str
    texts: list[str]
    files: tuple[int, ...] = ()


class AskCallback(Call):
    """`phone` is a placeholder that was typed; the times are Warsaw's."""

    phone: str
    begins: dt.datetime
    ends: dt.datetime
    team: Team | None = None


@tickets.post("/")
async def find_tickets(request: Request) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, FindTickets)
    async with internal.database.read() as session:
        customer_id = await internal.identity.customer_id(session, turn.conversation_id)
        found = await _find(internal, session, turn, call, customer_id)
        facts = [_facts(internal, turn, card, customer_id, n) for n, card in enumerate(found[:LISTED], 1)]
        if len(facts) == 1:
            thread = await internal.tickets.thread(session, customer_id, found[0].ticket_no)
            facts[0] |= _latest_answer(internal, turn, thread, customer_id)
    return json({"tickets": facts, "more": len(found) > LISTED})


@tickets.post("/known")
async def known(request: Request) -> HTTPResponse:
    """Whether this conversation may speak for a customer now."""
    internal = context(request)
    _call, turn = read(request, Call)
    async with internal.database.read() as session:
        return json({"known": await _customer(internal, session, turn) is not None})


@tickets.post("/open")
async def open_ticket(request: Request) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, OpenTicket)
    async with internal.database.write() as session:

        async def work() -> Result:
            customer = await _customer(internal, session, turn)
            draft = await _draft(internal, session, turn, call, customer)
            who: CustomerCard | Contact | None = customer
            if customer is None and call.email and call.team:
                who = Contact(await typed(internal, session, turn, call.email), call.team)
            if who is None:
                raise IdentityRequired
            try:
                async with session.begin_nested():
                    number = await internal.tickets.open(session, who, draft)
            except (TooMany, FileRefused) as refused:
                return 403, {"reason": "too_many" if isinstance(refused, TooMany) else "too_many_files"}
            owner = customer.id if customer else ANYBODY
            return 200, {"number": await _kept(internal, session, turn, number, owner)}

        status, result = await once(session, turn, call.action, "open", work)
    return json(result, status=status)


@tickets.post("/add")
async def add_to_ticket(request: Request) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, AddToTicket)
    async with internal.database.write() as session:

        async def work() -> Result:
            customer_id = await internal.identity.customer_id(session, turn.conversation_id)
            number = await shown(internal, session, turn, call.ticket, customer_id) or ""
            text = await _text(internal, session, turn, call.texts)
            try:
                async with session.begin_nested():
                    if text:
                        await internal.tickets.answer(session, customer_id, number, text)
                    await internal.tickets.attach_waiting(
                        session, customer_id, number, turn.conversation_id, call.files
                    )
            except TicketMissing:
                return 403, {"reason": "missing"}
            except FileRefused:
                return 403, {"reason": "too_many_files"}
            return 200, {}

        status, result = await once(session, turn, call.action, f"add {call.ticket}", work)
    return json(result, status=status)


@tickets.post("/callback")
async def ask_callback(request: Request) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, AskCallback)
    async with internal.database.write() as session:

        async def work() -> Result:
            customer = await _customer(internal, session, turn)
            wish = Wish(
                phone=await typed(internal, session, turn, call.phone),
                begins=call.begins.replace(tzinfo=WARSAW),
                ends=call.ends.replace(tzinfo=WARSAW),
                team=customer.team if customer else call.team or "cok",
                conversation_id=turn.conversation_id,
                customer_id=customer.id if customer else None,
            )
            try:
                number = await internal.callbacks.ask(session, wish)
            except CallbackRefused as refused:
                return 403, {"reason": refused.reason}
            when = f"{quantities.moment(wish.begins)}–{wish.ends:%-H:%M}"
            return 200, {"number": await _kept(internal, session, turn, number, ANYBODY), "when": when}

        status, result = await once(session, turn, call.action, f"callback {call.phone} {call.begins}", work)
    return json(result, status=status)


async def _kept(internal: Internal, session: AsyncSession, turn: RunningTurn, number: str, owner: int) -> str:
    return await internal.vault.keep_shown(session, turn.conversation_id, turn.seq, number, owner)


async def _customer(internal: Internal, session: AsyncSession, turn: RunningTurn) -> CustomerCard | None:
    try:
        customer_id = await internal.identity.customer_id(session, turn.conversation_id)
    except IdentityRequired:
        return None
    return (await customers.cards(session, [customer_id]))[0]


async def _find(
    internal: Internal, session: AsyncSession, turn: RunningTurn, call: FindTickets, customer_id: int
) -> list[TicketCard]:
    every = await internal.tickets.all(session, customer_id)
    if call.ticket:
        number = await shown(internal, session, turn, call.ticket, customer_id)
        return [card for card in every if card.ticket_no == number]
    if call.number:
        written = _digits(await internal.vault.as_typed(session, turn.conversation_id, call.number))
        return [card for card in every if written and _digits(card.ticket_no).endswith(written)]
    return every


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


async def _draft(
    internal: Internal, session: AsyncSession, turn: RunningTurn, call: OpenTicket, customer: CustomerCard | None
) -> Draft:
    document = contract = None
    if customer and call.document:
        number = await shown(internal, session, turn, call.document, customer.id) or ""
        document = await billing.document(session, customer.id, number, internal.clock.today())
    if customer and call.contract:
        number = await shown(internal, session, turn, call.contract, customer.id) or ""
        contract = await customers.contract(session, customer.id, number)
    return Draft(
        kind=call.kind,
        text=await _text(internal, session, turn, call.texts),
        document_no=document.document_no if document else None,
        contract_no=contract.contract_no if contract else None,
        conversation_id=turn.conversation_id,
        files=call.files,
        talk=await transcript.masked(session, turn.conversation_id) if call.talk else "",
    )


async def _text(internal: Internal, session: AsyncSession, turn: RunningTurn, texts: list[str]) -> str:
    return "\n".join([await internal.vault.as_typed(session, turn.conversation_id, text) for text in texts])


def _facts(internal: Internal, turn: RunningTurn, card: TicketCard, customer_id: int, place: int) -> dict[str, Any]:
    words = {"number": card.ticket_no, "opened": quantities.long_date(card.opened), "subject": card.subject}
    return show_all(internal, turn, customer_id, words) | {
        "n": place,
        "what": KINDS[card.kind],
        "how": _within(STATUSES[card.status]),
        "title": f"{place}. {KINDS[card.kind].split()[0]} {card.opened:%d.%m}",
    }


def _within(words: str) -> str:
    """As they stand within a sentence; a capital further on, such as that of "Twoja", is meant."""
    return words[0].lower() + words[1:]


def _latest_answer(internal: Internal, turn: RunningTurn, thread: Thread, customer_id: int) -> dict[str, str]:
    said = [message for message in thread.messages if message.author == "staff"]
    if not said:
        return {}
    day = quantities.long_date(said[-1].at.astimezone(WARSAW).date())
    return show_all(internal, turn, customer_id, {"answer": said[-1].text[:LONGEST_ANSWER], "answered": day})
