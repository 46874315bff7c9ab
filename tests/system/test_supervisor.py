"""The supervisor when things around its processes go wrong."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from backend.supervisor import Program, Supervisor

LEAVES_A_CHILD_BEHIND = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid, flush=True)
sys.exit(7)
"""


@pytest.fixture
def log(tmp_path: Path) -> Callable[[], str]:
    return (tmp_path / "run.log").read_text


async def supervise_until(folder: Path, command: list[str], condition: Callable[[], bool]) -> None:
    supervisor = Supervisor([Program("program", command)], folder / "run.log", folder / "pids.json", folder)
    running = asyncio.create_task(supervisor.run())
    try:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - a file is watched
                await asyncio.sleep(0.05)
    finally:
        supervisor.stop()
        await asyncio.wait_for(running, 5)


async def test_a_process_that_leaves_a_child_behind_is_started_again_without_it(
    tmp_path: Path, log: Callable[[], str]
) -> None:
    command = [sys.executable, "-c", LEAVES_A_CHILD_BEHIND]
    await supervise_until(tmp_path, command, lambda: log().count("ended with status 7") > 1)
    children = [int(line.split()[-1]) for line in log().splitlines() if "│ child" in line]
    assert len(children) > 1
    assert not any(alive(child) for child in children)


async def test_a_program_that_cannot_be_started_is_said_and_tried_again(tmp_path: Path, log: Callable[[], str]) -> None:
    await supervise_until(tmp_path, [str(tmp_path / "absent")], lambda: log().count("cannot be started") > 1)


async def test_a_closed_terminal_does_not_stop_the_log(
    tmp_path: Path, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with suppress(BrokenPipeError), os.fdopen(writer, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        command = [sys.executable, "-c", "print('one'); print('two'); import time; time.sleep(600)"]
        await supervise_until(tmp_path, command, lambda: "two" in log())
        monkeypatch.undo()
    assert "Stopping" in log()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False
