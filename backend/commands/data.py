"""`mojbok import`."""

from __future__ import annotations

from pathlib import Path

import typer

from backend.commands.opened import opened
from backend.customers.erasure import erased_digests
from backend.imports.service import BadData, import_folder
from backend.settings import Settings

MOST_ROWS_SHOWN = 20


class ImportRefused(Exception):
    """Nothing was imported; the message says why, row by row."""


async def import_data(settings: Settings, folder: Path, *, skip_bad: bool) -> None:
    try:
        async with opened(settings) as (database, _):
            report = await import_folder(
                database, folder, skip_bad=skip_bad, progress=typer.echo, erased_digest=erased_digests(settings)
            )
    except BadData as error:
        shown = "\n".join(f"  {row}" for row in error.bad.first[:MOST_ROWS_SHOWN])
        more = error.bad.count - MOST_ROWS_SHOWN
        rest = f"\n  … and {more} more" if more > 0 else ""
        raise ImportRefused(f"{error}\n{shown}{rest}".rstrip()) from None
    for row in report.bad.first[:MOST_ROWS_SHOWN]:
        typer.echo(f"  left out: {row}", err=True)
    typer.echo(str(report))
