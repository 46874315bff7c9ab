"""Reads a folder of CSV files into rows, and says of each bad one where and why."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from backend.imports.rows import FILES, Row


@dataclass(frozen=True)
class BadRow:
    """Where and why; never the value, which may be personal. Line 1 is the header."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, column {self.column}: {self.reason}"


class BadData(Exception):
    """Nothing was imported. `rows` says why where it is for bad rows."""

    def __init__(self, reason: str, rows: list[BadRow] | None = None) -> None:
        super().__init__(reason)
        self.rows = rows or []


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


def read_file(folder: Path, kind: str, bad: list[BadRow]) -> list[Read]:
    """The good rows of one file; the bad ones are added to `bad`. A missing file has none. Raises BadData."""
    path = folder / f"{kind}.csv"
    if not path.exists():
        return []
    model = FILES[kind]
    rows: list[Read] = []
    seen: set[tuple[Any, ...]] = set()
    for line, values in _records(path, model):
        try:
            row = model.model_validate(values)
        except ValidationError as error:
            bad += [BadRow(path.name, line, _column(item["loc"]), _reason(item)) for item in error.errors()]
            continue
        key = tuple(getattr(row, name) for name in model.key)
        if key in seen:
            bad.append(BadRow(path.name, line, model.key[0], "stands in this file already"))
            continue
        seen.add(key)
        rows.append(Read(line, row))
    return rows


def _records(path: Path, model: type[Row]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line numbers and the columns that are not empty."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData(f"{path.name} is not UTF-8 (byte {error.start}).") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, None)
        if header is None:
            return
        _check_header(path.name, header, model)
        positions: Counter[str] = Counter()
        for fields in reader:
            if not fields:
                continue
            if len(fields) != len(header):
                raise BadData(f"{path.name}, line {reader.line_num}: {len(fields)} fields instead of {len(header)}.")
            values = {name: value for name, value in zip(header, fields, strict=True) if value != ""}
            if "position" in model.model_fields:
                positions[fields[0]] += 1
                values["position"] = str(positions[fields[0]])
            yield reader.line_num, values
    except csv.Error as error:
        raise BadData(f"{path.name}, line {reader.line_num}: {error}.") from None


def _check_header(name: str, header: list[str], model: type[Row]) -> None:
    fields = {field.alias or field_name: field for field_name, field in model.model_fields.items()}
    fields.pop("position", None)
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
