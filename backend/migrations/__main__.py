"""`python -m backend.migrations "what changes"`: writes the next migration from what the models have that it lacks."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from backend.database import Database
from backend.migrations import config, upgrade


async def write(message: str) -> None:
    """Compares a fresh database, brought up to date, with the models."""
    number = len(list(ScriptDirectory.from_config(config()).walk_revisions())) + 1
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder) / 'fresh.sqlite'}")
        await upgrade(database)
        async with database.engine.connect() as connection:
            await connection.run_sync(
                lambda sync: command.revision(config(sync), message, autogenerate=True, rev_id=f"{number:04d}")
            )
        await database.close()


if __name__ == "__main__":
    asyncio.run(write(" ".join(sys.argv[1:])))
