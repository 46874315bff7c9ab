"""The made-up conversations of office_data.py put into a database, on both kinds."""

from __future__ import annotations

import itertools

import asyncpg
from sqlalchemy import insert, text

import backend.models  # noqa: F401 - every table
from backend.database import Database
from backend.staff.conversations.models import Summary
from bench.office_data import LAST_DAY, SPAN, Conversations, as_json

CHUNK = 10_000

COLUMNS = [column.name for column in Summary.__table__.columns]

TALK = """
INSERT INTO conversations (id, token_digest, channel, opened_at, last_activity_at, last_seq, changes, summarised)
SELECT conversation_id, '', channel, opened_at, last_activity_at, 15, 1, 1 FROM summaries
"""
EVENTS = """
INSERT INTO events (conversation_id, seq, type, at, in_reply_to, body)
SELECT conversation_id, n, CASE n % 3 WHEN 0 THEN 'answered' ELSE 'message' END, last_activity_at,
    CASE n % 3 WHEN 1 THEN NULL ELSE n - (n + 2) % 3 END,
    CAST(CASE n % 3 WHEN 1 THEN {said} WHEN 2 THEN '{{"from": "bot", "text": "Faktury są w mojBOK, w zakładce Faktury."}}'
        ELSE '{{}}' END AS {json})
FROM summaries, {numbers}
"""
RECORDS = """
INSERT INTO turn_records (conversation_id, seq, intents, actions, fallback, attempts, milliseconds)
SELECT conversation_id, n, CAST('[{{"name": "show_documents", "confidence": 0.91}}]' AS {json}),
    CAST('[{{"action": "action_show_documents", "result": "done", "ms": 12}}]' AS {json}), {no}, 1, 140
FROM summaries, {numbers} WHERE n % 3 = 1
"""
POSTGRES = {
    "no": "false",
    "json": "json",
    "numbers": "generate_series(1, 15) AS n",
    "said": "json_build_object('from', 'customer', 'text', said)::text",
}
SQLITE = {
    "no": "0",
    "json": "text",
    "numbers": "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 15) SELECT n FROM c)",
    "said": "json_object('from', 'customer', 'text', said)",
}


# Each goes to other days of its own year, so that no two alike stand together, and an old topic stays old.
AGAIN = """
CREATE TEMP TABLE made AS TABLE summaries;
TRUNCATE summaries;
INSERT INTO summaries ({columns})
SELECT {values} FROM made, generate_series(0, {times} - 1) AS n,
    LATERAL (SELECT least(extract(epoch FROM last_activity_at) - {start}, 2 * {year} - 1) AS since) AS a,
    LATERAL (SELECT to_timestamp({start} + since - since % {year} + (since + n * ({year} / {times} + 61)) % {year}) AS at) AS b,
    LATERAL (SELECT timezone('Europe/Warsaw', at) AS local) AS c,
    LATERAL (SELECT CAST(12 * extract(year FROM local) + extract(month FROM local) - 1 AS int) AS month) AS d
ORDER BY at
"""
CHANGED = {
    "id": "row_number() OVER (ORDER BY at)",
    "conversation_id": "'k_' || left(md5(conversation_id || n), 24)",
    "opened_at": "at - (last_activity_at - opened_at)",
    "last_activity_at": "at",
    "day": "CAST(local AS date)",
    "words": (
        "format('okres=%s_12 okres=%s_1', month - month % 12, month)"
        " || regexp_replace(words, '^okres=[0-9]+_12 okres=[0-9]+_1', '')"
    ),
}
ABOUT = """
INSERT INTO reviews SELECT conversation_id, word, 1, last_activity_at
FROM summaries, unnest(string_to_array(words, ' ')) AS words(whole), substr(whole, 6) AS word
WHERE whole IN ('stan=reviewed', 'stan=flagged');
INSERT INTO conversation_tags SELECT conversation_id, convert_from(decode(substr(whole, 5), 'hex'), 'UTF8')
FROM summaries, unnest(string_to_array(words, ' ')) AS words(whole) WHERE whole LIKE 'tag=%'
"""


async def fill_postgres(database: Database, made: int, times: int) -> None:
    """Each that is made is there so many times. Indexes and constraints are left out meanwhile."""
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET maintenance_work_mem = '512MB'; SET session_replication_role = replica")
        made_again = await _without_indexes(connection, "summaries", "events", "turn_records")
        rows = Conversations(made).rows()
        while chunk := [as_json(row) for row in itertools.islice(rows, CHUNK)]:
            records = [[row[name] for name in COLUMNS] for row in chunk]
            await connection.copy_records_to_table("summaries", records=records, columns=COLUMNS)
        for statement in (_again(times), ABOUT, TALK, EVENTS, RECORDS):
            await connection.execute(statement.format(**POSTGRES))
        for statement in made_again:
            await connection.execute(statement)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _again(times: int) -> str:
    values = ", ".join(CHANGED.get(name, name) for name in COLUMNS)
    start, year = (LAST_DAY - SPAN).timestamp(), SPAN.total_seconds() / 2
    return AGAIN.format(columns=", ".join(COLUMNS), values=values, times=times, start=int(start), year=int(year))


async def _without_indexes(connection: asyncpg.Connection, *tables: str) -> list[str]:
    """Drops them; the statements that make them again."""
    again = []
    constraints = (
        "SELECT conrelid::regclass AS place, conname AS name, pg_get_constraintdef(oid) AS made FROM pg_constraint"
        " WHERE conrelid = ANY($1::regclass[]) AND contype IN ('p', 'u', 'f') ORDER BY contype = 'f'"
    )
    for place, name, made in await connection.fetch(constraints, tables):
        await connection.execute(f"ALTER TABLE {place} DROP CONSTRAINT {name}")
        again.append(f"ALTER TABLE {place} ADD CONSTRAINT {name} {made}")
    indexes = "SELECT indexname AS name, indexdef AS made FROM pg_indexes WHERE tablename = ANY($1)"
    for name, made in await connection.fetch(indexes, tables):
        await connection.execute(f"DROP INDEX {name}")
        again.append(made)
    return again


async def fill_sqlite(database: Database, count: int) -> None:
    rows = Conversations(count).rows()
    while chunk := list(itertools.islice(rows, CHUNK)):
        async with database.write() as session:
            await session.execute(text("PRAGMA defer_foreign_keys = ON"))
            values = [{name: row[name] for name in COLUMNS} for row in chunk]
            await session.execute(insert(Summary), values)
            await session.execute(text(f"{TALK.format(**SQLITE)} WHERE id > (SELECT count(*) FROM conversations)"))
    async with database.write() as session:
        for statement in (EVENTS, RECORDS, "ANALYZE"):
            await session.execute(text(statement.format(**SQLITE)))
