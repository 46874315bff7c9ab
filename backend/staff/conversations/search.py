"""Searching summaries by their words, on both databases.

PostgreSQL has them in a GIN index of arrays, SQLite in an FTS5 table beside. No parser of either splits a word, and
what people type is never part of a query's syntax: the words are letters, digits and `_=:` alone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, literal, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from backend.staff.conversations.models import Summary

MOST = 200_000
"""Characters of one conversation's words."""


class _Held(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it is: with SQLAlchemy's "= 1" behind it SQLite would not go by the index."""
        return self


@compiles(_Held, "postgresql")
def _in_array(held: _Held, compiler: SQLCompiler, **options: Any) -> str:
    words, _, wanted = (compiler.process(clause, **options) for clause in held.clauses)
    # What is wanted is hidden in a SELECT: the planner then takes it for rare and goes by the index. Its guess for
    # words that are frequent one by one and rare together would have it read the whole table.
    return f"(string_to_array({words}, ' ') @> (SELECT string_to_array({wanted}, ' ')))"


@compiles(_Held, "sqlite")
def _in_full_text(held: _Held, compiler: SQLCompiler, **options: Any) -> str:
    _, id_, wanted = (compiler.process(clause, **options) for clause in held.clauses)
    query = f"""'"' || replace({wanted}, ' ', '" "') || '"'"""
    return f"({id_} IN (SELECT rowid FROM summary_words WHERE summary_words MATCH {query}))"  # noqa: S608 - ours


class _Seen(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        return self


@compiles(_Seen, "postgresql")
def _by_strpos(seen: _Seen, compiler: SQLCompiler, **options: Any) -> str:
    return _by("strpos", seen, compiler, **options)


@compiles(_Seen, "sqlite")
def _by_instr(seen: _Seen, compiler: SQLCompiler, **options: Any) -> str:
    return _by("instr", seen, compiler, **options)


def _by(function: str, seen: _Seen, compiler: SQLCompiler, **options: Any) -> str:
    """Looking for a text is four times as fast as matching a pattern."""
    words, wanted = (compiler.process(clause, **options) for clause in seen.clauses)
    return f"({function}(' ' || {words} || ' ', {wanted}) > 0)"


def held(words: Collection[str]) -> ColumnElement[bool]:
    """Whether all these words occur, by the index."""
    return _Held(Summary.words, Summary.id, literal(" ".join(words)))


def seen(row: type[Summary], words: Collection[str]) -> ColumnElement[bool]:
    """The same by looking at the row: for rows that are walked anyway."""
    return and_(*(_Seen(row.words, literal(f" {word} ")) for word in words))


def facet(name: str, value: str | int) -> str:
    """What is filtered by, as a word that nobody can type."""
    return f"{name}={value}"


async def settle(session: AsyncSession) -> None:
    """Sorts what was deleted out of SQLite's index, where it stays until then."""
    if session.get_bind().dialect.name == "sqlite":
        await session.execute(text("INSERT INTO summary_words (summary_words) VALUES ('optimize')"))


def joined(words: Collection[str]) -> str:
    """What `Summary.words` holds: each word once, and no more than there is room for."""
    whole = " ".join(dict.fromkeys(words))
    return whole if len(whole) <= MOST else whole[:MOST].rpartition(" ")[0]
