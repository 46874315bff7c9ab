"""`python -m bench.imports <postgres>`: a million rows brought in, twice; writes docs/measurements-imports.md."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

import backend.models  # noqa: F401 - every table
from backend.clock import WARSAW
from backend.database import Database
from backend.imports.demo import write_demo
from backend.imports.service import ImportReport, import_folder
from backend.migrations import upgrade
from backend.settings import ROOT

CUSTOMERS = 7_400
"""With two years of documents, lines, payments and consumption some 130 rows each."""

FEW = 740
REPORT = ROOT / "docs" / "measurements-imports.md"


async def bring_in(url: str, folder: Path) -> tuple[ImportReport, float]:
    """The report, and how many seconds it took."""
    database, started = Database(url), time.perf_counter()
    try:
        await upgrade(database)
        report = await import_folder(
            database,
            folder,
            skip_bad=False,
            progress=lambda _line: None,
            erased_digest=lambda kind, value: kind + value,
        )
    finally:
        await database.close()
    return report, time.perf_counter() - started


def megabytes() -> float:
    """The most that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(kind: str, few_url: str, url: str, few: Path, many: Path) -> str:
    await bring_in(few_url, few)
    before = megabytes()
    first, seconds = await bring_in(url, many)
    after = megabytes()
    again, seconds_again = await bring_in(url, many)
    assert (again.new, again.changed) == (0, 0)
    cells = [f"{first.new:,}", f"{first.new / seconds:,.0f}", f"{again.unchanged / seconds_again:,.0f}"]
    return f"| {kind} | {' | '.join(cells)} | {before:.0f} | {after:.0f} |".replace(",", " ")


async def main(server: str) -> None:
    os.environ["MOJBOK_TEST_POSTGRES"] = server
    from tests.support import postgres

    lines = []
    with tempfile.TemporaryDirectory() as folder:
        few, many, as_of = Path(folder) / "few", Path(folder) / "many", dt.datetime(2026, 11, 24, 6, tzinfo=WARSAW)
        # Made by a process of its own, so that its memory is not counted.
        for place, customers in ((few, FEW), (many, CUSTOMERS)):
            made = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.imports", "--write", str(place), str(customers), as_of.isoformat()
            )
            assert await made.wait() == 0
        urls = [await asyncio.to_thread(postgres.new_database) for _ in range(2)]
        try:
            lines.append(await measure("PostgreSQL", *urls, few, many))
        finally:
            for url in urls:
                await asyncio.to_thread(postgres.drop_database, url)
        sqlite = [f"sqlite+aiosqlite:///{folder}/{name}.sqlite" for name in ("few", "many")]
        lines.append(await measure("SQLite", *sqlite, few, many))
    report = REPORT_TEXT.format(
        date=time.strftime("%Y-%m-%d"),
        cores=os.cpu_count(),
        python=platform.python_version(),
        few=FEW,
        many=CUSTOMERS,
        lines="\n".join(lines),
    )
    REPORT.write_text(report, encoding="utf-8")
    print(report)


REPORT_TEXT = """# Measurements of the import

Written by `python -m bench.imports <postgres>` ({date}, {cores} cores, Python {python}; client and server on the same machine). Made-up customers with all that belongs to them;
from reading the files to the end of the transaction. Memory is the most that the process had held: after {few} customers, and after ten times as many ({many}).

Aim: 10 000 rows a second on PostgreSQL, memory flat.

| database | rows | rows a second, all new | again, all unchanged | MB after a tenth | MB after all |
|---|---|---|---|---|---|
{lines}
"""

if __name__ == "__main__":
    if sys.argv[1] == "--write":
        write_demo(Path(sys.argv[2]), int(sys.argv[3]), 1, dt.datetime.fromisoformat(sys.argv[4]))
    else:
        asyncio.run(main(sys.argv[1]))
