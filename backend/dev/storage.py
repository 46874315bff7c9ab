"""What is kept about conversations, laid open for tests, and thrown away for a fresh start."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import models as chat
from backend.identity import models as identity
from backend.mail.models import Letter

_TABLES = (
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
    chat.Conversation,
)
_CIPHERTEXT = "ciphertext"


async def dump(session: AsyncSession) -> str:
    """Every row about conversations as a line of JSON, the vault's ciphertext left out."""
    lines = []
    for model in _TABLES:
        columns = [column for column in model.__table__.columns if column.name != _CIPHERTEXT]
        for row in (await session.execute(select(*columns))).mappings():
            lines.append(f"{model.__tablename__} {json.dumps(dict(row), ensure_ascii=False, default=str)}")
    return "\n".join(lines) + "\n"


def log(file: Path) -> str:
    """The log of this run, all processes together."""
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


async def clear(session: AsyncSession) -> None:
    for model in (*_TABLES, Letter):
        await session.execute(delete(model))
