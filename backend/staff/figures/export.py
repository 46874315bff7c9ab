"""CSV as RFC 4180 has it, with a header, in UTF-8 with the mark at its beginning that Excel tells it by."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import WARSAW
from backend.staff import titles
from backend.staff.conversations.filters import HANDOVERS, Filters
from backend.staff.conversations.reviews import STATE_NAMES, State
from backend.staff.conversations.tasks import OUTCOMES, STEPS
from backend.staff.figures import repository
from backend.staff.figures.tables import Share, Table, Value

MARK = "\ufeff"
HEADER = (
    "Rozmowa",
    "Otwarta",
    "Ostatnia aktywność",
    "Kanał",
    "Zespół",
    "Tożsamość potwierdzona",
    "Numer klienta",
    "Wiadomości klienta",
    "Ostatnia wiadomość",
    "Tematy",
    "Ostatni temat",
    "Najniższa pewność, %",
    "Niezrozumiane",
    "Przekazanie",
    "Zadania",
    "Oceny w górę",
    "Oceny w dół",
    "Średni czas odpowiedzi, ms",
    "Stan",
    "Tagi",
)

_DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")


def lines(rows: Iterable[Sequence[Value]]) -> str:
    """Texts that a spreadsheet would take for a formula get an apostrophe before them (OWASP, CSV Injection)."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(
        [_harmless(value) if type(value) is str else _plain(value) for value in row] for row in rows
    )
    return written.getvalue()


def of_table(table: Table) -> str:
    return MARK + lines([table.columns, *([cell.value for cell in row] for row in table.rows)])


async def of_conversations(session: AsyncSession, filters: Filters, *, numbers: bool) -> AsyncGenerator[str]:
    """One row a conversation in the order of the list, a handful at a time; customer numbers where they may be seen."""
    yield MARK + lines([HEADER])
    async with aclosing(repository.every(session, filters)) as parts:
        async for rows in parts:
            yield lines(_conversation(row, numbers=numbers) for row in rows)


def _conversation(row: Row[Any], *, numbers: bool) -> list[Value]:
    """From the order of `repository.every` to that of `HEADER`."""
    id_, opened, active, channel, team, customer, messages, said, intents, confidence, *more = tuple(row)
    fallbacks, handover, tasks, thumbs_up, thumbs_down, milliseconds, number, state, tags = more
    names = titles.intents()
    topics = [names.get(name, name) for name in intents]
    return [
        id_,
        _time(opened),
        _time(active),
        titles.channel(channel),
        titles.team(team),
        "tak" if customer else "nie",
        number if numbers else None,
        messages,
        said,
        "; ".join(dict.fromkeys(topics)),
        topics[-1] if topics else None,
        None if confidence is None else round(confidence * 100),
        fallbacks,
        HANDOVERS[handover] if handover else "brak",
        "; ".join(_task(task, went) for task, went in tasks.items()),
        thumbs_up,
        thumbs_down,
        milliseconds,
        STATE_NAMES[state or State.NEW],
        tags,
    ]


def _task(task: str, went: dict[str, str | None]) -> str:
    step = went["step"]
    stands = f" ({STEPS.get(step, step)})" if step else ""
    return f"{titles.intent(task)}: {OUTCOMES[went['outcome'] or '']}{stands}"


def _time(time: dt.datetime) -> str:
    return time.astimezone(WARSAW).isoformat(" ", "seconds")[:19]


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in _DANGEROUS else text


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, Share):
        return round(value * 100, 1)
    return value.isoformat() if isinstance(value, dt.date) else value
