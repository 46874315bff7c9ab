"""`mojbok run` and its supervisor as a person at the terminal meets them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.supervisor import Program, Supervisor
from tests.support.system import ROOT, System

MOJBOK = str(Path(sys.executable).with_name("mojbok"))
SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
PARENT = """
import asyncio, sys
from pathlib import Path
from backend.supervisor import Program, Supervisor
folder = Path(sys.argv[1])
program = Program("sleeper", [sys.executable, "-c", sys.argv[2]])
asyncio.run(Supervisor([program], folder / "run.log", folder / "pids.json", folder).run())
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def supervise(folder: Path, script: str) -> tuple[subprocess.Popen[bytes], Callable[[], int]]:
    command = [sys.executable, "-c", PARENT, str(folder), script]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    wait_for(lambda: (folder / "run.log").exists() and "up" in (folder / "run.log").read_text())
    return process, lambda: int(json.loads((folder / "pids.json").read_text())["sleeper"])


def test_a_process_that_dies_is_started_again_and_the_log_says_so(tmp_path: Path) -> None:
    process, pid = supervise(tmp_path, SLEEPER)
    first = pid()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: pid() != first and alive(pid()))
    assert "sleeper ended with status -9" in (tmp_path / "run.log").read_text()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=5) == 0


@pytest.mark.parametrize("script", [SLEEPER, STUBBORN])
def test_ctrl_c_leaves_nothing_behind_within_five_seconds(tmp_path: Path, script: str) -> None:
    process, pid = supervise(tmp_path, script)
    child = pid()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=5) == 0
    assert not alive(child)


def test_killing_the_supervisor_leaves_nothing_behind(tmp_path: Path) -> None:
    process, pid = supervise(tmp_path, SLEEPER)
    child = pid()
    process.kill()
    process.wait()
    wait_for(lambda: not alive(child), 5)


def mojbok(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MOJBOK, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def test_a_taken_port_is_named_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = {"MOJBOK_PROFILE": "development", "MOJBOK_DATA_DIR": str(tmp_path), "MOJBOK_PORT": str(port)}
        words = one_sentence(mojbok("run", **environment))
    assert f"Port {port} is taken" in words
    assert "MOJBOK_PORT" in words


def test_production_without_secrets_says_which_are_missing(tmp_path: Path) -> None:
    words = one_sentence(mojbok("run", MOJBOK_PROFILE="production", MOJBOK_DATA_DIR=str(tmp_path)))
    assert "MOJBOK_VAULT_KEYS" in words


def test_development_refuses_to_listen_beyond_this_machine(tmp_path: Path) -> None:
    environment = {"MOJBOK_PROFILE": "development", "MOJBOK_HOST": "0.0.0.0", "MOJBOK_DATA_DIR": str(tmp_path)}
    assert "127.0.0.1" in one_sentence(mojbok("run", **environment))


def test_a_bad_row_is_told_with_file_line_column_and_reason(tmp_path: Path) -> None:
    data = {"MOJBOK_PROFILE": "development", "MOJBOK_DATA_DIR": str(tmp_path / "var")}
    assert mojbok("demo", str(tmp_path / "in"), "--customers", "10").returncode == 0
    path = tmp_path / "in" / "customers.csv"
    path.write_text(path.read_text().replace("helena.mroz@", "helena.mroz", 1))
    refused = mojbok("import", str(tmp_path / "in"), **data)
    assert refused.returncode == 1
    assert "customers.csv, line 2, column email: is no e-mail address" in refused.stderr
    skipped = mojbok("import", str(tmp_path / "in"), "--skip-bad", **data)
    assert skipped.returncode == 0
    assert "left out" in skipped.stderr


def test_help_names_every_command() -> None:
    words = mojbok("--help").stdout
    assert all(command in words for command in ("run", "train", "import", "demo", "chat", "log", "doctor"))


def test_chat_in_the_terminal_can_be_scripted(system: System) -> None:
    done = subprocess.run(
        [MOJBOK, "chat", "--url", system.url],
        input="jak założyć konto?\nile mam do zapłaty\n1\n/koniec\n",
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "automatyczny asystent" in done.stdout
    assert "Zarejestruj się" in done.stdout
    assert "1. Anuluj" in done.stdout
    assert "zostawiamy to" in done.stdout


def test_chat_without_a_server_says_what_to_do() -> None:
    done = mojbok("chat", "--url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "make run" in done.stderr


def test_the_log_lists_conversations_and_prints_one_masked(system: System) -> None:
    customer = system.customer()
    customer.say("ile mam do zapłaty?")
    customer.say("helena.mroz@poczta.example")
    environment = {"MOJBOK_PROFILE": "development", "MOJBOK_DATA_DIR": str(system.data_dir)}
    listed = mojbok("log", **environment).stdout
    assert customer.id in listed
    printed = mojbok("log", customer.id, **environment).stdout
    assert "[e-mail]" in printed
    assert "helena.mroz" not in printed
    assert "ask_balance" in printed
    assert "identity_form=done" in printed
    assert one_sentence(mojbok("log", "k_nie_ma", **environment))


def test_the_system_logs_with_a_prefix_for_each_process(system: System) -> None:
    prefixes = {line.split("│")[0].strip() for line in system.log().splitlines() if "│" in line}
    assert {"mojbok", "backend", "rasa"} <= prefixes


def test_the_supervisor_stops_when_it_is_told_while_starting(tmp_path: Path) -> None:
    program = Program("broken", [sys.executable, "-c", "raise SystemExit(3)"])
    supervisor = Supervisor([program], tmp_path / "run.log", tmp_path / "pids.json", tmp_path)

    async def run_a_moment() -> None:
        task = asyncio.create_task(supervisor.run())
        await asyncio.sleep(1.2)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 5)

    asyncio.run(run_a_moment())
    assert "broken ended with status 3" in (tmp_path / "run.log").read_text()
