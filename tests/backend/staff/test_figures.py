"""The figures on both databases: what is counted, and that each number leads to exactly what it counts."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

import backend.models  # noqa: F401 - the tables refer to one another
from backend.clock import WARSAW
from backend.database import Database, insert_unless_there
from backend.staff.conversations import repository as conversations
from backend.staff.conversations.filters import Filters, parse
from backend.staff.conversations.models import Summary, Tag
from backend.staff.conversations.tasks import TASKS
from backend.staff.conversations.tasks import Tasks as TasksOf
from backend.staff.figures import export, figures
from backend.staff.figures.chart import bars
from backend.staff.figures.figures import Figures
from backend.staff.figures.repository import AT_ONCE, Counts, Task
from backend.staff.figures.tables import Cell, Share, Table, Tables, written
from backend.staff.schemas import Colleague, Role
from tests.support.summaries import LEMMAS, Talk, keep

CLERK = Colleague(1, 1, "Anna", frozenset(Role), "cok")
START = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
DONE: dict[str, str | None] = {"outcome": "done", "step": None}
HOSTILE = '=HYPERLINK("http://zly.example"); \'; DROP TABLE summaries; -- <script> 100% _'

GIVEN: list[dict[str, str]] = [
    {},
    {"od": "2026-11-03", "do": "2026-11-12"},
    {"niezrozumiane": "tak", "kanal": "web"},
    {"zadanie": "new_ticket"},
    {"wynik": "given_up"},
    {"wynik": "begun", "krok": "code"},
    {"zadanie": "new_ticket", "wynik": "given_up"},
    {"bezpomocy": "assumed"},
    {"przekazanie": "taken", "ocena": "down"},
    {"szukaj": "faktury", "intencja": "ask_balance"},
]
CONTAINED: list[tuple[Talk, str | None]] = [
    (Talk(), "assumed"),
    (Talk(scores=["up"]), "confirmed"),
    (Talk(said=[("show_documents", "faktura"), ("thanks", "dzięki")]), "confirmed"),
    (Talk(said=[("show_documents", "faktura"), ("goodbye", "do widzenia")]), "confirmed"),
    (Talk(said=[("thanks", "dzięki"), ("show_documents", "faktura")]), "assumed"),
    (Talk(said=[("thanks", "dzięki")]), "assumed"),
    (Talk(said=[(None, "bzdura"), ("thanks", "dzięki")]), "assumed"),
    (Talk(tasks={"new_ticket": {"outcome": "given_up", "step": "text"}}), "assumed"),
    (Talk(tasks={"ask_balance": DONE}), "assumed"),
    (Talk(said=[]), None),
    (Talk(scores=["down"]), None),
    (Talk(scores=["up", "down"]), None),
    (Talk(handovers=["offered"], scores=["up"]), None),
    (Talk(handovers=["offered", "taken", "returned"], said=[("ask_person", "a"), ("thanks", "b")]), None),
    (Talk(tasks={"new_ticket": DONE}), None),
    (Talk(tasks={"add_to_ticket": DONE}), None),
    (Talk(tasks={"ask_callback": DONE}, scores=["up"]), None),
]


def filters(**given: str) -> Filters:
    found = parse(given, CLERK, LEMMAS)
    assert not found.errors
    return found


async def read(database: Database, **given: str) -> Figures:
    async with database.read() as session:
        return await figures.read(session, filters(**given))


async def counted(database: Database, *talks: Talk) -> Counts:
    async with database.write() as session:
        await keep(session, *talks)
    return (await read(database)).whole


def made_up(count: int) -> Iterator[Talk]:
    """All that may happen, in all mixtures."""
    random = Random(8)
    topics = ["greet", "show_documents", "ask_balance", "thanks", "goodbye", None]
    texts = ["gdzie moja faktura", "ile płacę", "dziękuję", "fotowoltaika u mnie nie działa", "pompa ciepła"]
    for _ in range(count):
        yield Talk(
            said=[(random.choice(topics), random.choice(texts)) for _ in range(random.randint(0, 4))],
            at=START + dt.timedelta(minutes=random.randint(0, 20 * 24 * 60)),
            channel=random.choice(["web", "whatsapp", "telegram"]),
            team=random.choice(["cok", "bok", None]),
            handovers=random.choice([(), (), ("offered",), ("taken",), ("offered", "taken", "returned", "offered")]),
            tasks={
                random.choice(TASKS): {"outcome": outcome, "step": step}
                for outcome, step in random.sample([("done", None), ("begun", "code"), ("given_up", "text")], 2)
            },
            scores=random.choice([(), (), ("up",), ("down", "down"), ("up", "down")]),
            milliseconds=random.randint(50, 900),
        )


def tables(found: Figures, wanted: Filters) -> dict[str, Table]:
    return Tables(found, wanted, LEMMAS).all()


def numbers(made: dict[str, Table]) -> list[tuple[str, Cell]]:
    """The cells with numbers of conversations or messages, each with its row and column."""
    return [
        (f"{table.name}, {written(row[0].value)}, {name}", cell)
        for table in made.values()
        for row in table.rows
        for name, cell in zip(table.columns, row, strict=True)
        if type(cell.value) is int and "czasu" not in str(row[0].value)
    ]


async def behind(session: AsyncSession, place: str, query: str) -> int | None:
    """How many conversations the list has at this address, or how many messages they have if the number is of those."""
    counted = func.count()
    if "Niezrozumiane wiadomości" in place:
        counted = func.sum(Summary.fallbacks)
    elif "Wiadomości" in place:
        counted = func.sum(Summary.messages)
    return await session.scalar(filters(**dict(parse_qsl(query))).narrow(select(counted).select_from(Summary)))


async def test_each_number_leads_to_exactly_its_conversations(database: Database) -> None:
    async with database.write() as session:
        await keep(session, *made_up(200))
    for given in GIVEN:
        found = await read(database, **given)
        assert found.whole.conversations > 0
        cells = numbers(tables(found, filters(**given)))
        async with database.read() as session:
            for place, cell in cells:
                if cell.query is not None:
                    assert await behind(session, place, cell.query) == cell.value, (place, cell.query)
        without = [place for place, cell in cells if cell.value and cell.query is None]
        assert given or without == []
        assert len(cells) - len(without) > 20


async def test_days_channels_and_teams_add_up_to_the_whole(database: Database) -> None:
    async with database.write() as session:
        await keep(session, *made_up(100))
    found = await read(database)
    assert found.whole.conversations == 100
    for parts in (found.days, found.channels, found.teams):
        assert sum(parts.values(), Counts()) == found.whole


async def test_contained_is_what_needed_nobody_and_confirmed_what_the_customer_said(database: Database) -> None:
    async with database.write() as session:
        await keep(session, *(replace(talk, at=START + dt.timedelta(days=n)) for n, (talk, _) in enumerate(CONTAINED)))
    days = (await read(database)).days.values()
    found = ["confirmed" if day.confirmed else "assumed" if day.assumed else None for day in days]
    assert found == [contained for _, contained in CONTAINED]


async def test_a_handover_counts_in_each_state_it_went_through_once(database: Database) -> None:
    found = await counted(
        database, Talk(handovers=["offered", "taken", "returned", "offered"]), Talk(handovers=["taken"]), Talk()
    )
    assert (found.offered, found.taken, found.returned) == (1, 2, 1)


async def test_messages_and_what_was_not_understood_of_them(database: Database) -> None:
    found = await counted(database, Talk(said=[(None, "a"), (None, "b"), ("greet", "c")]), Talk())
    assert (found.messages, found.fallbacks, found.missed) == (4, 2, 1)


async def test_times_are_of_the_nearest_rank(database: Database) -> None:
    async with database.write() as session:
        await keep(session, *(Talk(milliseconds=ms) for ms in range(1, 101)), Talk(said=[]))
    times = (await read(database)).times
    assert (times.median, times.p95) == (50, 95)


async def test_a_topic_counts_once_in_a_conversation(database: Database) -> None:
    async with database.write() as session:
        await keep(
            session, Talk(said=[("greet", "a"), ("greet", "b"), ("ask_balance", "c")]), Talk(said=[("greet", "a")])
        )
    assert (await read(database)).topics == [("greet", 2), ("ask_balance", 1)]


async def test_tasks_tell_how_they_ended_and_where_they_were_left(database: Database) -> None:
    left: TasksOf = {"new_ticket": {"outcome": "given_up", "step": "text"}}
    async with database.write() as session:
        await keep(session, Talk(tasks=left), Talk(tasks=left), Talk(tasks={"new_ticket": DONE}))
    found = await read(database)
    assert sorted(found.tasks, key=lambda task: task.outcome) == [
        Task("new_ticket", "done", None, 1),
        Task("new_ticket", "given_up", "text", 2),
    ]
    made = tables(found, filters())
    assert [cell.value for cell in made["zadania"].rows[0]] == ["Nowe zgłoszenie", 3, 1, 0, 2, 0, Share(1 / 3)]
    assert [cell.value for cell in made["kroki"].rows[0]] == ["Nowe zgłoszenie", "opis", "porzucone", 2]


async def test_words_tell_what_was_missed_and_not_what_everybody_says(database: Database) -> None:
    understood = [Talk(said=[("show_documents", "gdzie moja faktura")]) for _ in range(20)]
    missed = [Talk(said=[(None, "fotowoltaika, gdzie faktura 2026")]) for _ in range(3)]
    async with database.write() as session:
        await keep(session, *understood, *missed)
    assert (await read(database)).words == [("fotowoltaika", 3)]


async def test_days_are_those_in_warsaw_in_summer_and_winter(database: Database) -> None:
    hours = (dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=n) for n in range(-24, 8760))
    near = [
        at + more for at in hours if at.hour in (22, 23) for more in (dt.timedelta(microseconds=-1), dt.timedelta())
    ]
    async with database.write() as session:
        await keep(session, *(Talk(at=at) for at in near))
    days = (await read(database)).days
    local = Counter(at.astimezone(WARSAW).date() for at in near)
    assert {day: counts.conversations for day, counts in days.items()} == local


async def test_nothing_found_is_nothing_counted(database: Database) -> None:
    found = await read(database, szukaj="'; DROP TABLE summaries; --")
    assert found.whole == Counts()
    assert found.days == {}
    made = tables(found, filters())
    assert [table.name for table in made.values() if table.rows] == ["razem"]
    assert export.of_table(made["razem"]).startswith("\ufeffCo,Ile,Udział\r\nRozmowy,0,\r\n")


async def test_days_without_conversations_stand_between_those_with_some(database: Database) -> None:
    async with database.write() as session:
        await keep(session, Talk(at=START), Talk(at=START + dt.timedelta(days=3)))
    days = (await read(database)).days
    assert [counts.conversations for counts in days.values()] == [1, 0, 0, 1]
    chart = bars(days, lambda day: f"/biuro/rozmowy?od={day}&do={day}")
    assert chart.count("<a href=") == 2
    assert 'href="/biuro/rozmowy?od=2026-11-01&amp;do=2026-11-01"' in chart


async def exported(database: Database, given: dict[str, str] | None = None) -> list[dict[str, str]]:
    async with database.read() as session:
        parts = [part async for part in export.of_conversations(session, filters(**given or {}), numbers=False)]
    text = "".join(parts)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


async def test_the_export_has_what_the_list_has_in_its_order(database: Database) -> None:
    async with database.write() as session:
        await keep(session, *made_up(AT_ONCE + 100))
    for given in GIVEN:
        async with database.read() as session:
            listed = await conversations.listed(session, filters(**given), None, 10_000)
        rows = await exported(database, given)
        assert [row["Rozmowa"] for row in rows] == [summary.conversation_id for summary in listed]
        assert rows


async def test_a_row_tells_of_its_conversation_without_what_is_personal(database: Database) -> None:
    talk = Talk(
        said=[("show_documents", "faktura"), ("thanks", HOSTILE)],
        team="cok",
        tasks={"new_ticket": {"outcome": "given_up", "step": "text"}},
        customer_id=7,
    )
    async with database.write() as session:
        (id_,) = await keep(session, talk)
        await insert_unless_there(session, Tag, conversation_id=id_, tag="@ważne")
    (row,) = await exported(database)
    assert row == {
        "Rozmowa": id_,
        "Otwarta": "2026-11-05 11:00:00",
        "Ostatnia aktywność": "2026-11-05 11:00:00",
        "Kanał": "Strona WWW",
        "Zespół": "COK",
        "Tożsamość potwierdzona": "tak",
        "Numer klienta": "",
        "Wiadomości klienta": "2",
        "Ostatnia wiadomość": f"'{HOSTILE}",
        "Tematy": "Moje faktury; Podziękowanie",
        "Ostatni temat": "Podziękowanie",
        "Najniższa pewność, %": "90",
        "Niezrozumiane": "0",
        "Przekazanie": "brak",
        "Zadania": "Nowe zgłoszenie: porzucone (opis)",
        "Oceny w górę": "0",
        "Oceny w dół": "0",
        "Średni czas odpowiedzi, ms": "100",
        "Stan": "nowa",
        "Tagi": "'@ważne",
    }


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(first: str) -> None:
    assert next(csv.reader(io.StringIO(export.lines([[f"{first}1+1"]]), newline=""))) == [f"'{first}1+1"]


def test_lines_are_those_of_rfc_4180() -> None:
    rows = [['a"b', "c,d", "e\nf", None, 12, Share(0.125), dt.date(2026, 11, 5)]]
    assert export.lines(rows) == '"a""b","c,d","e\nf",,12,12.5,2026-11-05\r\n'
