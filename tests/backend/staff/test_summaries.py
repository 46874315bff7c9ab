"""Summaries on both databases: made anew after each change, from what was said, understood and done."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, update

import backend.models  # noqa: F401 - the tables refer to one another
from backend.chat import dialogue
from backend.chat import erasure as chat
from backend.chat.models import Conversation, Effect, Event, Feedback, InboxMessage, TurnRecord
from backend.database import Database
from backend.staff.conversations import search
from backend.staff.conversations.models import Summary
from backend.staff.conversations.search import MOST, joined
from backend.staff.conversations.summaries import BUSY, Summaries
from backend.staff.conversations.tasks import tasks_of
from bot.placeholders import Kind, Placeholder
from tests.support.summaries import LEMMAS
from tests.support.talks import ID, START, talk


async def summary(database: Database) -> Summary:
    async with database.read() as session:
        return (await session.scalars(select(Summary).where(Summary.conversation_id == ID))).one()


async def say(database: Database, text: str, seq: int, record: dict[str, Any] | None = None) -> None:
    """A message of the customer, and what was understood."""
    async with database.write() as session:
        conversation = await session.get_one(Conversation, ID)
        conversation.changes += 1
        body = {"from": "customer", "text": text}
        session.add(Event(conversation_id=ID, seq=seq, type="message", at=START, in_reply_to=None, body=body))
        session.add(
            InboxMessage(conversation_id=ID, seq=seq, client_id=str(seq), body_digest="-", text=text, accepted_at=START)
        )
        values = {"intents": [], "actions": [], "fallback": False, "attempts": 1, "milliseconds": 300} | (record or {})
        session.add(TurnRecord(conversation_id=ID, seq=seq, **values))


@dataclass
class Waiting:
    """How many wait for an answer, where no turns are needed for it."""

    in_work: int


@pytest.fixture
async def summaries(database: Database) -> Summaries:
    async with database.write() as session:
        await talk(session, 3)
    return Summaries(database, LEMMAS, Waiting(0))  # type: ignore[arg-type]


async def test_answers_go_first_but_not_for_ever(
    database: Database, summaries: Summaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def made() -> int:
        async with database.read() as session:
            return len((await session.scalars(select(Summary))).all())

    many_wait = Summaries(database, LEMMAS, Waiting(BUSY + 1))  # type: ignore[arg-type]
    await many_wait.catch_up()
    assert await made() == 0
    monkeypatch.setattr("backend.staff.conversations.summaries.LONGEST_DELAY", 0.0)
    await many_wait.catch_up()
    assert await made() == 1


async def test_a_summary_tells_what_happened(database: Database, summaries: Summaries) -> None:
    lower = [{"name": "nlu_fallback", "confidence": 0.7}, {"name": "contact", "confidence": 0.3}]
    address = Placeholder(Kind.EMAIL, 1)
    await say(database, f"Mój adres to\n{address}", 20, {"intents": lower, "fallback": True})
    await summaries.catch_up()
    made = await summary(database)
    assert (made.messages, made.fallbacks, made.confidence) == (4, 1, 0.3)
    assert made.intents == ["ask_balance"] * 3 + ["nlu_fallback"]
    assert made.said == "Mój adres to [e-mail]"
    assert (made.thumbs_up, made.thumbs_down, made.milliseconds) == (0, 1, 135)
    assert made.tasks == {"ask_balance": {"outcome": "done", "step": None}}
    words = made.words.split(" ")
    assert {"adres", "wybor", "kanal=web", "ocena=down", "ostatnia=nlu_fallback", "pewnosc=30"} <= set(words)
    assert "pewnosc=20" not in words
    assert "zaplata" not in words, "what the assistant says is not searched"
    assert not any("\ue000" <= letter <= "\uf8ff" for letter in made.words)


async def test_a_conversation_in_which_nothing_was_said_has_one_too(database: Database, summaries: Summaries) -> None:
    async with database.write() as session:
        session.add(
            Conversation(
                id="k_pusta", token_digest="-", channel="web", opened_at=START, last_activity_at=START, last_seq=0
            )
        )
    await summaries.catch_up()
    async with database.read() as session:
        made = (await session.scalars(select(Summary).where(Summary.conversation_id == "k_pusta"))).one()
    assert (made.messages, made.said, made.intents, made.confidence, made.milliseconds) == (0, None, [], None, None)


async def test_it_is_made_anew_only_after_a_change(database: Database, summaries: Summaries) -> None:
    await summaries.catch_up()
    async with database.write() as session:
        await session.execute(update(Summary).values(said="stare"))
    await summaries.catch_up()
    assert (await summary(database)).said == "stare"
    await say(database, "nowe", 20)
    await summaries.catch_up()
    assert (await summary(database)).said == "nowe"


async def test_two_at_once_make_one(database: Database, summaries: Summaries) -> None:
    await asyncio.gather(*(summaries.catch_up() for _ in range(4)))
    assert (await summary(database)).messages == 3


async def test_searching_follows_what_changes_and_what_goes(database: Database, summaries: Summaries) -> None:
    async def holds(word: str) -> bool:
        async with database.read() as session:
            return await session.scalar(select(Summary.id).where(search.held([word]))) is not None

    await say(database, "licznik", 20)
    await summaries.catch_up()
    assert await holds("licznik")
    async with database.write() as session:
        await session.execute(update(Summary).values(words="umowa"))
    assert (await holds("licznik"), await holds("umowa")) == (False, True)
    async with database.write() as session:
        await chat.forget(session, [ID])
        await search.settle(session)
    assert not await holds("umowa")
    async with database.read() as session:
        assert (await session.scalars(select(Summary))).all() == []


async def test_a_word_or_a_conversation_beyond_measure_is_cut(database: Database, summaries: Summaries) -> None:
    await say(database, "x" * 4000, 20)
    await say(database, " ".join(f"słowo{n}" for n in range(500)), 21)
    await summaries.catch_up()
    assert "x" * 40 in (await summary(database)).words.split()
    assert len(joined([f"slowo{n}" for n in range(100_000)])) <= MOST


async def test_a_rating_asks_for_a_new_summary(database: Database, summaries: Summaries) -> None:
    await summaries.catch_up()
    async with database.write() as session:
        (await session.get_one(Conversation, ID)).changes += 1
        session.add(Feedback(conversation_id=ID, seq=5, score="up", comment=None, at=START))
    await summaries.catch_up()
    assert (await summary(database)).thumbs_up == 1


# Tasks


def record(seq: int, *actions: tuple[str, str] | tuple[str, str, str | None], intent: str = "x") -> TurnRecord:
    """A turn in which these actions ended so; a form with the step it waits for."""
    entries: list[dict[str, Any]] = []
    for name, result, *step in actions:
        entries.append({"action": name, "result": result, "ms": 1} | ({"step": step[0]} if step else {}))
    return TurnRecord(conversation_id=ID, seq=seq, intents=[{"name": intent, "confidence": 0.9}], actions=entries)


def effect(seq: int, action: str, status: int = 200) -> Effect:
    return Effect(key=f"{ID}/{seq}/{action}/open", conversation_id=ID, status=status, result={})


BALANCE = "action_ask_balance", "done"
REFUSED_BALANCE = "action_ask_balance", "refused: identity_required"
TICKET = "action_new_ticket", "done"
ASKING = record(1, ("action_ask_person", "done"), ("person_form", "done", "team"))
WRITING = record(1, TICKET, ("ticket_form", "done", "text"))


@pytest.mark.parametrize(
    ("records", "effects", "closed", "expected"),
    [
        ([record(1, BALANCE)], [], False, {"ask_balance": ("done", None)}),
        ([record(1, ("action_ask_callback", "refused: late"))], [], False, {"ask_callback": ("refused", None)}),
        (
            [record(1, REFUSED_BALANCE, ("identity_form", "done", "identifier"))],
            [],
            False,
            {"ask_balance": ("begun", "identifier")},
        ),
        (
            [
                record(1, REFUSED_BALANCE, ("identity_form", "done", "code")),
                record(4, ("identity_form", "done", None), BALANCE),
            ],
            [],
            False,
            {"ask_balance": ("done", None)},
        ),
        ([WRITING], [], True, {"new_ticket": ("given_up", "text")}),
        ([WRITING, record(4, BALANCE)], [], False, {"new_ticket": ("given_up", "text"), "ask_balance": ("done", None)}),
        (
            [WRITING, record(4, ("ticket_form", "done", None), intent="cancel")],
            [],
            False,
            {"new_ticket": ("given_up", "text")},
        ),
        (
            [WRITING, record(4, ("ticket_form", "done", "confirm")), record(7, ("ticket_form", "done", None))],
            [effect(7, "validate_ticket_form")],
            False,
            {"new_ticket": ("done", None)},
        ),
        (
            [WRITING, record(4, ("ticket_form", "refused: too_many", None))],
            [effect(4, "validate_ticket_form", 403)],
            False,
            {"new_ticket": ("refused", "text")},
        ),
        (
            [ASKING, record(4, ("person_form", "done", None), intent="i_am_business")],
            [],
            False,
            {"ask_person": ("done", None)},
        ),
        (
            [ASKING, record(4, ("person_form", "done", None), BALANCE, intent="ask_balance")],
            [],
            False,
            {"ask_person": ("given_up", "team"), "ask_balance": ("done", None)},
        ),
        ([record(1, ("utter_contact", "said"), ("identity_form", "done", "code"))], [], False, {}),
    ],
)
def test_how_a_task_went(
    records: list[TurnRecord], effects: list[Effect], closed: bool, expected: dict[str, tuple[str, str | None]]
) -> None:
    found = tasks_of(records, effects, closed=closed)
    assert {task: (went["outcome"], went["step"]) for task, went in found.items()} == expected


def test_a_turn_records_what_a_form_waits_for() -> None:
    outcome = {"event": "slot", "name": "outcome", "value": {"result": "done", "ms": 3}}
    asked = [
        {"event": "user", "parse_data": {"intent": {"name": "new_ticket", "confidence": 0.9}}},
        {"event": "action", "name": "ticket_form"},
        outcome,
        {"event": "slot", "name": "requested_slot", "value": "kind"},
        {"event": "slot", "name": "requested_slot", "value": "text"},
    ]
    assert dialogue.understand({"events": asked}).actions[0]["step"] == "text"
    ended = [*asked[:3], {"event": "slot", "name": "requested_slot", "value": None}]
    assert dialogue.understand({"events": ended}).actions[0]["step"] is None


async def test_what_the_office_wrote_into_a_conversation_is_no_obstacle(
    database: Database, summaries: Summaries
) -> None:
    async with database.write() as session:
        for key in ("123", "a/b/c"):
            session.add(Effect(key=f"{ID}/office/{key}", conversation_id=ID, status=200, result={}))
    await summaries.catch_up()
    assert (await summary(database)).tasks == {"ask_balance": {"outcome": "done", "step": None}}


async def test_one_that_cannot_be_summarised_stops_no_other(database: Database, summaries: Summaries) -> None:
    async with database.write() as session:
        opened = {"token_digest": "-", "channel": "web", "opened_at": START, "last_activity_at": START, "last_seq": 1}
        session.add(Conversation(id="a_first", **opened))
        session.add(Event(conversation_id="a_first", seq=1, type="message", at=START, body={"from": "customer"}))
    await summaries.catch_up()
    assert (await summary(database)).messages == 3
