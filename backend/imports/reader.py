"""Reads a folder of CSV files into rows, and says of each bad one where and why."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from backend.imports.rows import FILES, Row

MOST_KEPT = 1000


@dataclass(frozen=True)
class BadRow:
    """Where and why; never the value, which may be personal. Line 1 is the header."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, column {self.column}: {self.reason}"


@dataclass
class BadRows:
    """How many rows are bad, and the first of them."""

    count: int = 0
    first: list[BadRow] = field(default_factory=list)

    def add(self, row: BadRow) -> None:
        self.count += 1
        if len(self.first) < MOST_KEPT:
            self.first.append(row)


class BadData(Exception):
    """Nothing was imported. `bad` says why where it is for bad rows."""

    def __init__(self, reason: str, bad: BadRows | None = None) -> None:
        super().__init__(reason)
        self.bad = bad or BadRows()


@dataclass(frozen=True)
class Read:
    """A good row and the line it stands on."""

    line: int
    row: Row


def read_as_of(folder: Path) -> dt.datetime | None:
    """The time in `as_of.txt`, None if the file is missing. Raises BadData."""
    path = folder / "as_of.txt"
    if not path.exists():
        return None
    try:
        time = dt.datetime.fromisoformat(path.read_text(encoding="utf-8-sig").strip())
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise BadData("as_of.txt must hold one time with an offset, like 2026-11-24T06:00:00+01:00.")
    return time


def read_file(folder: Path, kind: str, bad: BadRows) -> Iterator[Read]:
    """The good rows of one file, one by one; bad ones go into `bad`. A missing file has none. Raises BadData."""
    path = folder / f"{kind}.csv"
    if not path.exists():
        return
    model = FILES[kind]
    for line, values in _records(path, model):
        try:
            yield Read(line, model.model_validate(values))
        except ValidationError as error:
            for item in error.errors(include_url=False, include_input=False):
                bad.add(BadRow(path.name, line, _column(item["loc"]), _reason(item)))


def _records(path: Path, model: type[Row]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line numbers and the columns that are not empty."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = next(reader, None)
            if header is None:
                return
            _check_header(path.name, header, model)
            for fields in reader:
                if not fields:
                    continue
                if len(fields) != len(header):
                    raise BadData(
                        f"{path.name}, line {reader.line_num}: {len(fields)} fields instead of {len(header)}."
                    )
                yield reader.line_num, {name: value for name, value in zip(header, fields, strict=True) if value != ""}
        except UnicodeDecodeError:
            raise BadData(f"{path.name} is not UTF-8 (after line {reader.line_num}).") from None
        except csv.Error as error:
            raise BadData(f"{path.name}, line {reader.line_num}: {error}.") from None


def _check_header(name: str, header: list[str], model: type[Row]) -> None:
    fields = {field.alias or field_name: field for field_name, field in model.model_fields.items()}
    if unknown := [column for column in header if column not in fields]:
        raise BadData(f"{name}: unknown column {unknown[0]!r} in the header.")
    if repeated := [column for column, count in Counter(header).items() if count > 1]:
        raise BadData(f"{name}: column {repeated[0]!r} stands twice in the header.")
    if missing := [column for column, field in fields.items() if field.is_required() and column not in header]:
        raise BadData(f"{name}: column {missing[0]!r} is missing from the header.")


def _column(location: tuple[int | str, ...]) -> str:
    return str(location[0]) if location else "?"


def _reason(item: Any) -> str:
    if item["type"] == "missing":
        return "must not be empty"
    return str(item["msg"]).removeprefix("Value error, ")
