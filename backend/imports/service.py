"""The import: everything is read and checked first, then written in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Table, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing.models import DataAsOf
from backend.customers.models import Customer
from backend.database import Database
from backend.imports.reader import BadData, BadRow, Read, read_as_of, read_file
from backend.imports.rows import FILES, Row
from backend.imports.tables import TABLES, columns, digest

__all__ = ["BadData", "BadRow", "ImportReport", "import_folder"]

BATCH = 1000

Progress = Callable[[str], None]
Rows = dict[str, list[Read]]
Item = TypeVar("Item")


@dataclass
class ImportReport:
    """How many rows were new, had changed, and were as before; and what was left out."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)

    def __str__(self) -> str:
        left_out = f", {len(self.bad_rows)} left out" if self.bad_rows else ""
        return f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged{left_out}"


async def import_folder(database: Database, folder: Path, *, skip_bad: bool, progress: Progress) -> ImportReport:
    """Brings a folder of CSV files in (docs/data-formats.md). The same folder twice changes nothing.

    Raises:
        BadData: the folder or a file cannot be used, or there are bad rows and `skip_bad` is False.
    """
    if not folder.is_dir():
        raise BadData(f"There is no folder {folder}.")
    report = ImportReport()
    as_of = read_as_of(folder)
    rows: Rows = {}
    for kind in FILES:
        rows[kind] = read_file(folder, kind, report.bad_rows)
        progress(f"{kind}.csv: {len(rows[kind])} rows read")
    if as_of is None and not any(rows.values()) and not report.bad_rows:
        raise BadData(f"There is nothing to import in {folder}.")
    async with database.read() as session:
        await _check_against_each_other(session, rows, report.bad_rows)
    if report.bad_rows and not skip_bad:
        raise BadData("Nothing was imported, because of these rows:", report.bad_rows)
    async with database.write() as session:
        await _write(session, rows, as_of, report, progress)
    return report


async def _check_against_each_other(session: AsyncSession, rows: Rows, bad: list[BadRow]) -> None:
    """Takes out rows that refer to what is nowhere, and customers whose PESEL, NIP or login is another's."""
    await _check_unique(session, rows, bad)
    for kind, model in FILES.items():
        for column, target in model.refers.items():
            known = {_key(read.row)[0] for read in rows[target]}
            asked = {value for read in rows[kind] if (value := getattr(read.row, column)) is not None}
            known |= await _existing(session, target, asked - known)
            rows[kind] = _keep(kind, rows[kind], column, known, bad)


def _keep(kind: str, reads: list[Read], column: str, known: set[Any], bad: list[BadRow]) -> list[Read]:
    kept = []
    for read in reads:
        value = getattr(read.row, column)
        if value is None or value in known:
            kept.append(read)
        else:
            bad.append(BadRow(f"{kind}.csv", read.line, column, "refers to something that is not there"))
    return kept


async def _existing(session: AsyncSession, kind: str, keys: set[Any]) -> set[Any]:
    column = getattr(TABLES[kind], FILES[kind].key[0])
    found: set[Any] = set()
    for batch in _batches(sorted(keys)):
        found.update(await session.scalars(select(column).where(column.in_(batch))))
    return found


async def _check_unique(session: AsyncSession, rows: Rows, bad: list[BadRow]) -> None:
    """Within the file, and against customers in the database that the file does not bring."""
    for column in FILES["customers"].unique:
        name = "folded_login" if column == "login" else column
        owners = await _owners(session, name, {_folded(read.row, column) for read in rows["customers"]} - {None})
        brought = {_key(read.row)[0] for read in rows["customers"]}
        taken = {value: owner for value, owner in owners.items() if owner not in brought}
        kept = []
        for read in rows["customers"]:
            value, owner = _folded(read.row, column), _key(read.row)[0]
            if value is not None and taken.setdefault(value, owner) != owner:
                bad.append(BadRow("customers.csv", read.line, column, "belongs to another customer already"))
            else:
                kept.append(read)
        rows["customers"] = kept


def _folded(row: Row, column: str) -> str | None:
    value = getattr(row, column)
    return value.strip().casefold() if value else None


async def _owners(session: AsyncSession, column: str, values: set[str | None]) -> dict[str, str]:
    attribute = getattr(Customer, column)
    owners: dict[str, str] = {}
    for batch in _batches(sorted(value for value in values if value)):
        found = await session.execute(select(attribute, Customer.customer_no).where(attribute.in_(batch)))
        owners.update((value, owner) for value, owner in found)
    return owners


async def _write(
    session: AsyncSession, rows: Rows, as_of: dt.datetime | None, report: ImportReport, progress: Progress
) -> None:
    customer_ids: dict[str, int] = {}
    for kind, reads in rows.items():
        for batch in _batches(reads):
            if "customer_no" in FILES[kind].refers:
                wanted = {str(read.row.model_dump()["customer_no"]) for read in batch} - customer_ids.keys()
                customer_ids |= await _customer_ids(session, wanted)
            await _write_batch(session, kind, [read.row for read in batch], customer_ids, report)
        if reads:
            progress(f"{kind}: written")
    if as_of:
        await session.merge(DataAsOf(id=1, at=as_of))


async def _customer_ids(session: AsyncSession, numbers: set[str]) -> dict[str, int]:
    found = await session.execute(
        select(Customer.customer_no, Customer.id).where(Customer.customer_no.in_(sorted(numbers)))
    )
    return dict((number, id_) for number, id_ in found)


async def _write_batch(
    session: AsyncSession, kind: str, rows: list[Row], customer_ids: dict[str, int], report: ImportReport
) -> None:
    table = cast(Table, TABLES[kind].__table__)
    key = [table.columns[name] for name in FILES[kind].key]
    found = await session.execute(
        select(table.columns["row_digest"], *key).where(tuple_(*key).in_([_key(row) for row in rows]))
    )
    before = {tuple(kept[1:]): kept[0] for kept in found}
    new = [row for row in rows if _key(row) not in before]
    changed = [row for row in rows if _key(row) in before and before[_key(row)] != digest(row)]
    if new:
        await session.execute(insert(table), [columns(row, customer_ids) for row in new])
    for row in changed:
        match = [column == value for column, value in zip(key, _key(row), strict=True)]
        await session.execute(update(table).where(*match).values(columns(row, customer_ids)))
    report.new += len(new)
    report.changed += len(changed)
    report.unchanged += len(rows) - len(new) - len(changed)


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in type(row).key)


def _batches(items: list[Item]) -> Iterable[list[Item]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
