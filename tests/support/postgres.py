"""A PostgreSQL server to test on, where `MOJBOK_TEST_POSTGRES` names one; each test run has databases of its own."""

from __future__ import annotations

import asyncio
import os
import uuid

import asyncpg

SERVER = os.environ.get("MOJBOK_TEST_POSTGRES", "")
"""Like `postgresql://user@127.0.0.1:5432/postgres`: a user who may create databases."""


def new_database() -> str:
    """Makes an empty database; its SQLAlchemy URL."""
    name = f"mojbok_{uuid.uuid4().hex}"
    asyncio.run(_run(f"CREATE DATABASE {name}"))
    return url_of(name)


def drop_database(url: str) -> None:
    asyncio.run(_run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)"))


def url_of(name: str) -> str:
    return f"{SERVER.rpartition('/')[0]}/{name}".replace("postgresql://", "postgresql+asyncpg://", 1)


async def _run(statement: str) -> None:
    connection = await asyncpg.connect(SERVER)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
