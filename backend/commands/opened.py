"""The database of a command, at the present schema, and the system's clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import backend.models  # noqa: F401 - every table is known before any is made
from backend.clock import Clock
from backend.database import Database
from backend.migrations import upgrade
from backend.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Database, Clock]]:
    database, clock = Database(settings.database_url), Clock()
    try:
        await upgrade(database)
        async with database.read() as session:
            await clock.load(session)
        yield database, clock
    finally:
        await database.close()
