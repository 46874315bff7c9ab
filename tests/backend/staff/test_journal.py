"""The journal on both databases: what each filter finds, alone and with others, and pages without gaps or repeats."""

from __future__ import annotations

import datetime as dt
import itertools
from urllib.parse import parse_qsl

import pytest

import backend.models  # noqa: F401 - the tables refer to one another
from backend.clock import WARSAW
from backend.database import Database
from backend.staff import repository
from backend.staff.journal import subjects
from backend.staff.journal.filters import fields, parse
from backend.staff.journal.names import NAMES, details
from backend.staff.journal.pages import SIZE, Listed, Place, listed
from backend.staff.models import Act, Member
from backend.staff.schemas import Colleague, Did, Role

ANNA, JAN = 1, 2
TALK, TICKET, CALL = "k_rozmowa-1_A", "Z/2026/00000001", "T/2026/00000002"
CLERK = Colleague(ANNA, 1, "Anna", frozenset({Role.ADMINISTRATOR, Role.AGENT}), "cok")
ADMINISTRATOR = Colleague(ANNA, 1, "Anna", frozenset({Role.ADMINISTRATOR}), None)
HOSTILE = ['"', "%", "_", "'; DROP TABLE staff_acts; --", "<script>", "NEAR(a, b) OR *", "\\", "9" * 30]


def at(day: int, hour: int = 12, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=WARSAW)


ACTS = [
    (at(2), ANNA, Did.SIGNED_IN, None, None),
    (at(3, 0), ANNA, Did.VIEWED, TALK, None),
    (at(3, 23, 59), JAN, Did.VIEWED, TICKET, None),
    (at(4), JAN, Did.ANSWERED, TICKET, None),
    (at(4), JAN, Did.CALLED, CALL, "sprawa załatwiona"),
    (at(5), ANNA, Did.SOUGHT_CUSTOMER, "customer 7", None),
    (at(6), None, Did.DELETED, TALK, None),
    (at(7), None, Did.SIGN_IN_FAILED, None, None),
]


async def keep(database: Database, *acts: tuple[dt.datetime, int | None, Did, str | None, str | None]) -> None:
    async with database.write() as session:
        for number, login in ((ANNA, "anna"), (JAN, "jan")):
            closed = at(8) if number == JAN else None
            session.add(
                Member(id=number, login=login, name=login.title(), roles=[], second_factor=b"", closed_at=closed)
            )
        await session.flush()
        for when, member, kind, subject, reason in acts:
            session.add(Act(at=when, member_id=member, kind=kind.value, subject=subject, reason=reason))


async def read(database: Database, query: dict[str, str]) -> Listed:
    async with database.read() as session:
        filters = parse(query, fields(await repository.members(session)))
        assert not filters.errors
        for name in ("przed", "po"):
            if name in query:
                act = await repository.act(session, int(query[name]))
                assert act
                return await listed(session, filters, Place(act, newer=name == "po"))
        return await listed(session, filters, None)


async def found(database: Database, **given: str) -> list[int]:
    """Which of ACTS are found, by their place there."""
    return [act.id - 1 for act, _ in (await read(database, given)).rows]


async def test_the_latest_come_first_with_who_did_them(database: Database) -> None:
    await keep(database, *ACTS)
    rows = (await read(database, {})).rows
    assert [act.id - 1 for act, _ in rows] == [7, 6, 5, 4, 3, 2, 1, 0]
    assert [name for _, name in rows] == [None, None, "Anna", "Jan", "Jan", "Jan", "Anna", "Anna"]


@pytest.mark.parametrize(
    ("given", "places"),
    [
        ({"od": "2026-11-03", "do": "2026-11-03"}, [2, 1]),
        ({"od": "2026-11-06"}, [7, 6]),
        ({"do": "2026-11-02"}, [0]),
        ({"kto": "1"}, [5, 1, 0]),
        ({"kto": "nikt"}, [7, 6]),
        ({"co": "viewed"}, [2, 1]),
        ({"dotyczy": TALK}, [6, 1]),
        ({"dotyczy": f"  {TICKET} "}, [3, 2]),
        ({"dotyczy": CALL}, [4]),
        ({"dotyczy": "klient 7"}, [5]),
        ({"dotyczy": "customer 7"}, [5]),
        ({"dotyczy": TICKET.lower()}, []),
        ({"dotyczy": TICKET[:-1]}, []),
    ],
)
async def test_each_filter_finds_its_acts(database: Database, given: dict[str, str], places: list[int]) -> None:
    await keep(database, *ACTS)
    assert await found(database, **given) == places


async def test_filters_combine(database: Database) -> None:
    await keep(database, *ACTS)
    some = {"od": "2026-11-03", "do": "2026-11-04", "kto": "2", "co": "viewed", "dotyczy": TICKET}
    alone = {name: set(await found(database, **{name: value})) for name, value in some.items()}
    for size in range(2, len(some) + 1):
        for names in itertools.combinations(some, size):
            expected = set.intersection(*(alone[name] for name in names))
            assert set(await found(database, **{name: some[name] for name in names})) == expected, names
    assert await found(database, **some) == [2]
    assert await found(database, kto="nikt", co="viewed") == []


async def test_pages_have_neither_gaps_nor_repeats_when_much_has_the_same_time(database: Database) -> None:
    count = 3 * SIZE + 7
    await keep(database, *((at(2 + number // 90), number % 2 + 1, Did.VIEWED, TALK, None) for number in range(count)))
    for filters in ({}, {"kto": "1"}, {"co": "viewed", "dotyczy": TALK}):
        pages = [await read(database, filters)]
        assert pages[0].newer is None
        while pages[-1].older:
            pages.append(await read(database, dict(parse_qsl(pages[-1].older))))
        ids = [act.id for page in pages for act, _ in page.rows]
        assert ids == sorted(ids, reverse=True)
        assert len(ids) == len(set(ids)) == (len(range(0, count, 2)) if "kto" in filters else count)
        back = pages[-1:]
        while back[-1].newer:
            back.append(await read(database, dict(parse_qsl(back[-1].newer))))
        assert [page.rows[0][0].id for page in reversed(back)] == [page.rows[0][0].id for page in pages]


async def test_hostile_values_are_only_values(database: Database) -> None:
    await keep(database, *ACTS, *((at(9), ANNA, Did.VIEWED, value, None) for value in HOSTILE))
    for place, value in enumerate(HOSTILE, len(ACTS)):
        assert await found(database, dotyczy=value) == [place]
    assert len(await found(database)) == len(ACTS) + len(HOSTILE)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"od": "wczoraj"}, "od"),
        ({"od": "2026-02-30"}, "od"),
        ({"do": "20261105"}, "do"),
        ({"do": "9999-12-31"}, "do"),
        ({"od": "2026-11-05", "do": "2026-11-04"}, "do"),
        ({"kto": "3"}, "kto"),
        ({"kto": "'; DROP TABLE staff_acts; --"}, "kto"),
        ({"kto": "1" * 40}, "kto"),
        ({"co": "<script>"}, "co"),
        ({"dotyczy": "a\x00b"}, "dotyczy"),
        ({"dotyczy": "a\ud800"}, "dotyczy"),
        ({"dotyczy": "a" * 401}, "dotyczy"),
    ],
)
def test_what_cannot_be_filtered_by_is_told_beside_its_field(given: dict[str, str], wrong: str) -> None:
    assert list(parse(given, fields([Member(id=1, login="anna", name="Anna")])).errors) == [wrong]


def test_closed_accounts_may_be_chosen() -> None:
    members = [Member(id=2, login="jan", name="Jan Lis", closed_at=at(1)), Member(id=1, login="ala", name="Ala Lis")]
    (who,) = (one for one in fields(members) if one.name == "kto")
    assert list(who.options().items()) == [
        ("1", "Ala Lis (ala)"),
        ("2", "Jan Lis (jan), konto zamknięte"),
        ("nikt", "nikt z biura"),
    ]


def test_every_kind_has_a_polish_name_of_its_own() -> None:
    assert set(NAMES) == set(Did)
    assert len(set(NAMES.values())) == len(NAMES)


def test_a_subject_leads_to_its_page_for_who_may_open_it() -> None:
    for kind, subject, address in (
        (Did.VIEWED, TALK, f"/biuro/rozmowy/{TALK}"),
        (Did.VIEWED, TICKET, "/biuro/zgloszenia/zgloszenie?numer=Z%2F2026%2F00000001"),
        (Did.ANSWERED, "Z1", "/biuro/zgloszenia/zgloszenie?numer=Z1"),
        (Did.CALLED, CALL, "/biuro/telefony/telefon?numer=T%2F2026%2F00000002"),
        (Did.DELETED, TALK, None),
        (Did.SOUGHT_CUSTOMER, "customer 7", None),
        (Did.LESSONS_EXPORTED, "/biuro/nauka/eksport?cel=nauka", None),
    ):
        shown = subjects.shown(Act(kind=kind.value, subject=subject), CLERK)
        assert shown
        assert shown.address == address
    assert subjects.shown(Act(kind=Did.ANSWERED.value, subject=TICKET), ADMINISTRATOR) == subjects.Subject(TICKET)
    assert subjects.shown(Act(kind=Did.SIGNED_IN.value), CLERK) is None


def test_what_was_exported_is_told_in_the_words_of_the_filters() -> None:
    subject = "rozmowy?szukaj=%5Be-mail%5D&kanal=web&nieznany=1&tag=%C5"
    shown = subjects.shown(Act(kind=Did.EXPORTED.value, subject=subject), CLERK)
    assert shown
    assert shown.words == "rozmowy (Słowa w rozmowie: [e-mail]; Kanał: Strona WWW; Tag: \ufffd)"
    everything = subjects.shown(Act(kind=Did.EXPORTED.value, subject="dni?"), CLERK)
    assert everything == subjects.Subject("dni")


def test_details_are_told_in_words() -> None:
    for kind, reason, words in (
        (Did.REVIEWED, "flagged", "do wyjaśnienia"),
        (Did.TAUGHT, "ask_balance", "Moje saldo"),
        (Did.TAUGHT, None, "pominięto"),
        (Did.HELD, "spór sądowy", "spór sądowy"),
        (Did.VIEWED, None, None),
    ):
        assert details(Act(kind=kind.value, reason=reason)) == words
