"""The transcript on both databases: pages, taken choices, who may reveal; what is written at the same time."""

from __future__ import annotations

import ast
import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

import backend.models  # noqa: F401 - the tables refer to one another
from backend.channels.models import Undelivered
from backend.chat.models import Event
from backend.clock import Clock
from backend.database import Database
from backend.staff import titles
from backend.staff.acts import Acts
from backend.staff.conversations import reviews, transcript
from backend.staff.conversations.lines import Happening, Message
from backend.staff.conversations.masking import pieces, plain
from backend.staff.conversations.reviews import Reviews, as_tag
from backend.staff.conversations.source import WIDTH, call, literal
from backend.staff.conversations.transcript import PAGE, Page, Transcript
from backend.staff.models import Member
from backend.staff.schemas import Colleague, Role
from bot.placeholders import Kind, Placeholder
from tests.support.talks import ID, START, TURN, talk


async def read(database: Database, page: Page = transcript.END) -> Transcript:
    async with database.read() as session:
        found = await transcript.read(session, ID, page)
    assert found is not None
    return found


def seqs(found: Transcript) -> list[int]:
    return [line.seq for line in found.lines]


async def test_a_long_conversation_is_paged_from_its_end_without_gaps(database: Database) -> None:
    async with database.write() as session:
        await talk(session, 250)
    pages = [await read(database)]
    assert pages[0].later is None
    while (first := pages[-1].earlier) is not None:
        pages.append(await read(database, Page(before=first)))
    assert [len(page.lines) for page in pages] == [PAGE] * 5
    assert [seq for page in reversed(pages) for seq in seqs(page)] == [n for n in range(1, 751) if n % TURN]
    forward = [pages[-1]]
    while (last := forward[-1].later) is not None:
        forward.append(await read(database, Page(after=last)))
    assert sum(len(page.lines) for page in forward) == 500


async def test_a_link_to_a_message_opens_the_page_that_holds_it(database: Database) -> None:
    async with database.write() as session:
        await talk(session, 250)
    for seq in (1, 2, 100, 400, 748, 749):
        assert seq in seqs(await read(database, transcript.around(seq)))


async def test_a_page_beyond_the_ends_is_the_end(database: Database) -> None:
    async with database.write() as session:
        await talk(session, 3)
    for page in (Page(before=1), Page(after=9), Page(after=999_999_999)):
        assert seqs(await read(database, page)) == [1, 2, 4, 5, 7, 8]


async def test_there_is_no_transcript_of_an_unknown_conversation(database: Database) -> None:
    async with database.read() as session:
        assert await transcript.read(session, "k_inna") is None


async def test_each_line_tells_what_was_said_understood_and_done(database: Database) -> None:
    async with database.write() as session:
        await talk(session, 2)
    question, answer, choice, last = (await read(database)).lines
    assert isinstance(question, Message)
    assert isinstance(answer, Message)
    assert isinstance(choice, Message)
    assert isinstance(last, Message)
    assert question.turn is not None
    assert [guess.title for guess in question.turn.guesses] == ["Moje saldo", "Telefon i e-mail", "Nie zrozumiano"]
    step = question.turn.steps[0]
    assert (step.title, step.result, step.milliseconds) == ("Moje saldo", "wykonano", 12)
    assert (question.speaker, answer.speaker) == ("Klient", "Asystent")
    assert [piece.text for piece in answer.text if piece.is_label] == ["[kwota]", "[e-mail]"]
    assert answer.rating is not None
    assert not answer.rating.good
    assert [one.taken for one in answer.choices] == [True]
    assert choice.took_choice
    assert [one.taken for one in last.choices] == [False]


async def test_what_happens_between_messages_is_told_in_words(database: Database) -> None:
    bodies = [
        ("identity", {"state": "confirmed", "until": "2026-11-05T11:15:00+01:00"}),
        ("identity", {"state": "anonymous", "until": None}),
        ("handoff", {"state": "offered", "team": "bok"}),
        ("handoff", {"state": "taken", "team": "cok", "name": "Anna"}),
        ("handoff", {"state": "returned", "team": "cok"}),
        ("closed", {"by": "customer"}),
    ]
    async with database.write() as session:
        await talk(session, 0)
        for seq, (type_, body) in enumerate(bodies, 10):
            session.add(Event(conversation_id=ID, seq=seq, type=type_, at=START, body=body))
    lines = (await read(database)).lines
    assert [line.words for line in lines if isinstance(line, Happening)] == [
        "Potwierdzono tożsamość (do 11:15)",
        "Potwierdzenie tożsamości się skończyło",
        "Asystent podał kontakt do człowieka (BOK)",
        "Rozmowę przejęło biuro (Anna, COK)",
        "Biuro oddało rozmowę asystentowi (COK)",
        "Rozmowę zakończył klient",
    ]


async def member(session: AsyncSession, login: str) -> Colleague:
    row = Member(login=login, name=login, roles=["reviewer"], second_factor=b"")
    session.add(row)
    await session.flush()
    return Colleague(row.id, 0, login, frozenset((Role.REVIEWER,)), None)


async def test_two_who_write_at_the_same_instant_both_stay(database: Database) -> None:
    clock = Clock()
    async with database.write() as session:
        await talk(session, 1)
        both = [await member(session, "anna"), await member(session, "jan")]

    async def write(colleague: Colleague) -> None:
        async with database.write() as session:
            said = Reviews(clock, Acts(clock), session, colleague, ID)
            await said.set_state(reviews.State.FLAGGED)
            await said.tag("faktura")
            await said.note("sprawdzić", seq=1)

    await asyncio.gather(*(write(colleague) for colleague in both * 3))
    async with database.read() as session:
        written = await reviews.read(session, ID)
    assert written.tags == ["faktura"]
    assert written.state is reviews.State.FLAGGED
    assert sorted(name for _, name in written.notes_on[1]) == ["anna"] * 3 + ["jan"] * 3


async def test_nothing_is_said_about_what_is_not_there(database: Database) -> None:
    clock = Clock()
    async with database.write() as session:
        await talk(session, 1)
        anna = await member(session, "anna")
    for conversation_id, seq in (("k_inna", None), (ID, 3), (ID, 99)):
        with pytest.raises(reviews.NoSuchThing):
            async with database.write() as session:
                await Reviews(clock, Acts(clock), session, anna, conversation_id).note("x", seq)


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("  Faktura   Korygująca ", "faktura korygująca"),
        ("#Ważne", "ważne"),
        ("ﬁrma\u200b\u202e", "firma"),
        ("pisać na jan@poczta.example", "pisać na [e-mail]"),
        ("'; DROP TABLE tags; --", "'; drop table tags; --"),
        ('100% "x" <b>', '100% "x" <b>'),
        ("\u200b #", ""),
    ],
)
def test_a_tag_has_one_form(typed: str, tag: str) -> None:
    assert as_tag(typed) == tag


def test_every_kind_of_value_has_a_label_and_a_password_has_no_number() -> None:
    for kind in Kind:
        piece = pieces(str(Placeholder(kind, 41)))[0]
        assert piece.text.startswith("[")
        assert piece.number == (None if kind in (Kind.PASSWORD, Kind.CARD) else 41)
    assert plain(f"tu {Placeholder(Kind.PHONE, 1)}.") == "tu [telefon]."


def test_every_intent_of_the_training_data_has_a_title() -> None:
    assert [name for name, title in titles.intents().items() if name == title] == []


HOSTILE = [
    'zwykły "cytat"',
    "it's",
    "oba: ' i \"",
    "\\n \\ {x} {{y}}",
    "\x00\u202e\u2028\x7f\xa0koniec",
    "słowo " * 60,
    "a" * 500,
    "\u202e" * 300,
    '"""',
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_written_as_python_that_means_it_and_that_the_formatter_keeps(text: str, tmp_path: Path) -> None:
    assert ast.literal_eval(literal(text)) == text
    source = "\n".join(["def test(customer) -> None:", *call("reply = customer.say", text), ""])
    statement = ast.parse(source).body[0].body[0]  # type: ignore[attr-defined]
    assert ast.literal_eval(statement.value.args[0]) == text
    assert max(map(len, source.splitlines())) <= WIDTH
    path = tmp_path / "test_saved.py"
    path.write_text(source, encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    done = subprocess.run(
        [ruff, "format", "--diff", "--line-length=120", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


async def test_what_a_messenger_did_not_take_says_so_with_the_reason(database: Database) -> None:
    async with database.write() as session:
        await talk(session, 2)
        session.add(Undelivered(conversation_id=ID, seq=2, reason="window", at=Clock().now()))
    lines = {line.seq: line for line in (await read(database)).lines if isinstance(line, Message)}
    assert lines[2].undelivered == "od ostatniej wiadomości klienta minęło zbyt wiele czasu"
    assert lines[5].undelivered is None
