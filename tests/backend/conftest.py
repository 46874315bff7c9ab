from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.database import Database
from backend.migrations import upgrade
from tests.support import postgres

KINDS = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.skipif(not postgres.SERVER, reason="MOJBOK_TEST_POSTGRES names none")),
]


@pytest.fixture(params=KINDS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh database with all tables, of each kind that is there."""
    fresh = request.param == "postgresql"
    url = await asyncio.to_thread(postgres.new_database) if fresh else f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite'}"
    database = Database(url)
    await upgrade(database)
    yield database
    await database.close()
    if fresh:
        await asyncio.to_thread(postgres.drop_database, url)
