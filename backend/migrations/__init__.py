"""Brings a database to the tables that this version of the code knows, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database import Database

_PLACE = Path(__file__).parent
_LOCK = 6_650_265
"""Any number that nothing else of ours locks: one process at a time migrates."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; there is no alembic.ini, the database is the settings' one."""
    config = Config()
    config.set_main_option("script_location", str(_PLACE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def upgrade(database: Database) -> None:
    """Runs the migrations that this database has not seen, in one transaction."""
    async with database.engine.connect() as connection:
        await _heed_foreign_keys(connection, False)
        await connection.execution_options(mojbok_write=True)
        async with connection.begin():
            await connection.run_sync(_upgrade)
        await _heed_foreign_keys(connection, True)


async def _heed_foreign_keys(connection: AsyncConnection, heeded: bool) -> None:
    """SQLite changes a column by making the table anew, and must not mind that rows point to the old one meanwhile."""
    if connection.dialect.name == "sqlite":
        await connection.execution_options(mojbok_write=False)
        await connection.exec_driver_sql(f"PRAGMA foreign_keys = {'ON' if heeded else 'OFF'}")
        await connection.commit()


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    command.upgrade(config(connection), "head")
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a row would point to nothing")
