"""`python -m bench.answers <postgres>`: what the assistant's answers cost of the database, and documents and pictures.

`<postgres>` is the address of a server where databases may be made, like `postgresql://user@127.0.0.1:5432/postgres`.
Writes docs/measurements-answers.md. The rows are made inside the database; names and numbers are counters.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import platform
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from random import Random

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing import service as billing
from backend.billing.schemas import DocumentCard, DocumentFilter, Line
from backend.billing.transfers import transfer_qr, transfer_text
from backend.clock import WARSAW
from backend.consumption import service as consumption
from backend.consumption.chart import bars
from backend.consumption.schemas import Comparison, MonthPair, Reading
from backend.customers.schemas import CustomerCard
from backend.database import Database
from backend.migrations import upgrade
from backend.printing.document import Printed, Printer, Seller
from backend.printing.pictures import Pictures
from backend.settings import ROOT
from bench import portal

CUSTOMERS = 1_000_000
LARGE, POINTS = 20, 50
"""So many customers have so many points each; the others have one."""

MONTHS, SAMPLES, WARM_UP = 36, 300, 20
NOW = dt.datetime(2026, 11, 24, 10, 0, tzinfo=WARSAW)
FIRST, LAST, CUTOVER = dt.date(2023, 12, 1), dt.date(2026, 11, 30), dt.date(2020, 1, 1)
REPORT = ROOT / "docs" / "measurements-answers.md"

POINT_ROWS = f"""
INSERT INTO delivery_points (ppe, contract_no, label, address, tariff, row_digest)
SELECT 'P' || n || '-' || p, 'U' || n, 'Punkt ' || p, 'ul. Lipowa ' || p || ', Kłodno', 'G11', ''
FROM generate_series(CAST(:first AS integer), :last) AS n,
    generate_series(1, CASE WHEN n <= {LARGE} THEN {POINTS} ELSE 1 END) AS p
"""
READINGS = f"""
INSERT INTO monthly_consumption (ppe, month, kwh, kind, row_digest)
SELECT ppe, to_char(DATE '2023-12-01' + make_interval(months => m), 'YYYY-MM'), 100000 + (m * 7919) % 90000,
    CASE WHEN m % 6 = 0 THEN 'estimated' ELSE 'measured' END, ''
FROM delivery_points, generate_series(0, {MONTHS - 1}) AS m
"""

Timing = tuple[float, float]
"""Median and 95th percentile, in milliseconds."""


async def fill(database: Database) -> None:
    await portal.fill(database, 1, CUSTOMERS)
    async with database.write() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text(POINT_ROWS), {"first": 1, "last": CUSTOMERS})
        await session.execute(text(READINGS))
    async with database.engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("VACUUM ANALYZE"))


async def balance(session: AsyncSession, number: int) -> None:
    await billing.balance(session, number, NOW)


async def documents(session: AsyncSession, number: int) -> None:
    found = await billing.documents(session, number, NOW.date(), DocumentFilter())
    assert found.items


async def comparison(session: AsyncSession, number: int) -> None:
    found = await consumption.compare(session, number, None, FIRST, LAST, CUTOVER, NOW.date())
    assert len(found.months) == MONTHS
    assert found.compared_months > 0


ANSWERS: dict[str, tuple[Callable[[AsyncSession, int], Awaitable[None]], int]] = {
    "balance": (balance, CUSTOMERS),
    "documents list": (documents, CUSTOMERS),
    "three years of one point, compared": (comparison, CUSTOMERS),
    f"three years of {POINTS} points, compared": (comparison, LARGE),
}
"""What is asked, and among how many customers."""


async def answers(database: Database) -> dict[str, Timing]:
    random, found = Random(1), {}
    for name, (ask, among) in ANSWERS.items():
        taken = []
        for number in (random.randint(1, among) for _ in range(SAMPLES + WARM_UP)):
            started = time.perf_counter()
            async with database.read() as session:
                await ask(session, number)
            taken.append((time.perf_counter() - started) * 1000)
        found[name] = timing(taken)
    return found


def timing(taken: list[float]) -> Timing:
    kept = sorted(taken[WARM_UP:])
    return statistics.median(kept), kept[int(len(kept) * 0.95)]


async def prints() -> tuple[float, dict[str, Timing]]:
    """Milliseconds of the first document after start, and of each kind of work afterwards."""
    printer = Printer(Seller("Sprzedawca", "ul. Lipowa 1, Kłodno", "0000000000"))
    first = await timed(lambda: printer.pdf(printed(0)))
    fresh = [await timed(lambda n=n: printer.pdf(printed(n))) for n in range(1, SAMPLES + WARM_UP)]
    kept = [await timed(lambda: printer.pdf(printed(SAMPLES))) for _ in range(SAMPLES)]
    pictures = Pictures()
    charts = [await timed(lambda n=n: pictures.png(str(bars(compared(n))))) for n in range(SAMPLES)]
    return first, {
        "PDF, not cached": timing(fresh),
        "PDF, from the cache": timing(kept),
        "chart, SVG": timing([await timed(lambda n=n: chart(n)) for n in range(SAMPLES)]),
        "chart, PNG": timing(charts),
        "transfer QR, SVG": timing([await timed(lambda n=n: qr(n, "svg")) for n in range(SAMPLES)]),
        "transfer QR, PNG": timing([await timed(lambda n=n: qr(n, "png")) for n in range(SAMPLES)]),
    }


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return (time.perf_counter() - started) * 1000


async def chart(number: int) -> str:
    return str(bars(compared(number)))


async def qr(number: int, kind: str) -> bytes:
    return transfer_qr(transfer_text("", "Sprzedawca", "61109010140000071219812874", number, f"FV/{number}"), kind)


def compared(number: int) -> Comparison:
    """A year of one point beside the year before."""
    months = [
        MonthPair(
            dt.date(2026, m, 1), Reading(Decimal(100 + m * 9 + number), m % 4 == 0), Reading(Decimal(170), False), False
        )
        for m in range(1, 12)
    ]
    return Comparison(dt.date(2026, 1, 1), dt.date(2026, 11, 30), months, Decimal(1), Decimal(1), Decimal(1), 11)


def printed(number: int) -> Printed:
    """An invoice with ten lines, a chart and KSeF's code."""
    day = dt.date(2026, 10, 5)
    document = DocumentCard(
        document_no=f"FV/2026/09/{number:06d}", contract_no="U/1", kind="invoice", issued=day, due=day,
        period_from=dt.date(2026, 1, 1), period_to=dt.date(2026, 9, 30), amount=123_456, paid=0, state="overdue",
        account_nrb="61109010140000071219812874", ksef_no="0000000000-20261005-0123456789AB-01",
        ksef_sha256="ab" * 32, corrects=None,
    )  # fmt: skip
    customer = CustomerCard(
        1, "K1", "individual", "Kazimierz Jeż", None, None, "k@poczta.example", None, None, True, False, False
    )
    lines = [
        Line(f"Energia czynna {n}", Decimal(100 + n), "kWh", 5_000, "23%", 1_150, Decimal(1), Decimal(2))
        for n in range(10)
    ]
    return Printed(
        document,
        lines,
        customer,
        "Kłodno",
        [("Dom", "ul. Lipowa 1", "590000000000000000")],
        compared(number).months,
        None,
    )


async def main(server: str) -> None:
    first, made = await prints()
    os.environ["MOJBOK_TEST_POSTGRES"] = server
    from tests.support import postgres

    url = await asyncio.to_thread(postgres.new_database)
    database = Database(url)
    try:
        await upgrade(database)
        print(f"Making {CUSTOMERS:,} customers and {CUSTOMERS * MONTHS:,} readings …", flush=True)
        await fill(database)
        asked = await answers(database)
        async with database.read() as session:
            readings = await session.scalar(text("SELECT count(*) FROM monthly_consumption"))
    finally:
        await database.close()
        await asyncio.to_thread(postgres.drop_database, url)
    report = REPORT_TEXT.format(
        date=time.strftime("%Y-%m-%d"),
        cores=os.cpu_count(),
        python=platform.python_version(),
        samples=SAMPLES,
        customers=f"{CUSTOMERS:,}".replace(",", " "),
        readings=f"{readings:,}".replace(",", " "),
        asked=table(asked),
        made=table(made),
        first=first,
    )
    REPORT.write_text(report, encoding="utf-8")
    print(report)


def table(found: dict[str, Timing]) -> str:
    return "\n".join(f"| {name} | {median:.1f} | {p95:.1f} |" for name, (median, p95) in found.items())


REPORT_TEXT = """# Measurements of the assistant's answers

Written by `python -m bench.answers <postgres>` ({date}, {cores} cores, Python {python}; client and server on the same machine).
Milliseconds, median and 95th percentile of {samples}, one at a time.

## What is asked of the database

PostgreSQL with {customers} customers and {readings} monthly readings; customers at random. Aim: a p95 under 25 ms.

| question | median | p95 |
|---|---|---|
{asked}

## Documents and pictures

Aims: a PDF p95 under 60 ms not cached with the compiler warm, 5 ms from the cache; a picture under 10 ms.
The document has ten lines, a chart and a QR code. The first one after start takes {first:.0f} ms.

| what is made | median | p95 |
|---|---|---|
{made}
"""

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
