"""`mojbok run`: what must be there is checked and made, then the three processes run under one supervisor."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import socket
import sys
import time
from pathlib import Path

import httpx
import yaml
from sqlalchemy import func, select

import backend.models  # noqa: F401 - every table is known before any is made
from backend.clock import WARSAW
from backend.customers.erasure import erased_digests
from backend.customers.models import Customer
from backend.database import Database
from backend.dictionary import make_dictionary
from backend.imports.demo import showcase, write_demo
from backend.imports.service import import_folder
from backend.migrations import upgrade
from backend.settings import ROOT, Settings
from backend.supervisor import Program, Supervisor
from backend.training import RASA, model_to_run, rasa_environment

DEMO_CUSTOMERS, DEMO_SEED = 60, 1
LEAST_DISK = 1_000_000_000


class CannotRun(Exception):
    """One sentence that says what to do."""


async def run(settings: Settings) -> None:
    """Runs the whole system until it is stopped. Raises CannotRun."""
    _check(settings)
    model = await asyncio.to_thread(model_to_run, print)
    await asyncio.to_thread(make_dictionary, print)
    if settings.development:
        await load_demo(settings)
    endpoints = _write_endpoints(settings)
    programs = _programs(settings, model, endpoints)
    supervisor = Supervisor(programs, settings.log_file, settings.data_dir / "pids.json", ROOT)
    started = time.monotonic()

    async def tell_when_ready() -> None:
        await _until_ready(settings)
        supervisor.say(f"Ready after {time.monotonic() - started:.0f} s: {settings.base_url}/")

    if settings.development:
        print(_banner(settings))
    await supervisor.run(tell_when_ready)


def _check(settings: Settings) -> None:
    if not RASA.exists():
        raise CannotRun("Rasa's environment is not there: run `make run`, or `make bot/.venv/.ready`.")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.data_dir).free < LEAST_DISK:
        raise CannotRun(f"The disk under {settings.data_dir} is almost full: make at least 1 GB of room.")
    for name in ("port", "internal_port", "actions_port", "rasa_port"):
        port = getattr(settings, name)
        if not port_is_free(port):
            raise CannotRun(f"Port {port} is taken: stop what uses it, or set MOJBOK_{name.upper()} to another one.")


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def load_demo(settings: Settings) -> None:
    """Made-up customers for a database that has none."""
    database = Database(settings.database_url)
    try:
        await upgrade(database)
        async with database.read() as session:
            if await session.scalar(select(func.count()).select_from(Customer)):
                return
        folder = settings.data_dir / "demo"
        as_of = dt.datetime.now(WARSAW).replace(hour=6, minute=0, second=0, microsecond=0)
        write_demo(folder, DEMO_CUSTOMERS, DEMO_SEED, as_of)
        print(f"Loading {DEMO_CUSTOMERS} made-up customers …")
        digest = erased_digests(settings)
        await import_folder(database, folder, skip_bad=False, progress=lambda _line: None, erased_digest=digest)
    finally:
        await database.close()


def _write_endpoints(settings: Settings) -> Path:
    """`endpoints.yml` with this run's ports: Rasa takes no default for a missing variable."""
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text())
    endpoints["action_endpoint"]["url"] = f"{settings.actions_url}/webhook"
    path = settings.data_dir / "endpoints.yml"
    path.write_text(yaml.safe_dump(endpoints))
    return path


def _programs(settings: Settings, model: Path, endpoints: Path) -> list[Program]:
    shared = {
        "MOJBOK_PROFILE": settings.profile.value,
        "MOJBOK_DATA_DIR": str(settings.data_dir),
        "MOJBOK_INTERNAL_URL": settings.internal_url,
        "MOJBOK_INTERNAL_SECRET": settings.internal_secret.get_secret_value(),
        "MOJBOK_ACTIONS_PORT": str(settings.actions_port),
    }
    rasa = [
        str(RASA.with_name("python")),
        "-m",
        "bot.quietly",
        "rasa",
        "run",
        "--model",
        str(model),
        "--endpoints",
        str(endpoints),
        "--credentials",
        "credentials.yml",
    ]
    rasa += ["--interface", "127.0.0.1", "--port", str(settings.rasa_port)]
    return [
        Program("backend", [sys.executable, "-m", "backend.app"], shared),
        Program("actions", [sys.executable, "-m", "bot.actions.server"], shared),
        Program("rasa", rasa, rasa_environment() | shared),
    ]


async def _until_ready(settings: Settings) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        while True:
            try:
                if (await http.get(f"http://127.0.0.1:{settings.port}/healthz")).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.3)


def _banner(settings: Settings) -> str:
    people = "\n".join(f"    {person.email:<34} {person.login or '-':<12} {person.note}" for person in showcase())
    return f"""
  mojBOK assistant, development profile

  Portal    {settings.base_url}/     (set a password by „Nie pamiętasz hasła?”)
  Mailbox   {settings.base_url}/dev/mailbox     (codes arrive here)
  Terminal  .venv/bin/mojbok chat

  Made-up customers (e-mail, login, what is special):
{people}

  The assistant answers once Rasa is up, in about 20 seconds. Ctrl-C stops everything.
"""
