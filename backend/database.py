"""The database: one engine, units of work at the edge, and the column types that SQLite lacks."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, MetaData, TypeDecorator, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase

WRITERS = 4
"""Transactions that write to PostgreSQL at once. They are few, so that what hurries finds the process idle: it needs no
place and has connections of its own.
"""


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware time, kept in UTC: SQLite drops time zones even when it is asked to keep them."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


class _Writers:
    """Places for so many who write at once, taken in order of coming; who hurries goes before all who do not."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._hurrying: deque[asyncio.Future[None]] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def place(self, *, hurry: bool) -> AsyncIterator[None]:
        if self._free:
            self._free -= 1
        else:
            await self._wait(self._hurrying if hurry else self._waiting)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, queue: deque[asyncio.Future[None]]) -> None:
        """Until the place is handed over; who is cancelled just then hands it on."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        for queue in (self._hurrying, self._waiting):
            while queue:
                if not (turn := queue.popleft()).done():
                    turn.set_result(None)
                    return
        self._free += 1


class Database:
    """Hands out sessions: `write()` commits at its end or rolls back, `read()` never writes."""

    def __init__(self, url: str) -> None:
        self.engine = _create_engine(url)
        self._is_sqlite = self.engine.dialect.name == "sqlite"
        # SQLite has one place anyway, and its busy handler sleeps and starves.
        self._writers = _Writers(1 if self._is_sqlite else WRITERS)
        self._quick_engine = (
            self.engine
            if self._is_sqlite
            else create_async_engine(url, pool_size=10, max_overflow=0, hide_parameters=True)
        )

    @asynccontextmanager
    async def write(self, *, hurry: bool = False) -> AsyncIterator[AsyncSession]:
        """`hurry` is for what somebody outside waits for and is quick: it goes before what else waits."""
        place = self._writers.place(hurry=hurry) if self._is_sqlite or not hurry else nullcontext()
        async with place, self._session(self._quick_engine if hurry else self.engine, write=True) as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        async with self._session(self.engine, write=False) as session:
            yield session

    @asynccontextmanager
    async def _session(self, engine: AsyncEngine, *, write: bool) -> AsyncIterator[AsyncSession]:
        engine = engine.execution_options(mojbok_write=write)
        async with AsyncSession(engine, expire_on_commit=False) as session:
            if write:
                async with session.begin():
                    yield session
            else:
                yield session

    async def close(self) -> None:
        await self.engine.dispose()
        await self._quick_engine.dispose()


async def insert_unless_there(session: AsyncSession, row: type[Base], **values: Any) -> None:
    """Inserts a row unless one with its key is there; of several at once exactly one inserts."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    await session.execute(insert(row).values(**values).on_conflict_do_nothing())


def _create_engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, hide_parameters=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(parsed, pool_size=8, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the begin event below decides how a transaction starts
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "invalidate")
    def on_invalidate(connection: Any, _record: object, _error: BaseException | None) -> None:
        # Work that is cancelled in the middle closes its connection; a query half read would keep the lock beyond that.
        connection.rollback()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        # A deferred transaction that turns to writing fails at once when another has written: take the lock first.
        # Reading needs none: each query sees what is committed.
        if connection.get_execution_options().get("mojbok_write", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
