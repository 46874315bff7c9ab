"""What the office's other long pages cost: the figures, the CSV of conversations, and a transcript of 2,000 turns."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from backend.database import Database
from backend.staff import titles
from backend.staff.conversations import transcript
from backend.staff.conversations.filters import Filters, parse
from backend.staff.conversations.lemmas import Lemmas
from backend.staff.conversations.transcript import Page
from backend.staff.figures import export, figures
from backend.staff.pages import _TEMPLATES
from backend.staff.schemas import Colleague, Role
from tests.support.talks import ID, talk

CLERK = Colleague(1, 1, "Anna", frozenset(Role), None)
ASKED = {
    "30 days": {"od": "2026-10-27"},
    "30 days, not understood": {"od": "2026-10-27", "niezrozumiane": "tak"},
    "30 days, a frequent word": {"od": "2026-10-27", "szukaj": "faktura"},
    "all that was not understood": {"niezrozumiane": "tak"},
    "all": {},
}
FIGURES_TIMES = 3
TURNS, TRANSCRIPT_TIMES, WARM_UP = 2000, 60, 5
PAGES = {"the end": transcript.END, "the beginning": Page(after=0), "a message in the middle": transcript.around(3001)}
LINES = (
    "{% import 'transcript_parts.html' as parts %}{% call(line) parts.lines(found, '/x', '/x/wartosc') %}{% endcall %}"
)


async def figures_rows(database: Database) -> list[str]:
    """By what is asked for: conversations, and the median of milliseconds."""
    titles.intents()
    rows = []
    for name, filters in _asked():
        taken = []
        for _ in range(FIGURES_TIMES):
            started = time.perf_counter()
            async with database.read() as session:
                found = await figures.read(session, filters)
            taken.append(time.perf_counter() - started)
        rows.append(f"| {name} | {found.whole.conversations} | {statistics.median(taken) * 1000:.0f} |")
        print(rows[-1], flush=True)
    return rows


async def export_rows(database: Database) -> list[str]:
    """By what is asked for: rows, rows a second, megabytes written, and the process's memory before, at most, after."""
    rows = []
    for name, filters in _asked():
        before, peak, count, size = _memory(), 0, 0, 0
        started = time.perf_counter()
        async with database.read() as session:
            async for lines in export.of_conversations(session, filters, numbers=True):
                count, size, peak = count + lines.count("\r\n"), size + len(lines.encode()), max(peak, _memory())
        speed = count / (time.perf_counter() - started)
        rows.append(
            f"| {name} | {count - 1} | {speed:.0f} | {size / 1e6:.0f} | {before:.0f} / {peak:.0f} / {_memory():.0f} |"
        )
        print(rows[-1], flush=True)
    return rows


async def transcript_rows(database: Database) -> list[str]:
    """By page of a conversation of 2,000 turns: milliseconds to read it and to make its HTML, median and p95."""
    async with database.write() as session:
        await talk(session, TURNS)
    template = _TEMPLATES.from_string(LINES)
    rows = []
    for name, page in PAGES.items():
        taken = []
        for _ in range(TRANSCRIPT_TIMES):
            began = time.perf_counter()
            async with database.read() as session:
                found = await transcript.read(session, ID, page)
            template.render(found=found)
            taken.append(1000 * (time.perf_counter() - began))
        taken = sorted(taken[WARM_UP:])
        rows.append(f"| {name} | {statistics.median(taken):.0f} / {taken[len(taken) * 95 // 100]:.0f} |")
        print(rows[-1], flush=True)
    return rows


def _asked() -> Iterator[tuple[str, Filters]]:
    lemmas = Lemmas.open()
    for name, given in ASKED.items():
        yield name, parse(given, CLERK, lemmas)


def _memory() -> float:
    """What of this process lies in memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6
