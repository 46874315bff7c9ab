"""`mojbok models` and `mojbok rollback`: which models there are, and which one is live."""

from __future__ import annotations

import datetime as dt

import typer

from backend.clock import WARSAW
from backend.training import live_model, model_path, models, roll_back


def list_models() -> None:
    live, present = live_model(), model_path()
    for path in models():
        trained = dt.datetime.fromtimestamp(path.stat().st_mtime, WARSAW)
        notes = [note for note, true in (("live", path == live), ("present data", path == present)) if true]
        typer.echo(f"{path.name}  {trained:%Y-%m-%d %H:%M}  {', '.join(notes)}".rstrip())


def go_back(name: str | None) -> None:
    """Raises NoSuchModel."""
    typer.echo(f"{roll_back(name).name} is live. A running system takes it at its next start.")
