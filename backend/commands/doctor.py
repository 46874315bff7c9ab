"""`mojbok doctor`: what the system needs, checked one by one."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import typer

from backend.database import Database
from backend.migrations import upgrade
from backend.run import LEAST_DISK, port_is_free
from backend.settings import ROOT, Settings
from backend.training import RASA, model_path

Finding = tuple[bool, str]
"""Whether it is well, and what was found or what to do."""


async def examine(settings: Settings) -> bool:
    """Prints a line for each check; True if all is well."""
    checks: list[tuple[str, Callable[[Settings], Awaitable[Finding]]]] = [
        ("Python", _python),
        ("Rasa's environment", _rasa),
        ("Model", _model),
        ("Disk", _disk),
        ("Database", _database),
        ("System", _system),
    ]
    well = True
    for name, check in checks:
        good, words = await check(settings)
        well &= good
        typer.echo(f"{'ok ' if good else 'BAD'}  {name:<20} {words}")
    return well


async def _python(_settings: Settings) -> Finding:
    return sys.version_info >= (3, 11), sys.version.split()[0]


async def _rasa(_settings: Settings) -> Finding:
    python = ROOT / "bot" / ".venv" / "bin" / "python"
    if not RASA.exists():
        return False, "is not there: run `make run`"
    process = await asyncio.create_subprocess_exec(python, "--version", stdout=subprocess.PIPE)
    version = (await process.communicate())[0].decode().strip()
    return version.startswith("Python 3.10"), version or "cannot be started: remove bot/.venv and run `make run`"


async def _model(_settings: Settings) -> Finding:
    path = model_path()
    return path.exists(), path.name if path.exists() else "is missing or out of date: run `mojbok train`"


async def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir if settings.data_dir.exists() else Path(ROOT)
    free = shutil.disk_usage(folder).free
    return free > LEAST_DISK, f"{free / 1e9:.0f} GB free"


async def _database(settings: Settings) -> Finding:
    database = Database(settings.database_url)
    try:
        await upgrade(database)
    except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
        return False, f"cannot be reached ({type(error).__name__}): see MOJBOK_DATABASE_URL"
    finally:
        await database.close()
    return True, "reachable"


async def _system(settings: Settings) -> Finding:
    ports = [settings.port, settings.internal_port, settings.actions_port, settings.rasa_port]
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
            parts = (await http.get(f"http://127.0.0.1:{settings.port}/healthz")).json()
    except (httpx.HTTPError, ValueError):
        taken = [str(port) for port in ports if not port_is_free(port)]
        return (
            not taken,
            f"ports taken by something else: {', '.join(taken)}" if taken else "not running, ports are free",
        )
    return all(state == "ready" for state in parts.values()), f"running: {parts}"
