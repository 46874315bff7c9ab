"""The chat API (`docs/chat-api.md` tells how it is used): the one public door to the assistant."""

from __future__ import annotations

import json as jsonlib
import time
import uuid
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sanic import Blueprint, HTTPResponse, Request, empty, json
from sanic.request import File
from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts.service import Accounts
from backend.browsers import CUSTOMERS, is_same_origin, network_address
from backend.chat import repository
from backend.chat.events import Events
from backend.chat.hub import Bell, Hub
from backend.chat.schemas import EventBody, GivenFeedback, OpenConversation, SaidMessage
from backend.chat.service import WEB, Conversations
from backend.chat.turns import Turns
from backend.database import Database
from backend.identity.models import PortalSession
from backend.identity.service import Identity
from backend.problems import Problem
from backend.secrecy import Hasher
from backend.settings import Settings
from backend.tickets.files import received
from backend.tickets.schemas import FileRefused

chat = Blueprint("chat", url_prefix="/api/chat/conversations")

LONGEST_WAIT = 25.0
HEARTBEAT = 15.0
RECHECK = 2.0
"""Seconds after which a waiting reader looks again by itself."""

Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True)
class Chat:
    """What the routes need, made when the app starts."""

    settings: Settings
    database: Database
    hasher: Hasher
    accounts: Accounts
    conversations: Conversations
    events: Events
    turns: Turns
    hub: Hub


def _chat(request: Request) -> Chat:
    chat_: Chat = request.app.ctx.chat
    return chat_


def _body(request: Request, model: type[Body]) -> Body:
    """The request's JSON as `model`. Raises Problem 400 or 415 without quoting it."""
    if request.content_type.partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "Tu można przesłać tylko JSON.")
    try:
        return model.model_validate_json(request.body)
    except ValidationError as error:
        # Only our own names are told: a key that the client made up may be anything.
        named = {str(item["loc"][0]) for item in error.errors(include_url=False, include_input=False) if item["loc"]}
        fields = sorted(named & model.model_fields.keys())
        raise Problem(400, "Nie udało się odczytać tej wiadomości.", fields=fields) from None


def _token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _number(request: Request, name: str, default: float, most: float) -> float:
    try:
        value = float(request.args.get(name, default))
    except ValueError:
        value = -1
    if not 0 <= value <= most:
        raise Problem(400, f"Parametr „{name}” ma niewłaściwą wartość.")
    return value


@chat.post("/")
async def open_conversation(request: Request) -> HTTPResponse:
    app = _chat(request)
    _body(request, OpenConversation)
    async with app.database.write() as session:
        origin = app.hasher.digest("origin", network_address(request, app.settings))
        if not await app.accounts.origin_may(session, "conversation", origin):
            raise Problem(
                429, "Zbyt wiele nowych rozmów. Spróbuj ponownie za kwadrans.", headers={"Retry-After": "900"}
            )
        conversation, token = await app.conversations.open(session, WEB, await _signed_in(request, session))
        events = await app.events.read(session, conversation.id, 0)
    return json({"conversation": conversation.id, "token": token, "events": events}, status=201)


async def _signed_in(request: Request, session: AsyncSession) -> PortalSession | None:
    """The portal's session, if a page of ours asks: another site's page never speaks for the customer."""
    app = _chat(request)
    if not is_same_origin(request, app.settings):
        return None
    return await app.accounts.sessions.find(session, CUSTOMERS.token(request, app.settings))


@chat.post("/<conversation_id:str>/messages")
async def say(request: Request, conversation_id: str) -> HTTPResponse:
    app = _chat(request)
    async with app.database.write() as session:
        conversation = await app.conversations.authenticated(session, conversation_id, _token(request), lock=True)
        seq = await app.conversations.accept(session, conversation, _body(request, SaidMessage))
    app.hub.publish(conversation_id)
    app.turns.wake(conversation_id)
    return json({"seq": seq, "state": "accepted"}, status=202)


@chat.post("/<conversation_id:str>/attachments")
async def attach(request: Request, conversation_id: str) -> HTTPResponse:
    app = _chat(request)
    async with app.database.read() as session:
        conversation = await app.conversations.authenticated(session, conversation_id, _token(request))
        client_id, file = _attachment(request)
        came = app.conversations.came(conversation, client_id, file.body)
        seq = await app.conversations.known(session, conversation, came)
    if seq is None:
        try:
            upload = await received(file.name, file.body)
            async with app.database.write() as session:
                conversation = await app.conversations.authenticated(
                    session, conversation_id, _token(request), lock=True
                )
                seq = await app.conversations.attach(session, conversation, came, upload)
        except FileRefused as refused:
            raise Problem(refused.status, str(refused)) from None
        app.hub.publish(conversation_id)
        app.turns.wake(conversation_id)
    return json({"seq": seq}, status=202)


def _attachment(request: Request) -> tuple[str, File]:
    """The form's `client_id` and its one `file`. Raises Problem 400 or 415."""
    if request.content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise Problem(415, "Plik przesyła się jako multipart/form-data.")
    fields: dict[str, list[str]] = dict(request.form or {})
    files: dict[str, list[File]] = dict(request.files or {})
    sent = [file for some in files.values() for file in some]
    try:
        client_id = str(uuid.UUID("".join(fields.get("client_id", []))))
    except ValueError:
        raise Problem(400, "Nie udało się odczytać tej wiadomości.", fields=["client_id"]) from None
    if len(sent) != 1 or "file" not in files or not sent[0].body or set(fields) != {"client_id"}:
        raise Problem(400, "Wyślij jeden plik.", fields=["file"])
    return client_id, sent[0]


@chat.get("/<conversation_id:str>/events")
async def events(request: Request, conversation_id: str) -> HTTPResponse | None:
    app = _chat(request)
    async with app.database.read() as session:
        await app.conversations.authenticated(session, conversation_id, _token(request))
    after = int(_number(request, "after", 0, 2**31))
    if "text/event-stream" in request.headers.get("accept", ""):
        last = request.headers.get("last-event-id", "")
        await _stream(request, app, conversation_id, int(last) if last.isdecimal() else after)
        return None
    wait = _number(request, "wait", 0, LONGEST_WAIT)
    found, idle = await _poll(app, conversation_id, after, wait, request.args.get("hold") == "true")
    return json({"events": found, "idle": idle}, headers={"Cache-Control": "no-store"})


async def _look(app: Chat, conversation_id: str, after: int) -> tuple[list[EventBody], bool]:
    async with app.database.read() as session:
        idle = await repository.unanswered(session, conversation_id) == 0
        return await app.events.read(session, conversation_id, after), idle


async def _poll(app: Chat, conversation_id: str, after: int, wait: float, hold: bool) -> tuple[list[EventBody], bool]:
    """Events as soon as there are some; none when the conversation is idle (unless held) or `wait` has passed."""
    deadline = time.monotonic() + wait
    with app.hub.listen(conversation_id) as bell:
        while True:
            found, idle = await _look(app, conversation_id, after)
            left = deadline - time.monotonic()
            if found or (idle and not hold) or left <= 0:
                return found, idle
            await bell.wait(min(left, RECHECK))


async def _stream(request: Request, app: Chat, conversation_id: str, after: int) -> None:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=headers)
    with app.hub.listen(conversation_id, hears_typing=True) as bell:
        quiet_since = time.monotonic()
        while True:
            found, _ = await _look(app, conversation_id, after)
            for event in found:
                await response.send(
                    b"id: %d\ndata: %s\n\n" % (event["seq"], jsonlib.dumps(event, ensure_ascii=False).encode())
                )
                after = event["seq"]
            if any(event["type"] == "closed" for event in found):
                await response.eof()
                return
            if not found and await _send_typing(response, bell):
                quiet_since = time.monotonic()
            if found:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > HEARTBEAT:
                await response.send(": still here\n\n")
                quiet_since = time.monotonic()
            await bell.wait(RECHECK)


async def _send_typing(response: Any, bell: Bell) -> bool:
    if bell.typing:
        bell.typing = False
        await response.send('data: {"type": "typing"}\n\n')
        return True
    return False


@chat.post("/<conversation_id:str>/feedback")
async def rate(request: Request, conversation_id: str) -> HTTPResponse:
    app = _chat(request)
    async with app.database.write() as session:
        conversation = await app.conversations.authenticated(session, conversation_id, _token(request), lock=True)
        await app.conversations.rate(session, conversation, _body(request, GivenFeedback))
    return empty()


@chat.delete("/<conversation_id:str>")
async def end(request: Request, conversation_id: str) -> HTTPResponse:
    app = _chat(request)
    async with app.database.write() as session:
        conversation = await app.conversations.authenticated(session, conversation_id, _token(request), lock=True)
        await app.conversations.end(session, conversation)
    await app.turns.drop(conversation_id)
    app.hub.publish(conversation_id)
    return empty()


async def end_past_identities(app: Chat, identity: Identity) -> None:
    """Tells conversations that the time of their identity has passed."""
    async with app.database.read() as session:
        past = await identity.conversations_past_grant(session)
    for conversation_id in past:
        async with app.database.write() as session:
            conversation = await repository.conversation(session, conversation_id, lock=True)
            if conversation and conversation.closed_at is None:
                await app.conversations.end_past_identity(session, conversation)
        app.hub.publish(conversation_id)
