"""Several processes as one: a log with a prefix for each, a dead one started again, all of them gone at the end."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COLOURS = (36, 33, 35, 32, 34)
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
STEADY = 30.0
"""Seconds of life after which a process counts as sound again."""

GRACE = 3.0
"""Seconds between asking a process to end and ending it."""

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Log:
    """Lines for people on the terminal, and the same without colour in a file."""

    def __init__(self, path: Path, names: list[str]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", buffering=1)
        self._width = max(map(len, names))
        self._colour = {name: COLOURS[index % len(COLOURS)] for index, name in enumerate(names)}

    def line(self, name: str, text: str) -> None:
        prefix = f"{name:<{self._width}} │ "
        if sys.stdout.isatty():
            print(f"\x1b[{self._colour[name]}m{prefix}\x1b[0m{text}", flush=True)
        else:
            print(f"{prefix}{text}", flush=True)
        self._file.write(f"{prefix}{text}\n")


class Supervisor:
    """Runs programs until it is told to stop. `pids_file` tells others which process is which."""

    NAME = "mojbok"

    def __init__(self, programs: list[Program], log_file: Path, pids_file: Path, folder: Path) -> None:
        self._programs, self._pids_file, self._folder = programs, pids_file, folder
        self._log = Log(log_file, [self.NAME, *(program.name for program in programs)])
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()

    def say(self, text: str) -> None:
        self._log.line(self.NAME, text)

    async def run(self, when_started: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Until SIGINT or SIGTERM; every process has ended when it returns."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._stopping.set)
        keepers = [asyncio.create_task(self._keep(program)) for program in self._programs]
        if when_started:
            keepers.append(asyncio.create_task(when_started()))
        await self._stopping.wait()
        self.say("Stopping …")
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        await asyncio.gather(*(self._end(process) for process in self._processes.values()))
        self._pids_file.unlink(missing_ok=True)

    async def _keep(self, program: Program) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            started = time.monotonic()
            process = await self._start(program)
            await self._copy_output(program.name, process)
            status = await process.wait()
            _signal_group(process, signal.SIGKILL)  # what it may have left behind
            pause = FIRST_PAUSE if time.monotonic() - started > STEADY else pause
            self.say(f"{program.name} ended with status {status}; it starts again in {pause:.1f} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _start(self, program: Program) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *program.command,
            cwd=self._folder,
            env={**os.environ, **program.environment, "PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
            limit=2**20,
        )
        self._processes[program.name] = process
        self._pids_file.write_text(json.dumps({name: running.pid for name, running in self._processes.items()}))
        return process

    async def _copy_output(self, name: str, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:
                continue  # a line beyond all measure is left out
            if not line:
                return
            self._log.line(name, line.decode(errors="replace").rstrip())

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        _signal_group(process, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE)
        _signal_group(process, signal.SIGKILL)
        await process.wait()


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _die_with_parent() -> None:
    """Asks Linux to end this process when the supervisor dies, however it dies."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
