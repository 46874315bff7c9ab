"""What the two databases say differently about summaries: what stands in lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class each_of(FunctionElement[Any]):  # noqa: N801 - a function of SQL
    """The different texts of a list in JSON, a row each."""

    inherit_cache = True


class each_word(FunctionElement[Any]):  # noqa: N801
    """The words of `Summary.words`, a row each."""

    inherit_cache = True


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
