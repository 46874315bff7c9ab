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
        colour, plain = (f"\x1b[{self._colour[name]}m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
        with suppress(OSError):  # a closed terminal stops nothing
            print(f"{colour}{prefix}{plain}{text}", flush=True)
        with suppress(OSError):  # nor does a full disk
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

    def stop(self) -> None:
        self._stopping.set()

    async def run(self, when_started: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Until it is told to stop, by SIGINT, SIGTERM or `stop`; every process has ended when it returns."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop)
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
            end = await self._live(program)
            pause = FIRST_PAUSE if time.monotonic() - started > STEADY else pause
            self.say(f"{program.name} {end}; it starts again in {pause:.1f} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _live(self, program: Program) -> str:
        """One life of a program, from its start to its end; returns the words for its end."""
        try:
            process = await self._start(program)
        except OSError as error:
            return f"cannot be started ({error})"
        async with asyncio.TaskGroup() as group:
            group.create_task(self._copy_output(program.name, process))
            status = await _exit(process)
            _signal_group(process, signal.SIGKILL)  # what it left behind may hold its output open
        return f"ended with status {status}"

    async def _start(self, program: Program) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *program.command,
            cwd=self._folder,
            env={**os.environ, **program.environment, "PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
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
            await asyncio.wait_for(_exit(process), GRACE)
        _signal_group(process, signal.SIGKILL)
        await _exit(process)


async def _exit(process: asyncio.subprocess.Process) -> int:
    """The exit status, as soon as there is one: before Python 3.12.4 `wait` stays until the output is closed, too."""
    while process.returncode is None:  # noqa: ASYNC110 - asyncio tells of it in no other way
        await asyncio.sleep(0.05)
    return process.returncode


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def die_with_parent() -> None:
    """For a new process before its program: Linux ends it when the thread that made it dies, however it dies."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
