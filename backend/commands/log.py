"""`mojbok log`: the office's first window into conversations, with personal values masked."""

from __future__ import annotations

from typing import Any

import typer

from backend.chat import repository
from backend.chat.models import Event, TurnRecord
from backend.clock import WARSAW
from backend.commands.opened import opened
from backend.settings import Settings
from bot.placeholders import mask


class NoSuchConversation(Exception):
    """No conversation has this id."""


async def print_log(settings: Settings, conversation_id: str | None, limit: int) -> None:
    async with opened(settings) as (database, _), database.read() as session:
        if conversation_id is None:
            for conversation, record in await repository.recent(session, limit):
                at = conversation.last_activity_at.astimezone(WARSAW)
                typer.echo(f"{at:%Y-%m-%d %H:%M}  {conversation.id}  {_understood(record)}")
            return
        if await repository.conversation(session, conversation_id) is None:
            raise NoSuchConversation(f"There is no conversation {conversation_id}.")
        records = await repository.records(session, conversation_id)
        for event in await repository.events_after(session, conversation_id, 0):
            _print_event(event, records.get(event.seq))


def _understood(record: TurnRecord | None) -> str:
    if record is None or not record.intents:
        return "-"
    top = record.intents[0]
    return f"{top['name']} {top['confidence']:.2f}{'  fallback' if record.fallback else ''}"


def _print_event(event: Event, record: TurnRecord | None) -> None:
    who = event.body.get("from", event.type)
    at = event.at.astimezone(WARSAW)
    typer.echo(f"{event.seq:>5}  {at:%H:%M:%S}  {who:<9} {_words(event.body)}")
    if record is not None:
        intents = ", ".join(f"{intent['name']} {intent['confidence']:.2f}" for intent in record.intents)
        actions = ", ".join(f"{done['action']}={done['result']}" for done in record.actions)
        typer.echo(f"{'':17}{'':9} understood: {intents or '-'}")
        typer.echo(f"{'':17}{'':9} done: {actions or '-'} in {record.milliseconds} ms, attempts: {record.attempts}")


def _words(body: dict[str, Any]) -> str:
    if "text" not in body:
        return " ".join(str(value) for value in body.values() if value)
    choices = " ".join(f"[{mask(choice['title'])}]" for choice in body.get("choices", []))
    return f"{mask(body['text'])} {choices}".strip().replace("\n", "\n" + " " * 27)
