"""The migrations make exactly the tables that the models describe, and leave nothing behind."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

import backend.models  # noqa: F401 - every table
from backend.database import Base, Database
from backend.migrations import config, upgrade


async def test_the_migrations_make_what_the_models_describe(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), Base.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_running_them_again_changes_nothing(database: Database) -> None:
    await upgrade(database)


async def test_they_can_be_undone(database: Database) -> None:
    def down(connection: Connection) -> list[str]:
        command.downgrade(config(connection), "base")
        return inspect(connection).get_table_names()

    async with database.engine.execution_options(mojbok_write=True).begin() as connection:
        assert await connection.run_sync(down) == ["alembic_version"]
