"""The import: files are read row by row into staging, checked there, and written in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.billing.models import DataAsOf
from backend.customers.erasure import ErasedDigest
from backend.customers.models import ErasedPerson
from backend.database import Database
from backend.imports import checks, writing
from backend.imports.reader import BadData, BadRow, BadRows, read_as_of, read_file
from backend.imports.rows import FILES, CustomerRow
from backend.imports.staging import Staging
from backend.imports.tables import columns

__all__ = ["BadData", "BadRow", "ImportReport", "import_folder"]

BATCH = 2000

Progress = Callable[[str], None]


@dataclass
class ImportReport:
    """How many rows were new, had changed, and were as before; and what was left out."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    erased: int = 0
    bad: BadRows = field(default_factory=BadRows)

    def __str__(self) -> str:
        left_out = f", {self.bad.count} left out" if self.bad.count else ""
        erased = f", {self.erased} left out because the person was erased" if self.erased else ""
        return f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged{left_out}{erased}"


async def import_folder(
    database: Database, folder: Path, *, skip_bad: bool, progress: Progress, erased_digest: ErasedDigest
) -> ImportReport:
    """Brings a folder of CSV files in (docs/data-formats.md). The same folder twice changes nothing.

    Raises:
        BadData: the folder or a file cannot be used, or there are bad rows and `skip_bad` is False.
    """
    if not folder.is_dir():
        raise BadData(f"There is no folder {folder}.")
    report, staging, as_of = ImportReport(), Staging(), read_as_of(folder)
    async with database.engine.connect() as connection:
        await staging.make(connection)
        read = 0
        for kind in FILES:
            read += await _stage(connection, staging, folder, kind, report, progress, erased_digest)
        if as_of is None and not read and not report.bad.count:
            raise BadData(f"There is nothing to import in {folder}.")
        if report.bad.count and not skip_bad:
            raise BadData("Nothing was imported, because of these rows:", report.bad)
        await connection.commit()
        await _write(connection, staging, as_of, report, progress)
        await staging.drop(connection)
        await connection.commit()
    return report


async def _stage(
    connection: AsyncConnection,
    staging: Staging,
    folder: Path,
    kind: str,
    report: ImportReport,
    progress: Progress,
    erased_digest: ErasedDigest,
) -> int:
    """Reads one file into its staging table and checks it there; how many good rows it had."""
    gone = set(await connection.scalars(select(ErasedPerson.digest))) if kind == "customers" else set()
    count, batch = 0, list[dict[str, Any]]()
    for read in read_file(folder, kind, report.bad):
        count += 1
        if gone and isinstance(read.row, CustomerRow) and _is_erased(read.row, gone, erased_digest):
            report.erased += 1
            key = {"kind": kind, "key": read.row.customer_no}
            await connection.execute(insert(staging.erased), [key])
            continue
        batch.append(columns(read.row) | {"line": read.line})
        if len(batch) == BATCH:
            await connection.execute(insert(staging.tables[kind]), batch)
            batch.clear()
    if batch:
        await connection.execute(insert(staging.tables[kind]), batch)
    progress(f"{kind}.csv: {count} rows read")
    if kind == "document_lines":
        await checks.number_lines(connection, staging)
    await staging.index(connection, kind)
    report.erased += await checks.check(connection, staging, kind, report.bad)
    return count


def _is_erased(row: CustomerRow, gone: set[str], erased_digest: ErasedDigest) -> bool:
    known = {"customer_no": row.customer_no, "pesel": row.pesel, "nip": row.nip}
    return any(value and erased_digest(name, value) in gone for name, value in known.items())


async def _write(
    connection: AsyncConnection, staging: Staging, as_of: dt.datetime | None, report: ImportReport, progress: Progress
) -> None:
    writer = await connection.execution_options(mojbok_write=True)
    async with writer.begin():
        for kind in FILES:
            new, changed, unchanged = await writing.write(writer, staging, kind)
            report.new += new
            report.changed += changed
            report.unchanged += unchanged
            progress(f"{kind}: written")
        if as_of:
            await writer.execute(delete(DataAsOf))
            await writer.execute(insert(DataAsOf).values(id=1, at=as_of))
