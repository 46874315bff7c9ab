"""`python -m bench.office_csv <postgres> [<conversations>]`: what the office's figures and their CSV cost; prints lines for docs/measurements-office.md.

`<postgres>` is the address of a server where databases may be made, like `postgresql://user@127.0.0.1:5432/postgres`.
A million conversations over two years by default, made in the database.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import sys
import time
from pathlib import Path

import asyncpg

import backend.models  # noqa: F401 - every table
from backend.database import Database
from backend.migrations import upgrade
from backend.staff import titles
from backend.staff.conversations.filters import parse
from backend.staff.conversations.lemmas import Lemmas
from backend.staff.figures import export, figures
from backend.staff.schemas import Colleague, Role

WHOLE = 1_000_000
TIMES = 3
CLERK = Colleague(1, 1, "Anna", frozenset(Role), None)
ASKED = {
    "30 days": {"od": "2026-10-27"},
    "30 days, not understood": {"od": "2026-10-27", "niezrozumiane": "tak"},
    "30 days, a frequent word": {"od": "2026-10-27", "szukaj": "faktura"},
    "all that was not understood": {"niezrozumiane": "tak"},
    "all": {},
}

SUMMARIES = """
INSERT INTO summaries (id, conversation_id, opened_at, last_activity_at, channel, team, customer_id, messages, said,
    intents, confidence, fallbacks, handover, tasks, thumbs_up, thumbs_down, milliseconds, words)
SELECT n, conversation_id, at - interval '9 minutes', at, channel, team, customer_id, 5,
    'jak sprawdzić fakturę za listopad, numer ' || n, intents, confidence, fallbacks, handover, tasks, up, down,
    100 + abs(hashint8(n * 31)) % 900,
    concat_ws(' ', 'kanal=' || channel, 'zespol=' || coalesce(team, 'brak'), 'intencja=show_documents',
        'intencja=ask_balance', 'ostatnia=' || (intents ->> -1), 'pewnosc=100',
        'niezrozumiane=' || CASE WHEN fallbacks > 0 THEN 'tak' ELSE 'nie' END,
        'przekazanie=' || coalesce(handover, 'brak'),
        'ocena=' || CASE WHEN up > 0 THEN 'up' WHEN down > 0 THEN 'down' ELSE 'brak' END, 'stan=new',
        (SELECT string_agg('slowo' || chr(97 + abs(hashint8(n * 7 + k)) % 26)
            || chr(97 + abs(hashint8(n * 13 + k)) % 26) || chr(97 + k), ' ') FROM generate_series(1, 25) k),
        'faktura sprawdzic jak listopad numer')
FROM (
    SELECT n, 'k_' || substr(md5(n::text), 1, 24) AS conversation_id,
        timestamptz '2026-11-25 20:00+00' - interval '730 days' * (1 - n / {count}.0) AS at,
        (array['web', 'web', 'web', 'web', 'web', 'web', 'web', 'whatsapp', 'messenger', 'telegram'])
            [1 + abs(hashint8(n)) % 10] AS channel,
        (array['cok', 'cok', 'cok', 'bok', NULL])[1 + abs(hashint8(n * 3)) % 5] AS team,
        CASE WHEN n % 5 < 2 THEN 1 + abs(hashint8(n * 5)) % 1000 END AS customer_id,
        json_build_array('greet', 'show_documents', 'ask_balance', 'show_documents',
            (array['thanks', 'goodbye', 'show_documents', 'ask_balance', 'nlu_fallback'])
            [1 + abs(hashint8(n * 11)) % 5]) AS intents,
        abs(hashint8(n * 17)) % 100 / 100.0 AS confidence,
        (abs(hashint8(n * 19)) % 7 = 0)::int AS fallbacks,
        CASE abs(hashint8(n * 23)) % 20 WHEN 0 THEN 'offered' WHEN 1 THEN 'taken' WHEN 2 THEN 'returned' END AS handover,
        CASE abs(hashint8(n * 29)) % 4
            WHEN 0 THEN '{{"show_documents": {{"outcome": "done", "step": null}}}}'
            WHEN 1 THEN '{{"new_ticket": {{"outcome": "given_up", "step": "text"}}}}'
            ELSE '{{}}' END::json AS tasks,
        (abs(hashint8(n * 37)) % 20 = 0)::int AS up, (abs(hashint8(n * 37)) % 33 = 1)::int AS down
    FROM generate_series(1, {count}) n
) made
"""


async def main(server: str, count: int) -> None:
    os.environ["MOJBOK_TEST_POSTGRES"] = server
    from tests.support import postgres

    url = await asyncio.to_thread(postgres.new_database)
    database = Database(url)
    try:
        await upgrade(database)
        await fill(url, count)
        await measure(database)
    finally:
        await database.close()
        await asyncio.to_thread(postgres.drop_database, url)


async def fill(url: str, count: int) -> None:
    """The index of words is made afterwards, which is quicker."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        made = await connection.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_summaries_words'")
        await connection.execute("SET session_replication_role = replica; DROP INDEX ix_summaries_words")
        await connection.execute(SUMMARIES.format(count=count))
        await connection.execute(made)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def measure(database: Database) -> None:
    lemmas = Lemmas.open()
    titles.intents()
    print("| figures of | conversations | ms |\n|---|---|---|")
    for name, given in ASKED.items():
        filters = parse(given, CLERK, lemmas)
        taken = []
        for _ in range(TIMES):
            started = time.perf_counter()
            async with database.read() as session:
                found = await figures.read(session, filters)
            taken.append(time.perf_counter() - started)
        print(f"| {name} | {found.whole.conversations} | {statistics.median(taken) * 1000:.0f} |", flush=True)
    print("\n| CSV of | rows | rows a second | MB | memory before / after / peak, MB |\n|---|---|---|---|---|")
    for name, given in ASKED.items():
        before, peak, rows, size = _memory(), 0, 0, 0
        started = time.perf_counter()
        async with database.read() as session:
            async for lines in export.of_conversations(session, parse(given, CLERK, lemmas), numbers=True):
                rows, size, peak = rows + lines.count("\r\n"), size + len(lines.encode()), max(peak, _memory())
        taken_ = time.perf_counter() - started
        after = _memory()
        print(
            f"| {name} | {rows - 1} | {rows / taken_:.0f} | {size / 1e6:.0f} | {before} / {after} / {peak} |",
            flush=True,
        )


def _memory() -> int:
    """What of this process lies in memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1_000_000


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else WHOLE))
