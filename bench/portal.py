"""`python -m bench.portal <postgres>`: what a page's data cost, from ten thousand customers to a million.

`<postgres>` is the address of a server where databases may be made, like `postgresql://user@127.0.0.1:5432/postgres`.
Writes docs/measurements-portal.md. The rows are made inside the databases; names and numbers are counters.
"""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

import backend.models  # noqa: F401 - every table
from backend.accounts import repository as accounts
from backend.accounts.passwords import Passwords
from backend.billing import service as billing
from backend.billing.schemas import DocumentFilter
from backend.clock import Clock
from backend.customers import service as customers
from backend.database import Database
from backend.identity import repository as identity
from backend.migrations import upgrade
from backend.settings import ROOT

DOCUMENTS = 12
SAMPLES = 300
REPORT = ROOT / "docs" / "measurements-portal.md"
ON_POSTGRES, ON_SQLITE = (10_000, 100_000, 1_000_000), (10_000, 100_000)

CUSTOMERS = """
INSERT INTO customers (id, customer_no, kind, name, email, folded_email, login, folded_login, active, consent_email,
    consent_phone, row_digest)
SELECT n, 'K' || n, 'individual', 'Klient ' || n, 'k' || n || '@poczta.example', 'k' || n || '@poczta.example',
    'klient' || n, 'klient' || n, {true}, {true}, {true}, '' FROM {numbers}
"""
ACCOUNTS = """
INSERT INTO accounts (customer_id, password_hash, password_set_at) SELECT n, 'x', '2026-01-01 00:00:00' FROM {numbers}
"""
SESSIONS = """
INSERT INTO portal_sessions (id, token_digest, customer_id, began_at, until)
SELECT n, 'd' || n, n, '2026-01-01 00:00:00', '2126-01-01 00:00:00' FROM {numbers}
"""
CONTRACTS = """
INSERT INTO contracts (contract_no, customer_id, status, place, tariff, row_digest)
SELECT 'U' || n, n, 'active', 'Kłodno', 'G11', '' FROM {numbers}
"""
DOCUMENT_ROWS = """
INSERT INTO documents (document_no, customer_id, contract_no, kind, issued, due, amount_grosze, paid_grosze,
    account_nrb, row_digest)
SELECT 'FV/' || n || '/' || m, n, 'U' || n, 'invoice', {issued}, {due}, 10000 + n % 5000,
    CASE WHEN m > {documents} - 2 THEN 0 ELSE 10000 + n % 5000 END, '', '' FROM {numbers}, {months}
"""
AS_OF = "INSERT INTO data_as_of (id, at) VALUES (1, '2026-11-24 05:00:00')"

POSTGRES = {
    "true": "true",
    "numbers": "generate_series(CAST({first} AS integer), {last}) AS n",
    "months": "generate_series(1, {documents}) AS m",
    "issued": "DATE '2025-11-05' + 30 * m",
    "due": "DATE '2025-11-19' + 30 * m",
}
SQLITE = {
    "true": "1",
    "numbers": "(WITH RECURSIVE c(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {last}) SELECT n FROM c)",
    "months": "(WITH RECURSIVE d(m) AS (SELECT 1 UNION ALL SELECT m + 1 FROM d WHERE m < {documents}) SELECT m FROM d)",
    "issued": "date('2025-11-05', (30 * m) || ' days')",
    "due": "date('2025-11-19', (30 * m) || ' days')",
}


async def fill(database: Database, first: int, last: int) -> None:
    """Adds customers `first` to `last`, each with an account, a session, a contract and a year of documents."""
    postgres = database.engine.dialect.name == "postgresql"
    values = {"first": first, "last": last, "documents": DOCUMENTS}
    words = {name: sql.format(**values) for name, sql in (POSTGRES if postgres else SQLITE).items()} | values
    async with database.write() as session:
        if postgres:
            await session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in (CUSTOMERS, ACCOUNTS, SESSIONS, CONTRACTS, DOCUMENT_ROWS):
            await session.execute(text(statement.format(**words)))
        if first == 1:
            await session.execute(text(AS_OF))
    async with database.engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("VACUUM ANALYZE" if postgres else "ANALYZE"))


async def sign_in(session: AsyncSession, number: int) -> None:
    found = await customers.find_by_login(session, f"klient{number}")
    await accounts.account(session, found[0].id)


async def who_is_it(session: AsyncSession, number: int) -> int:
    """What every page of the portal asks first."""
    row = await identity.session_by_digest(session, f"d{number}")
    assert row is not None
    await accounts.account(session, row.customer_id)
    return (await customers.cards(session, [row.customer_id]))[0].id


async def dashboard(session: AsyncSession, number: int) -> None:
    customer_id, clock = await who_is_it(session, number), Clock()
    await billing.balance(session, customer_id, clock.now())
    await billing.documents(session, customer_id, clock.today(), DocumentFilter())


async def documents(session: AsyncSession, number: int) -> None:
    customer_id, clock = await who_is_it(session, number), Clock()
    await billing.balance(session, customer_id, clock.now())
    await billing.years(session, customer_id)
    await billing.documents(session, customer_id, clock.today(), DocumentFilter(unpaid=True))


PAGES: dict[str, Callable[[AsyncSession, int], Awaitable[None]]] = {
    "sign-in": sign_in,
    "Pulpit": dashboard,
    "Faktury": documents,
}


async def measure(database: Database, most: int) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile, in milliseconds, over random customers, one at a time."""
    random, found = Random(1), {}
    for name, page in PAGES.items():
        taken = []
        for number in (random.randint(1, most) for _ in range(SAMPLES + 20)):
            started = time.perf_counter()
            async with database.read() as session:
                await page(session, number)
            taken.append((time.perf_counter() - started) * 1000)
        taken = sorted(taken[20:])
        found[name] = (statistics.median(taken), taken[int(len(taken) * 0.95)])
    return found


async def plans(database: Database) -> str:
    """How the largest database finds one customer's documents and a login."""
    asked = {
        "Faktury": "SELECT * FROM documents WHERE customer_id = 77 ORDER BY issued DESC, document_no DESC LIMIT 25",
        "saldo": "SELECT sum(amount_grosze - paid_grosze) FROM documents WHERE customer_id = 77",
        "login": (
            "SELECT * FROM customers WHERE id IN (SELECT id FROM customers WHERE folded_login = 'klient77' "
            "UNION ALL SELECT id FROM customers WHERE pesel = 'klient77' "
            "UNION ALL SELECT id FROM customers WHERE nip = 'klient77') ORDER BY customer_no"
        ),
    }
    parts = []
    async with database.read() as session:
        for name, query in asked.items():
            lines = await session.scalars(text(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {query}"))
            parts.append(f"{name}:\n\n    " + "\n    ".join(lines))
    return "\n\n".join(parts)


async def passwords() -> float:
    """Median milliseconds of verifying a password."""
    checked, taken = Passwords(), []
    kept = await checked.hash("cztery różne słowa tu")
    for _ in range(20):
        started = time.perf_counter()
        await checked.verify(kept, "cztery różne słowa tu")
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


async def grow(kind: str, url: str, sizes: tuple[int, ...]) -> tuple[list[str], str]:
    """Lines of the table, and the plans of the largest database where it is PostgreSQL."""
    database, lines, before = Database(url), [], 0
    try:
        await upgrade(database)
        for size in sizes:
            print(f"{kind}: {size} customers …", flush=True)
            await fill(database, before + 1, size)
            before = size
            found = await measure(database, size)
            cells = " | ".join(f"{median:.1f} / {p95:.1f}" for median, p95 in found.values())
            lines.append(f"| {kind} | {size:,} | {size * DOCUMENTS:,} | {cells} |".replace(",", " "))
        return lines, await plans(database) if kind == "PostgreSQL" else ""
    finally:
        await database.close()


async def main(server: str) -> None:
    os.environ["MOJBOK_TEST_POSTGRES"] = server
    from tests.support import postgres

    url = await asyncio.to_thread(postgres.new_database)
    try:
        lines, explained = await grow("PostgreSQL", url, ON_POSTGRES)
    finally:
        await asyncio.to_thread(postgres.drop_database, url)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite"
        lines += (await grow("SQLite", f"sqlite+aiosqlite:///{path}", ON_SQLITE))[0]
    report = REPORT_TEXT.format(
        date=time.strftime("%Y-%m-%d"),
        cores=os.cpu_count(),
        python=platform.python_version(),
        samples=SAMPLES,
        pages=" | ".join(PAGES),
        lines="\n".join(lines),
        hash=await passwords(),
        plans=explained,
    )
    REPORT.write_text(report, encoding="utf-8")
    print(report)


REPORT_TEXT = """# Measurements of the portal's data

Written by `python -m bench.portal <postgres>` ({date}, {cores} cores, Python {python}; client and server on the same machine).
Milliseconds, median / 95th percentile of {samples} customers at random, one at a time: everything a page asks of the database, session and account included.
Aim: a p95 under 30 ms, flat from ten thousand customers to a million.

| database | customers | documents | {pages} |
|---|---|---|---|---|---|
{lines}

Verifying a password (Argon2id, m = 19 MiB, t = 2, p = 1) takes {hash:.0f} ms besides, in a thread, two at once at most.

## Plans, at a million customers

{plans}
"""

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
