"""The migrations make exactly the tables that the models describe, and leave nothing behind."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

import backend.models  # noqa: F401 - every table
from backend.database import Base, Database
from backend.migrations import config, upgrade


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """SQLite's full-text index is tables of its own."""
    return kind != "table" or not str(name).startswith("summary_words")


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
async def test_the_migrations_make_what_the_models_describe(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_name": _is_ours})
        return compare_metadata(context, Base.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_running_them_again_changes_nothing(database: Database) -> None:
    await upgrade(database)


async def test_tickets_of_the_version_before_are_kept(database: Database) -> None:
    def down(connection: Connection) -> None:
        command.downgrade(config(connection), "0001")

    async with database.engine.execution_options(mojbok_write=True).begin() as connection:
        await connection.run_sync(down)
        for row in _ROWS:
            await connection.execute(text(row))
    await upgrade(database)
    async with database.engine.connect() as connection:
        kept = await connection.execute(
            text("SELECT t.subject, m.text FROM tickets t JOIN ticket_messages m USING (ticket_no)")
        )
        assert kept.all() == [("Zapytanie", "Dzień dobry")]


_ROWS = (
    "INSERT INTO customers (id, customer_no, kind, name, email, folded_email, active, consent_email, consent_phone,"
    " row_digest) VALUES (1, 'K1', 'individual', 'Jan Jeż', 'jan@poczta.example', 'jan@poczta.example', true, false,"
    " false, 'x')",
    "INSERT INTO tickets (ticket_no, customer_id, kind, status, opened, subject, text)"
    " VALUES ('Z1', 1, 'query', 'new', '2026-11-01', 'Zapytanie', 'Ile?')",
    "INSERT INTO ticket_messages (id, ticket_no, author, at, text)"
    " VALUES (1, 'Z1', 'customer', '2026-11-02 10:00:00', 'Dzień dobry')",
)


async def test_they_can_be_undone(database: Database) -> None:
    def down(connection: Connection) -> list[str]:
        command.downgrade(config(connection), "base")
        return inspect(connection).get_table_names()

    async with database.engine.execution_options(mojbok_write=True).begin() as connection:
        assert await connection.run_sync(down) == ["alembic_version"]
