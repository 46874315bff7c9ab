"""Checks of staged rows against each other and against the database. What does not stand them is taken out."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, and_, delete, exists, func, insert, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ColumnElement

from backend.customers.models import Customer
from backend.imports.reader import BadRow, BadRows
from backend.imports.rows import FILES
from backend.imports.staging import Staging
from backend.imports.tables import TABLES

UNIQUE = {"pesel": "pesel", "nip": "nip", "folded_login": "login"}
"""Columns of customers that belong to one, and what files call them."""


async def number_lines(connection: AsyncConnection, staging: Staging) -> None:
    """Gives the lines of each document their positions, in the order of the file."""
    table = staging.tables["document_lines"]
    ranked = select(
        table.c.line,
        func.row_number().over(partition_by=table.c.document_no, order_by=table.c.line).label("position"),
    ).subquery()
    await connection.execute(update(table).values(position=ranked.c.position).where(table.c.line == ranked.c.line))


async def check(connection: AsyncConnection, staging: Staging, kind: str, bad: BadRows) -> int:
    """Takes out rows that cannot be imported, and those of erased people; returns how many of the latter."""
    table = staging.tables[kind]
    twice = _earlier(table, [table.c[name] for name in FILES[kind].key])
    await _refuse(connection, table, twice, bad, kind, FILES[kind].key[0], "stands in this file already")
    erased = await _leave_out_erased(connection, staging, kind)
    if kind == "customers":
        for column, name in UNIQUE.items():
            taken = or_(_earlier(table, [table.c[column]]), _another_has(table, column))
            await _refuse(connection, table, taken, bad, kind, name, "belongs to another customer already")
    for column, target in FILES[kind].refers.items():
        missing = and_(table.c[column].is_not(None), ~_is_there(staging, table.c[column], target))
        await _refuse(connection, table, missing, bad, kind, column, "refers to something that is not there")
    return erased


def _earlier(table: Table, columns: Sequence[ColumnElement]) -> ColumnElement[bool]:
    """Whether an earlier line has the same values."""
    names = [column.name for column in columns]
    first = (
        select(*columns, func.min(table.c.line).label("first"))
        .where(*(column.is_not(None) for column in columns))
        .group_by(*columns)
        .having(func.count() > 1)
        .subquery()
    )
    same = [table.c[name] == first.c[name] for name in names]
    return exists().where(*same, table.c.line > first.c.first)


def _another_has(table: Table, column: str) -> ColumnElement[bool]:
    """Whether a customer who keeps the value has it: one whom the file does not bring, or brings unchanged."""
    brought = table.alias("brought")
    changes = exists().where(brought.c.customer_no == Customer.customer_no, brought.c.row_digest != Customer.row_digest)
    return exists().where(
        getattr(Customer, column) == table.c[column], Customer.customer_no != table.c.customer_no, ~changes
    )


def _is_there(staging: Staging, value: ColumnElement, target: str) -> ColumnElement[bool]:
    name = FILES[target].key[0]
    staged = staging.tables[target].c[name]
    kept = getattr(TABLES[target], name)
    return or_(exists().where(staged == value), exists().where(kept == value))


async def _refuse(
    connection: AsyncConnection,
    table: Table,
    condition: ColumnElement[bool],
    bad: BadRows,
    kind: str,
    column: str,
    reason: str,
) -> None:
    found = await connection.stream(select(table.c.line).where(condition).order_by(table.c.line))
    lines = []
    async for (line,) in found:
        bad.add(BadRow(f"{kind}.csv", line, column, reason))
        lines.append(line)
    for start in range(0, len(lines), 500):
        await connection.execute(delete(table).where(table.c.line.in_(lines[start : start + 500])))


async def _leave_out_erased(connection: AsyncConnection, staging: Staging, kind: str) -> int:
    """Takes out what refers to somebody who was erased, and remembers its keys for what refers to that."""
    erased, table = staging.erased, staging.tables[kind]
    if not await connection.scalar(select(func.count()).select_from(erased)):
        return 0
    refers = [
        tuple_(literal(target), table.c[column]).in_(select(erased.c.kind, erased.c.key))
        for column, target in FILES[kind].refers.items()
    ]
    if not refers:
        return 0
    key = table.c[FILES[kind].key[0]]
    await connection.execute(
        insert(erased).from_select(["kind", "key"], select(literal(kind), key).where(or_(*refers)))
    )
    return (await connection.execute(delete(table).where(or_(*refers)))).rowcount
