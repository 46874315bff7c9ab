"""Everything that lies in a system's database, whichever it is."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import MetaData, select

from backend.database import Database


def every_row(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each table in the order of its key, read as they lie there."""
    return asyncio.run(_every_row(url))


async def _every_row(url: str) -> dict[str, list[tuple[Any, ...]]]:
    database, tables = Database(url), MetaData()
    try:
        async with database.engine.connect() as connection:
            await connection.run_sync(tables.reflect)
            found = {}
            for table in tables.sorted_tables:
                query = select(table).order_by(*table.primary_key.columns)
                found[table.name] = [tuple(row) for row in await connection.execute(query)]
            return found
    finally:
        await database.close()
