"""What is kept about conversations, laid open for tests, and thrown away for a fresh start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts import models as accounts
from backend.accounts import recovery
from backend.audit import models as audit
from backend.callbacks import service as callbacks_
from backend.callbacks.service import Callbacks
from backend.channels import models as channels
from backend.chat import models as chat
from backend.customers import service as customers
from backend.identity import models as identity
from backend.limits import models as limits
from backend.mail.models import Letter
from backend.payments import service as payments
from backend.staff.conversations.models import Note, Review, Summary, Tag
from backend.staff.teaching.models import Lesson
from backend.tickets import service as tickets

_TABLES = (
    Note,
    Tag,
    Review,
    Summary,
    Lesson,
    channels.ChannelLink,
    channels.ChannelSent,
    channels.Undelivered,
    channels.ChannelTalk,
    channels.ChannelArrival,
    channels.ChannelAccount,
    chat.Feedback,
    chat.Effect,
    chat.TurnRecord,
    chat.DialogueState,
    chat.VaultValue,
    chat.Choice,
    chat.InboxMessage,
    chat.Event,
    identity.Grant,
    identity.IdentityCode,
    identity.PortalSession,
    chat.Conversation,
    accounts.Proof,
    audit.SecurityEvent,
    limits.Limit,
)
_CREDENTIALS = (accounts.Account, Letter)
_CIPHERTEXT = {"ciphertext", "content", "address", "name"}
"""Columns that hold what is encrypted."""


async def dump(session: AsyncSession) -> str:
    """Every row about conversations as a line of JSON, what is encrypted left out."""
    lines = []
    for model in _TABLES:
        columns = [column for column in model.__table__.columns if column.name not in _CIPHERTEXT]
        for row in (await session.execute(select(*columns))).mappings():
            lines.append(f"{model.__tablename__} {json.dumps(dict(row), ensure_ascii=False, default=str)}")
    return "\n".join(lines) + "\n"


def log(file: Path) -> str:
    """The log of this run, all processes together."""
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


async def clear(session: AsyncSession) -> None:
    # Conversations are locked first, as everybody does, so that work on one of them cannot stand against this.
    await session.execute(select(chat.Conversation.id).order_by(chat.Conversation.id).with_for_update())
    for model in (*_TABLES, *_CREDENTIALS):
        await session.execute(delete(model))
    await customers.back_to_imported(session)
    await tickets.back_to_imported(session)
    await callbacks_.clear(session)
    await payments.clear(session)


async def effects(session: AsyncSession, callbacks: Callbacks) -> dict[str, list[dict[str, Any]]]:
    """What was really created and is no imported row, the newest last."""
    opened, files = await tickets.made_here(session)
    resets = await recovery.resets(session)
    asked = await callbacks.all(session)
    known = [ticket.customer_id for ticket in opened] + [one.customer_id for one in asked]
    numbers = await customers.numbers(session, [*resets, *(id_ for id_ in known if id_ is not None)])
    return {
        "tickets": [
            {
                "ticket_no": ticket.ticket_no,
                "customer_no": numbers.get(ticket.customer_id or 0),
                "kind": ticket.kind,
                "subject": ticket.subject,
                "text": ticket.text,
            }
            for ticket in opened
        ],
        "callbacks": [
            {
                "callback_no": one.callback_no,
                "customer_no": numbers.get(one.customer_id or 0),
                "phone": one.phone,
                "from": one.begins.isoformat(),
                "to": one.ends.isoformat(),
            }
            for one in asked
        ],
        "password_resets": [{"customer_no": numbers.get(id_)} for id_ in resets],
        "documents": [{"ticket_no": file.ticket_no, "name": file.name, "mime": file.mime} for file in files],
    }
