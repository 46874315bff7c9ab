from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import backend.models  # noqa: F401 - every table
from backend.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite file with all tables."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite'}")
    await database.create_tables()
    yield database
    await database.close()
