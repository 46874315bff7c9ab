"""How long a conversation of 2,000 turns takes to open in the office's console: reading, and making the page.

    python -m bench.transcript [postgresql+asyncpg://user@host/empty_database]

Without an address it is an SQLite file. Wall time counts; processor time tells how much of it was waiting for others.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time

import backend.models  # noqa: F401 - the tables refer to one another
from backend.database import Database
from backend.migrations import upgrade
from backend.staff.conversations import transcript
from backend.staff.conversations.transcript import Page
from backend.staff.pages import _TEMPLATES
from tests.support.talks import ID, talk

TURNS, TIMES = 2000, 40
PAGES = {"the end": transcript.END, "the beginning": Page(after=0), "a message in the middle": transcript.around(3001)}
LINES = (
    "{% import 'transcript_parts.html' as parts %}{% call(line) parts.lines(found, '/x', '/x/wartosc') %}{% endcall %}"
)


async def main(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    async with database.write() as session:
        await talk(session, TURNS)
    template = _TEMPLATES.from_string(LINES)
    for name, page in PAGES.items():
        wall, processor = [], []
        for _ in range(TIMES):
            began, worked = time.perf_counter(), time.process_time()
            async with database.read() as session:
                found = await transcript.read(session, ID, page)
            template.render(found=found)
            wall.append(1000 * (time.perf_counter() - began))
            processor.append(1000 * (time.process_time() - worked))
        wall, processor = sorted(wall[5:]), sorted(processor[5:])
        middle, late = len(wall) // 2, len(wall) * 95 // 100
        print(f"{name:<24} p50 {wall[middle]:5.1f} ms  p95 {wall[late]:5.1f} ms  processor {processor[middle]:5.1f} ms")
    await database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else f"sqlite+aiosqlite:///{folder}/bench.sqlite"))
