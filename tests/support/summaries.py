"""Summaries for tests, made by the code that makes them in the system from what happened in made-up conversations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat.models import Conversation
from backend.staff.conversations.lemmas import Lemmas
from backend.staff.conversations.models import Summary
from backend.staff.conversations.summaries import Told
from backend.staff.conversations.tasks import Tasks

LEMMAS = Lemmas.open()


@dataclass
class Talk:
    """What happened: the customer's messages as topic and text, a topic of None is one that was not understood."""

    said: Sequence[tuple[str | None, str]] = (("show_documents", "gdzie jest faktura?"),)
    at: dt.datetime = dt.datetime(2026, 11, 5, 10, tzinfo=dt.UTC)
    channel: str = "web"
    team: str | None = None
    handovers: Sequence[str] = ()
    tasks: Tasks = field(default_factory=dict)
    scores: Sequence[str] = ()
    customer_id: int | None = None
    milliseconds: int = 100
    tags: Sequence[str] = ()


async def keep(session: AsyncSession, *talks: Talk) -> list[str]:
    """The ids of the conversations, in order."""
    return [await _keep(session, f"k_{number:06}", talk) for number, talk in enumerate(talks)]


async def _keep(session: AsyncSession, id_: str, talk: Talk) -> str:
    conversation = Conversation(
        id=id_, token_digest="-", channel=talk.channel, opened_at=talk.at, last_activity_at=talk.at, last_seq=0
    )
    events = [SimpleNamespace(type="message", body={"from": "customer", "text": text}) for _, text in talk.said]
    events += [SimpleNamespace(type="handoff", body={"state": state}) for state in talk.handovers]
    records = [
        SimpleNamespace(
            seq=seq,
            intents=[{"name": topic or "nlu_fallback", "confidence": 0.9 if topic else 0.2}],
            fallback=topic is None,
            milliseconds=talk.milliseconds,
        )
        for seq, (topic, _) in enumerate(talk.said)
    ]
    told = Told(
        conversation,
        events,  # type: ignore[arg-type]
        records,  # type: ignore[arg-type]
        {record.seq for record in records},
        talk.scores,
        talk.tasks,
        [talk.customer_id] if talk.customer_id else [],
        talk.team,
        "new",
        talk.tags,
    )
    session.add(conversation)
    await session.flush()
    session.add(Summary(conversation_id=id_, **told.row(LEMMAS)))
    return id_
