"""What waits to be taught, in which order, what is alike, and what decisions make of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import doubts
from backend.chat.dialogue import Understanding
from backend.chat.doubts import Sign
from backend.chat.models import Conversation, Event, InboxMessage, TurnRecord
from backend.clock import WARSAW
from backend.database import Database
from backend.staff.models import Member
from backend.staff.schemas import Colleague, Role
from backend.staff.teaching import examples, export, lessons, queue, repository
from backend.staff.teaching.schemas import Doubtful, Known, Place, Purpose
from bot.placeholders import Kind, Placeholder

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=WARSAW)
EVA = Colleague(1, 1, "Ewa Wilk", frozenset([Role.TRAINER]), None)
EMAIL = str(Placeholder(Kind.EMAIL, 4001))


async def said(session: AsyncSession, *texts: str, sure: float = 0.3, sign: Sign | None = Sign.UNSURE) -> list[Place]:
    """A conversation in which these were said one after another, each understood in the same way."""
    number = await session.scalar(text("SELECT count(*) FROM conversations")) or 0
    id_ = f"k_{number:04}"
    session.add(
        Conversation(
            id=id_, token_digest="", channel="web", opened_at=NOW, last_activity_at=NOW, last_seq=3 * len(texts)
        )
    )
    await session.flush()
    for seq, words in enumerate(texts):
        put(session, id_, 3 * seq + 1, words, sure, sign)
    await session.flush()
    return [Place(id_, 3 * seq + 1) for seq in range(len(texts))]


def put(session: AsyncSession, id_: str, seq: int, words: str, sure: float, sign: Sign | None) -> None:
    intents = [{"name": "ask_balance", "confidence": sure}, {"name": "show_documents", "confidence": sure / 2}]
    doubt = doubts.doubt(sign, intents) if sign else None
    row = {"conversation_id": id_, "seq": seq}
    session.add(InboxMessage(**row, client_id=str(seq), body_digest="", text=words, accepted_at=NOW, answered_at=NOW))
    session.add(TurnRecord(**row, intents=intents, actions=[], fallback=False, doubt=doubt, attempts=1, milliseconds=5))
    answer: dict[str, Any] = {"from": "bot", "text": f"Odpowiedź na {seq}"}
    session.add(Event(conversation_id=id_, seq=seq + 1, type="message", at=NOW, in_reply_to=seq, body=answer))


async def worst(database: Database, known: dict[str, Known] | None = None) -> list[queue.Group]:
    async with database.read() as session:
        return (await queue.worst(session, known or {}))[0]


async def decide(database: Database, places: list[Place], intent: str | None, purpose: Purpose) -> list[Place]:
    async with database.write() as session:
        await session.merge(
            Member(id=1, login="ewa", name="Ewa Wilk", roles=["trainer"], second_factor=b"", last_step=0)
        )
        await session.flush()
        return await lessons.decide(session, places, intent, purpose, EVA, NOW)


async def test_thumbs_down_come_first_then_corrections_then_fallbacks_then_the_unsure(database: Database) -> None:
    async with database.write() as session:
        for sign in (Sign.UNSURE, Sign.THUMB_DOWN, Sign.FALLBACK, Sign.CORRECTED):
            await said(session, f"słowo {sign.name}", sign=sign)
        await said(session, "zrozumiane", sign=None)
    signs = [group.worst.sign for group in await worst(database)]
    assert signs == [Sign.THUMB_DOWN, Sign.CORRECTED, Sign.FALLBACK, Sign.UNSURE]


async def test_of_one_kind_the_least_sure_come_first(database: Database) -> None:
    async with database.write() as session:
        for sure in (0.4, 0.0, 0.6):
            await said(session, f"pewność {sure}", sure=sure)
    assert [group.worst.guesses[0][1] for group in await worst(database)] == [0.0, 0.4, 0.6]


async def test_alike_messages_are_one_group(database: Database) -> None:
    async with database.write() as session:
        await said(session, "Jak wyłączyć papierową fakturę?", sure=0.1)
        await said(session, "jak wylaczyc papierowa fakture")
        await said(session, "jak wyłączyć papierową fakturę teraz")
        await said(session, "jak włączyć papier")
    groups = await worst(database)
    assert [len(group.messages) for group in groups] == [3, 1]
    assert groups[0].worst.text == "Jak wyłączyć papierową fakturę?"


async def test_a_message_is_shown_masked_with_what_was_said_around_it(database: Database) -> None:
    async with database.write() as session:
        _, place = await said(session, f"piszę z {EMAIL}", f"mój adres {EMAIL} jest zły", sign=Sign.FALLBACK)
        record = await session.get_one(TurnRecord, (place.conversation_id, 1))
        record.doubt = None
    (group,) = await worst(database)
    assert group.worst.text == "mój adres [e-mail] jest zły"
    assert group.context.before == "piszę z [e-mail]"
    assert group.context.answers == ["Odpowiedź na 4"]


async def test_it_warns_of_what_the_data_have_already_however_it_is_written(database: Database) -> None:
    async with database.write() as session:
        await said(session, f"MÓJ ADRES {EMAIL}, jest zły!")
    known = {examples.key("moj adres [e-mail] jest zly"): Known("show_my_data", Purpose.EVALUATION)}
    (group,) = await worst(database, known)
    assert group.known == Known("show_my_data", Purpose.EVALUATION)


async def test_the_data_of_this_project_are_known() -> None:
    known = examples.known()
    assert known[examples.key("Ile mam do zaplaty")] == Known("ask_balance", Purpose.TRAINING)
    assert known[examples.key("mail z linkiem do aktywacji nadal nie dotarł")].purpose is Purpose.EVALUATION


async def test_a_decision_takes_the_whole_group_out_of_the_queue(database: Database) -> None:
    async with database.write() as session:
        first = await said(session, "to samo")
        second = await said(session, "To samo!")
        await said(session, "coś innego zupełnie")
    await decide(database, [*first, *second], "show_documents", Purpose.TRAINING)
    groups = await worst(database)
    assert [group.worst.text for group in groups] == ["coś innego zupełnie"]


async def test_who_comes_second_changes_nothing(database: Database) -> None:
    async with database.write() as session:
        places = await said(session, "to samo")
    assert await decide(database, places, "show_documents", Purpose.TRAINING) == places
    assert await decide(database, places, "ask_balance", Purpose.TRAINING) == []
    async with database.read() as session:
        assert [lesson.intent for lesson, _ in await repository.lessons(session, None, 9)] == ["show_documents"]


async def test_only_what_waits_can_be_decided_about(database: Database) -> None:
    async with database.write() as session:
        places = await said(session, "zrozumiane", sign=None)
    assert await decide(database, [*places, Place("k_'; DROP", 1)], "ask_balance", Purpose.TRAINING) == []


async def test_a_thumb_down_does_not_bring_back_what_was_decided(database: Database) -> None:
    async with database.write() as session:
        places = await said(session, "to samo")
    await decide(database, places, None, Purpose.TRAINING)
    async with database.write() as session:
        await doubts.note_thumb_down(session, places[0].conversation_id, places[0].seq)
    assert await worst(database) == []


async def test_a_decision_taken_back_waits_again_in_its_old_place(database: Database) -> None:
    async with database.write() as session:
        places = await said(session, "to samo", sign=Sign.CORRECTED)
        await said(session, "inne zdanie", sign=Sign.THUMB_DOWN)
    await decide(database, places, "ask_balance", Purpose.TRAINING)
    async with database.write() as session:
        assert await lessons.take_back(session, places[0])
        assert not await lessons.take_back(session, places[0])
    assert [group.worst.text for group in await worst(database)] == ["inne zdanie", "to samo"]


async def test_the_same_sentence_later_tells_what_was_decided_before(database: Database) -> None:
    async with database.write() as session:
        places = await said(session, "papierowa faktura precz")
    await decide(database, places, "show_documents", Purpose.EVALUATION)
    async with database.write() as session:
        await said(session, "Papierowa faktura, precz!")
    (group,) = await worst(database)
    assert group.taught == [Known("show_documents", Purpose.EVALUATION)]


async def test_the_worst_are_found_by_their_index(database: Database) -> None:
    query = f"SELECT conversation_id, seq FROM turn_records WHERE {repository.WAITS} ORDER BY doubt DESC LIMIT 9"
    async with database.read() as session:
        if session.get_bind().dialect.name == "sqlite":
            plan = (await session.execute(text(f"EXPLAIN QUERY PLAN {query}"))).all()
        else:
            await session.execute(text("SET enable_seqscan = off"))
            plan = (await session.execute(text(f"EXPLAIN {query}"))).all()
    assert "ix_turn_records_doubt" in str(plan)


async def test_decisions_are_listed_page_by_page(database: Database) -> None:
    async with database.write() as session:
        places = await said(session, *(f"zdanie {number}" for number in range(5)))
    await decide(database, places, "ask_balance", Purpose.TRAINING)
    async with database.read() as session:
        first = [lesson for lesson, _ in await repository.lessons(session, None, 3)]
        end = (first[-1].at, Place(first[-1].conversation_id, first[-1].seq))
        second = [lesson for lesson, _ in await repository.lessons(session, end, 3)]
    assert [lesson.seq for lesson in first + second] == [13, 10, 7, 4, 1]


async def test_what_is_measured_with_is_never_learned(database: Database) -> None:
    async with database.write() as session:
        learned = await said(session, "zdanie jeden", "zdanie dwa inaczej")
        measured = await said(session, "Zdanie jeden!", "zdanie trzy osobno")
    await decide(database, learned, "ask_balance", Purpose.TRAINING)
    await decide(database, measured, "ask_balance", Purpose.EVALUATION)
    known = {examples.key("zdanie trzy osobno"): Known("ask_balance", Purpose.TRAINING)}
    async with database.read() as session:
        training = await export.collect(session, Purpose.TRAINING, None, known)
        evaluation = await export.collect(session, Purpose.EVALUATION, None, known)
    assert training.sentences == {"ask_balance": ["zdanie dwa inaczej"]}
    assert evaluation.sentences == {"ask_balance": ["Zdanie jeden!"]}


async def test_the_latest_decision_about_a_sentence_counts_and_contradictions_are_told(database: Database) -> None:
    async with database.write() as session:
        first, second, third = await said(session, "zdanie jeden", "Zdanie jeden", "zdanie znane")
    await decide(database, [first, third], "ask_balance", Purpose.TRAINING)
    await decide(database, [second], "show_documents", Purpose.TRAINING)
    known = {"zdanie znane": Known("show_payments", Purpose.TRAINING)}
    async with database.read() as session:
        collected = await export.collect(session, Purpose.TRAINING, None, known)
        later = await export.collect(session, Purpose.TRAINING, NOW + dt.timedelta(days=1), known)
    assert collected.sentences == {"show_documents": ["Zdanie jeden"]}
    assert "# Left out, taught as ask_balance but show_payments in the data: zdanie znane" in export.as_yaml(
        collected, Purpose.TRAINING
    )
    assert later.sentences == {}


def message(words: str, payload: str | None = None) -> InboxMessage:
    return InboxMessage(conversation_id="k_0", seq=7, text=words, payload=payload)


def understood(intent: str, sure: float, *actions: str) -> Understanding:
    done = [{"action": action, "result": "said"} for action in actions]
    return Understanding([{"name": intent, "confidence": sure}], done, fallback=intent == doubts.FALLBACK, fault=None)


@pytest.mark.parametrize(
    ("said", "understanding", "in_form", "sign"),
    [
        (message("cokolwiek"), understood("nlu_fallback", 0.5, "action_nlu_fallback"), False, Sign.FALLBACK),
        (message("cokolwiek"), understood("ask_balance", 0.6), False, Sign.UNSURE),
        (message("ile mam zapłacić"), understood("ask_balance", 0.9), False, None),
        (message("opis skargi"), understood("nlu_fallback", 0.5, "ticket_form"), True, None),
        (message(EMAIL), understood("nlu_fallback", 0.5, "action_nlu_fallback"), False, None),
        (message("Kontakt", "/ask_person"), understood("ask_person", 0.1), False, None),
    ],
)
def test_what_is_doubtful(said: InboxMessage, understanding: Understanding, in_form: bool, sign: Sign | None) -> None:
    found = doubts.of_turn(said, understanding, in_form=in_form)
    assert (Sign(int(found)) if found else None) == sign


@pytest.mark.parametrize(
    ("next_", "intent", "corrected"),
    [
        ("nie o to pytam", "deny", True),
        ("co za bzdury", "anger", True),
        ("gdzie widać moje wpłaty w portalu", "show_payments", True),
        ("a gdzie moje wpłaty za maj", "follow_up", False),
        ("ile kosztuje konto", "cost", False),
    ],
)
async def test_what_is_corrected_at_once_is_doubtful(
    database: Database, next_: str, intent: str, corrected: bool
) -> None:
    async with database.write() as session:
        ((id_, seq),) = [(p.conversation_id, p.seq) for p in await said(session, "gdzie widać moje wpłaty", sign=None)]
        put(session, id_, seq + 3, next_, 0.9, None)
        await session.flush()
        following = await session.scalar(text("SELECT max(seq) FROM inbox"))
        await doubts.note_correction(
            session, InboxMessage(conversation_id=id_, seq=following, text=next_), understood(intent, 0.9)
        )
    assert [group.worst.sign for group in await worst(database)] == ([Sign.CORRECTED] if corrected else [])


def test_grouping_is_the_same_whatever_else_there_is() -> None:
    texts = ["a b c d", "a b c d e", "b c d e f", "x y"]
    messages = [Doubtful(Place("k_0", seq), words, Sign.UNSURE, []) for seq, words in enumerate(texts)]
    assert [[one.text for one in group.messages] for group in queue.grouped(messages)] == [
        ["a b c d", "a b c d e"],
        ["b c d e f"],
        ["x y"],
    ]
