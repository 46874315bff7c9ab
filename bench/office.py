"""`python -m bench.office <postgres> [<conversations>]`: what the office's pages cost; writes docs/measurements-office.md.

`<postgres>` is the address of a server where databases may be made, like `postgresql://user@127.0.0.1:5432/postgres`.
A million conversations by default, and a tenth of them beside; SQLite has a tenth. Of the list the first page of every
filter, every pair of filters, twenty triples, and searches, one at a time: all that the page asks of the database.
Then figures, exports and transcripts of the million.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from backend.database import Database
from backend.migrations import upgrade
from backend.settings import ROOT
from backend.staff.conversations import repository
from backend.staff.conversations.filters import Filters, parse
from backend.staff.conversations.lemmas import Lemmas
from backend.staff.conversations.pages import SIZE
from backend.staff.conversations.search import facet
from bench.office_data import MESSAGES, OLD_TOPIC, RARE_WORDS, TAGS, rare_word
from bench.office_fill import fill_postgres, fill_sqlite
from bench.office_pages import CLERK, export_rows, figures_rows, transcript_rows

REPORT = ROOT / "docs" / "measurements-office.md"
SAMPLES, PAIR_SAMPLES = 40, 10
WHOLE, TIMES = 1_000_000, 10

VALUES: dict[str, list[str]] = {
    "od": ["2026-11-25", "2026-11-01", "2026-06-01", "2025-01-01"],
    "do": ["2026-11-25", "2026-11-26"],
    "kanal": ["web", "whatsapp", "messenger", "telegram"],
    "intencja": ["ask_balance", "show_documents", "distributor", "time_zone", OLD_TOPIC, "nlu_fallback"],
    "ostatnia": ["ask_balance", "distributor", "time_zone", OLD_TOPIC],
    "pewnosc": ["1", "15", "40", "90"],
    "niezrozumiane": ["tak", "nie"],
    "przekazanie": ["brak", "offered", "taken", "returned"],
    "bezpomocy": ["confirmed", "assumed", "nie"],
    "zadanie": ["show_documents", "new_ticket", "ask_person"],
    "wynik": ["done", "begun", "given_up", "refused"],
    "krok": ["identifier", "code", "text", "confirm"],
    "ocena": ["up", "down", "brak"],
    "tag": [TAGS[0], TAGS[10], TAGS[29], "nigdy"],
    "stan": ["new", "flagged", "reviewed"],
    "tozsamosc": ["tak", "nie"],
    "zespol": ["cok", "bok", "brak"],
    "klient": ["17", "4711", "250000"],
    "szukaj": [
        "faktura",
        "fakturą",
        "zapłaciłam",
        "zaplacilam rachunek",
        "awaria",
        rare_word(RARE_WORDS // 2),
        "nigdzie",
    ],
}
SEARCHES = {
    "frequent word": ["faktura", "saldo"],
    "inflected": ["fakturą", "zapłaciłam", "rachunkami", "umowie"],
    "without diacritics": ["zaplacilam", "pradu", "zaleglosci"],
    "three words": ["zapłacić fakturę telefon", "brak prądu awaria", "nowa umowa licznik"],
    "rare word": [rare_word(number) for number in range(1000, RARE_WORDS, 20_000)],
    "none has it": ["nigdzie", "'; DROP TABLE summaries; --"],
}
TRIPLES: list[dict[str, str]] = [
    {"niezrozumiane": "tak", "intencja": "show_documents", "od": "2026-11-24"},
    {"niezrozumiane": "tak", "przekazanie": "offered", "stan": "new"},
    {"ocena": "down", "stan": "new", "kanal": "web"},
    {"ocena": "down", "niezrozumiane": "tak", "zespol": "bok"},
    {"zadanie": "new_ticket", "wynik": "given_up", "kanal": "whatsapp"},
    {"zadanie": "ask_person", "wynik": "done", "przekazanie": "taken"},
    {"pewnosc": "15", "niezrozumiane": "nie", "stan": "new"},
    {"pewnosc": "40", "ocena": "down", "tozsamosc": "tak"},
    {"kanal": "telegram", "zespol": "bok", "tozsamosc": "tak"},
    {"kanal": "messenger", "stan": "flagged", "ocena": "up"},
    {"tag": TAGS[0], "stan": "flagged", "kanal": "web"},
    {"tag": TAGS[29], "ocena": "down", "zespol": "cok"},
    {"szukaj": "faktura", "stan": "new", "kanal": "web"},
    {"szukaj": "zapłaciłam", "ocena": "down", "od": "2026-06-01"},
    {"szukaj": "awaria", "przekazanie": "returned", "zespol": "bok"},
    {"szukaj": rare_word(RARE_WORDS // 2), "kanal": "web", "stan": "new"},
    {"intencja": OLD_TOPIC, "stan": "new", "kanal": "web"},
    {"intencja": "time_zone", "ostatnia": "ask_balance", "niezrozumiane": "nie"},
    {"klient": "4711", "od": "2025-01-01", "wynik": "done"},
    {"od": "2025-01-01", "do": "2025-06-01", "przekazanie": "returned"},
]


def filters(given: Mapping[str, str], lemmas: Lemmas) -> Filters:
    """As the page reads them; the customer is known by an id at once."""
    found = parse(given, CLERK, lemmas)
    assert not found.errors, found.errors
    words = [facet("klient", given["klient"])] if "klient" in given else []
    return Filters(found.values, {}, (*found.words, *words), found.span, found.row)


async def first_page(database: Database, wanted: Filters) -> int:
    async with database.read() as session:
        found = await repository.listed(session, wanted, None, SIZE + 1)
        ids = [one.conversation_id for one in found]
        await repository.tags_of(session, ids)
        await repository.states_of(session, ids)
    return len(found)


@dataclass(frozen=True)
class Measured:
    """Milliseconds of one thing asked for again and again."""

    name: str
    taken: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.taken)

    @property
    def p95(self) -> float:
        return sorted(self.taken)[max(int(len(self.taken) * 0.95) - 1, 0)]


Found = dict[str, list[Measured]]
"""By kind of question."""


async def measure(database: Database, name: str, asked: Iterable[Mapping[str, str]], lemmas: Lemmas) -> Measured:
    taken = []
    for given in asked:
        wanted = filters(given, lemmas)
        started = time.perf_counter()
        await first_page(database, wanted)
        taken.append((time.perf_counter() - started) * 1000)
    return Measured(name, taken)


def questions() -> dict[str, dict[str, list[dict[str, str]]]]:
    """What is asked, by kind and name."""
    random = Random(1)
    pairs = itertools.combinations(VALUES, 2)
    return {
        "one filter": {
            name: [{name: values[n % len(values)]} for n in range(SAMPLES)] for name, values in VALUES.items()
        }
        | {"none": [{}] * SAMPLES},
        "two filters": {
            f"{one} + {two}": [
                {one: random.choice(VALUES[one]), two: random.choice(VALUES[two])} for _ in range(PAIR_SAMPLES)
            ]
            for one, two in pairs
        },
        "three filters": {
            " + ".join(f"{name}={value}" for name, value in triple.items()): [triple] * PAIR_SAMPLES
            for triple in TRIPLES
        },
        "search": {
            name: [{"szukaj": texts[n % len(texts)]} for n in range(SAMPLES)] for name, texts in SEARCHES.items()
        },
    }


async def ask_all(database: Database) -> Found:
    lemmas, found = Lemmas.open(), {}
    for kind, named in questions().items():
        for name, asked in named.items():
            await measure(database, name, asked[:1], lemmas)
        found[kind] = [await measure(database, name, asked, lemmas) for name, asked in named.items()]
        worst = max(found[kind], key=lambda one: one.p95)
        print(f"  {kind}: worst p95 {worst.p95:.0f} ms ({worst.name})", flush=True)
    return found


# The report


@asynccontextmanager
async def postgresql(made: int, times: int) -> AsyncIterator[Database]:
    """A database that holds each made-up conversation so many times."""
    from tests.support import postgres

    url = await asyncio.to_thread(postgres.new_database)
    database = Database(url)
    try:
        await upgrade(database)
        started = time.perf_counter()
        await fill_postgres(database, made, times)
        print(f"PostgreSQL: {made * times} conversations made in {time.perf_counter() - started:.0f} s", flush=True)
        yield database
    finally:
        await database.close()
        await asyncio.to_thread(postgres.drop_database, url)


async def on_sqlite(count: int) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite'}")
        try:
            await upgrade(database)
            await fill_sqlite(database, count)
            print(f"SQLite: {count} conversations", flush=True)
            return await ask_all(database)
        finally:
            await database.close()


def lines(kind: str, few: list[Measured], many: list[Measured], sqlite: list[Measured]) -> list[str]:
    """The worst ones of a kind, or all where there are few."""
    rows = sorted(zip(few, many, sqlite, strict=True), key=lambda row: -row[1].p95)
    rows = rows if kind in ("one filter", "search") else rows[:10]
    return [
        f"| {one.name} | {one.median:.0f} / {one.p95:.0f} | {two.median:.0f} / {two.p95:.0f} | {two.p95 - one.p95:+.0f} |"
        f" {three.median:.0f} / {three.p95:.0f} |"
        for one, two, three in rows
    ]


def report(few: Found, many: Found, sqlite: Found, count: int, pages: Mapping[str, list[str]]) -> str:
    parts = []
    for kind in many:
        worst = max(one.p95 for one in many[kind])
        more = max(two.p95 - one.p95 for one, two in zip(few[kind], many[kind], strict=True))
        parts.append(
            f"## {kind.capitalize()}\n\n{len(many[kind])} of them; worst p95 {worst:.0f} ms on PostgreSQL, at most"
            f" {more:.0f} ms more than at a tenth; {max(one.p95 for one in sqlite[kind]):.0f} ms on SQLite.\n\n"
            "| asked for | PostgreSQL, a tenth | PostgreSQL, all | more | SQLite, a tenth |\n|---|---|---|---|---|\n"
            + "\n".join(lines(kind, few[kind], many[kind], sqlite[kind]))
        )
    return REPORT_TEXT.format(
        date=time.strftime("%Y-%m-%d"),
        cores=os.cpu_count(),
        python=platform.python_version(),
        count=f"{count:,}".replace(",", " "),
        messages=f"{count * MESSAGES:,}".replace(",", " "),
        walked=f"{repository.WALKED:,}".replace(",", " "),
        parts="\n\n".join(parts),
        **{name: "\n".join(rows) for name, rows in pages.items()},
    )


async def main(server: str, count: int) -> None:
    os.environ["MOJBOK_TEST_POSTGRES"] = server
    made = count // TIMES
    async with postgresql(made, 1) as database:
        few = await ask_all(database)
    async with postgresql(made, TIMES) as database:
        many = await ask_all(database)
        pages = {
            "exports": await export_rows(database),
            "transcripts": await transcript_rows(database),
            "figures": await figures_rows(database),
        }
    sqlite = await on_sqlite(made)
    REPORT.write_text(report(few, many, sqlite, count, pages), encoding="utf-8")


REPORT_TEXT = """# Measurements of the office's console

Written by `python -m bench.office <postgres>` ({date}, {cores} cores, Python {python}; client and server on the same machine).
{count} conversations with {messages} messages in PostgreSQL, and a tenth of that in PostgreSQL and in SQLite. Milliseconds, median / 95th percentile
of the first page, one at a time: the rows, their tags and their states.
Aims: a p95 under 200 ms, and under 20 ms more than with a tenth of the data; on SQLite under 300 ms.

The {walked} conversations first in the list are looked through one by one; what is not found often enough among them is rare, and comes from the index of words, month by month.
Of pairs and triples the ten slowest are listed.

{parts}

## Export

The CSV of conversations, made as the page streams it. Aims: 20 000 rows a second, flat memory.

| asked for | rows | rows a second | MB | memory before / at most / after, MB |
|---|---|---|---|---|
{exports}

## Transcript

A conversation of 2 000 turns: reading a page of it and making its HTML, milliseconds, median / 95th percentile. Aim: under 100 ms.

| page | |
|---|---|
{transcripts}

## Figures

All that the page of figures counts, milliseconds, median of three.

| asked for | conversations | |
|---|---|---|
{figures}
"""

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else WHOLE))
