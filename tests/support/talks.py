"""Long conversations for tests, put into a database as the chat would have left them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat.models import Choice, Conversation, Event, Feedback, InboxMessage, TurnRecord
from bot.placeholders import Kind, Placeholder

START = dt.datetime(2026, 11, 5, 10, tzinfo=dt.UTC)
ID = "k_dluga-rozmowa"
TURN = 3
"""Events of a turn: what is said, the answer, and `answered`."""


async def talk(session: AsyncSession, turns: int) -> None:
    """A conversation of so many turns, each with an offered choice that the next one takes."""
    session.add(
        Conversation(
            id=ID, token_digest="-", channel="web", opened_at=START, last_activity_at=START, last_seq=turns * TURN
        )
    )
    await session.flush()
    for turn in range(turns):
        seq, at = turn * TURN + 1, START + dt.timedelta(seconds=turn)
        title = f"Wybór {turn}"
        said = {"from": "customer", "text": f"Wybór {turn - 1}"}
        amount, address = Placeholder(Kind.AMOUNT, seq * 4000 + 2000), Placeholder(Kind.EMAIL, 7)
        answer = {
            "from": "bot",
            "text": f"Do zapłaty {amount}, piszemy na {address}.",
            "choices": [{"id": f"c_{turn}", "title": title}],
        }
        rows = [(seq, "message", said, None), (seq + 1, "message", answer, seq), (seq + 2, "answered", {}, seq)]
        for number, type_, body, about in rows:
            session.add(Event(conversation_id=ID, seq=number, type=type_, at=at, in_reply_to=about, body=body))
        session.add(Choice(id=f"c_{turn}", conversation_id=ID, seq=seq + 1, title=title, payload="/a", closed=True))
        session.add(
            InboxMessage(
                conversation_id=ID,
                seq=seq,
                client_id=str(seq),
                body_digest="-",
                text=f"Wybór {turn - 1}",
                payload="/a" if turn else None,
                accepted_at=at,
            )
        )
        intents = [{"name": name, "confidence": 0.5} for name in ("ask_balance", "contact", "nlu_fallback")]
        actions = [{"action": "action_ask_balance", "result": "done", "ms": 12}]
        how = {"fallback": False, "attempts": 1, "milliseconds": 80}
        session.add(TurnRecord(conversation_id=ID, seq=seq, intents=intents, actions=actions, **how))
    session.add(Feedback(conversation_id=ID, seq=2, score="down", comment="nie", at=START))
