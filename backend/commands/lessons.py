"""`mojbok lessons`: what was taught at the office's console, for the training data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from backend.clock import WARSAW
from backend.commands.opened import opened
from backend.settings import Settings
from backend.staff.acts import Acts
from backend.staff.schemas import Did
from backend.staff.teaching import examples, export
from backend.staff.teaching.schemas import Purpose


async def export_lessons(settings: Settings, purpose: Purpose, out: Path, since: dt.datetime | None) -> None:
    """Writes Rasa's YAML. Raises OSError."""
    start = since.replace(tzinfo=WARSAW) if since else None
    async with opened(settings) as (database, clock), database.write() as session:
        collected = await export.collect(session, purpose, start, examples.known())
        Acts(clock).record(session, Did.LESSONS_EXPORTED, None, f"mojbok lessons export --purpose {purpose}")
    out.write_text(export.as_yaml(collected, purpose), encoding="utf-8")
    count = sum(map(len, collected.sentences.values()))
    typer.echo(f"{count} sentences of {len(collected.sentences)} intents in {out}")
    if collected.contradictions:
        typer.echo(f"{len(collected.contradictions)} contradict the data and were left out: see the head of the file.")
