"""What the two databases say differently about summaries: the day in Warsaw, and what stands in lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class local_day(FunctionElement[Any]):  # noqa: N801 - a function of SQL
    """The day of a time in Warsaw."""

    type = Date()
    inherit_cache = True


class last_of(FunctionElement[Any]):  # noqa: N801
    """The last text of a list in JSON."""

    type = String()
    inherit_cache = True


class last_but_one_of(FunctionElement[Any]):  # noqa: N801
    """The text before the last one of a list in JSON."""

    type = String()
    inherit_cache = True


class each_of(FunctionElement[Any]):  # noqa: N801
    """The different texts of a list in JSON, a row each."""

    inherit_cache = True


class each_word(FunctionElement[Any]):  # noqa: N801
    """The words of `Summary.words`, a row each."""

    inherit_cache = True


@compiles(local_day, "postgresql")
def _day_by_zone(day: local_day, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(timezone('Europe/Warsaw', {compiler.process(day.clauses, **options)}) AS date)"


@compiles(local_day, "sqlite")
def _day_by_rule(day: local_day, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite knows no zones. Summer time is from the last Sunday of March to that of October, each at 1:00 UTC
    (directive 2000/84/EC)."""
    time = compiler.process(day.clauses, **options)
    begins, ends = (f"date(substr({time}, 1, 4) || '-{last}', '-6 days', 'weekday 0') || ' 01'" for last in _LAST_DAYS)
    shift = f"CASE WHEN {time} >= {begins} AND {time} < {ends} THEN '+2 hours' ELSE '+1 hours' END"
    # It rounds fractions: with them the last moment of a day would be in the next.
    return f"date(substr({time}, 1, 19), {shift})"


_LAST_DAYS = ("03-31", "10-31")


@compiles(last_of, "postgresql")
def _last_by_index(last: last_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(last.clauses, **options)} ->> -1)"


@compiles(last_of, "sqlite")
def _last_by_path(last: last_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(last.clauses, **options)} ->> '$[#-1]')"


@compiles(last_but_one_of, "postgresql")
def _last_but_one_by_index(last: last_but_one_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(last.clauses, **options)} ->> -2)"


@compiles(last_but_one_of, "sqlite")
def _last_but_one_by_path(last: last_but_one_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(last.clauses, **options)} ->> '$[#-2]')"


@compiles(each_of, "postgresql")
def _elements(each: each_of, compiler: SQLCompiler, **options: Any) -> str:
    listed = compiler.process(each.clauses, **options)
    return f"LATERAL (SELECT DISTINCT value FROM json_array_elements_text({listed}))"  # noqa: S608 - ours


@compiles(each_of, "sqlite")
def _each(each: each_of, compiler: SQLCompiler, **options: Any) -> str:
    listed = compiler.process(each.clauses, **options)
    return f"json_each((SELECT json_group_array(DISTINCT value) FROM json_each({listed})))"  # noqa: S608 - ours


@compiles(each_word, "postgresql")
def _split(each: each_word, compiler: SQLCompiler, **options: Any) -> str:
    return f"LATERAL (SELECT unnest(string_to_array({compiler.process(each.clauses, **options)}, ' ')) AS value)"


@compiles(each_word, "sqlite")
def _split_as_json(each: each_word, compiler: SQLCompiler, **options: Any) -> str:
    """Words are letters, digits and `_=:` alone, so nothing in them has to be escaped."""
    return f"""json_each('["' || replace({compiler.process(each.clauses, **options)}, ' ', '","') || '"]')"""
