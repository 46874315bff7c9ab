"""From staging into the tables: new rows are added, changed ones replaced, the others left alone."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, and_, exists, func, insert, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.customers.models import Customer
from backend.imports.checks import UNIQUE
from backend.imports.rows import FILES
from backend.imports.staging import Staging
from backend.imports.tables import TABLES

_OURS = {"customers": ["imported"], "tickets": ["imported_status", "waits_since", "closed_on"]}
"""Columns that remember what was imported where it has changed here: a changed row makes that void."""


async def write(connection: AsyncConnection, staging: Staging, kind: str) -> tuple[int, int, int]:
    """How many rows of one kind were new, had changed, and were as before."""
    staged, target = staging.tables[kind], cast(Table, TABLES[kind].__table__)
    total = await connection.scalar(select(func.count()).select_from(staged)) or 0
    same = and_(*(target.c[name] == staged.c[name] for name in FILES[kind].key))
    differs = and_(same, target.c.row_digest.is_distinct_from(staged.c.row_digest))
    if kind == "customers":
        # So that two customers may swap what belongs to one alone.
        freed = update(target).where(differs).values(dict.fromkeys(UNIQUE, null()))
        await connection.execute(freed)
    values = _values(staged, target)
    void = {name: null() for name in _OURS.get(kind, ())}
    changed = (await connection.execute(update(target).where(differs).values(values | void))).rowcount
    source = select(*values.values()).where(~exists().where(same).correlate(staged))
    new = (await connection.execute(insert(target).from_select(list(values), source))).rowcount
    return new, changed, total - new - changed


def _values(staged: Table, target: Table) -> dict[str, Any]:
    """What each column of the table becomes."""
    values: dict[str, Any] = {column.name: staged.c[column.name] for column in target.c if column.name in staged.c}
    if "customer_id" in target.c:
        owner = select(Customer.id).where(Customer.customer_no == staged.c.customer_no)
        values["customer_id"] = owner.correlate(staged).scalar_subquery()
    return values
