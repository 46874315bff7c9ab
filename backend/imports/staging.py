"""Where an import lies until it is known to be good: temporary tables, one for each file, in the database itself.

They hold what their tables hold, the line each row stands on, and numbers of customers in place of references. Nobody
else sees them, and on SQLite they do not lock the database.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.imports.rows import FILES
from backend.imports.tables import TABLES

ERASED = "staged_erased"
_NOT_STAGED = {"id", "imported", "imported_status", "version", "waits_since", "closed_on", "team"}


class Staging:
    """The tables, by kind of file; `erased` holds the keys of what belongs to people who were erased."""

    def __init__(self) -> None:
        metadata = MetaData()
        self.tables = {kind: _staged(metadata, kind) for kind in FILES}
        self.erased = Table(ERASED, metadata, Column("kind", String), Column("key", String), prefixes=["TEMPORARY"])

    async def make(self, connection: AsyncConnection) -> None:
        await self.drop(connection)
        for table in (*self.tables.values(), self.erased):
            await connection.run_sync(table.create)

    async def drop(self, connection: AsyncConnection) -> None:
        for table in (*self.tables.values(), self.erased):
            await connection.execute(text(f"DROP TABLE IF EXISTS {table.name}"))

    async def index(self, connection: AsyncConnection, kind: str) -> None:
        """Once all rows are in: what they are looked up by."""
        for index in self.tables[kind].info["indexes"]:
            await connection.run_sync(index.create)
        if connection.dialect.name == "postgresql":
            await connection.execute(text(f"ANALYZE {self.tables[kind].name}"))


def _staged(metadata: MetaData, kind: str) -> Table:
    target, model = cast(Table, TABLES[kind].__table__), FILES[kind]
    columns = [Column(c.name, c.type) for c in target.columns if c.name not in _NOT_STAGED | {"customer_id"}]
    if "customer_no" in model.refers:
        columns.append(Column("customer_no", String))
    table = Table(f"staged_{kind}", metadata, Column("line", Integer), *columns, prefixes=["TEMPORARY"])
    wanted: dict[str, Any] = {"key": model.key} | {name: (name,) for name in model.refers}
    # Made apart from the table, after the rows: that is quicker.
    table.info["indexes"] = [_index(table, f"ix_staged_{kind}_{name}", names) for name, names in wanted.items()]
    return table


def _index(table: Table, name: str, columns: tuple[str, ...]) -> Index:
    index = Index(name, *(table.columns[column] for column in columns))
    table.indexes.discard(index)
    return index
