"""`make bench`: our assistant and a stock Rasa server side by side, in one run; writes docs/measurements.md."""

from __future__ import annotations

import asyncio
import os
import platform
import tempfile
import time
from pathlib import Path

from backend.settings import ROOT
from bench import stock
from bench.turns import Open, Times, at_once, long_conversation, over_chat_api, over_rest
from bench.understanding import seconds_to_train
from tests.support.system import start

CONVERSATIONS = (1, 10, 50)
QUESTIONS_EACH = {1: 60, 10: 12, 50: 6}
REPORT = ROOT / "docs" / "measurements.md"


def main() -> None:
    print("The stock server's model (several minutes, once for each state of the data) …", flush=True)
    folder = stock.project()
    print("Training ours …", flush=True)
    training = seconds_to_train()
    lines = _report(folder, training, _measure_both(folder))
    REPORT.write_text(lines, encoding="utf-8")
    print(lines)


def _measure_both(folder: Path) -> dict[str, tuple[str, str]]:
    rows: dict[str, tuple[str, str]] = {}
    with tempfile.TemporaryDirectory() as data:
        started = time.monotonic()
        system = start(Path(data))
        ready = time.monotonic() - started
        memory = sum(_memory(pid) for pid in [system.process.pid, *system.pids().values()])
        ours_measured = _measure(over_chat_api(system.url))
        system.stop()
    server, stock_ready = stock.start(folder)
    try:
        stock_memory = _memory(server.pid)
        stock_measured = _measure(over_rest(f"http://127.0.0.1:{stock.PORT}"))
    finally:
        server.terminate()
        server.wait(30)
    rows["seconds to ready"] = (f"{ready:.0f}", f"{stock_ready:.0f}")
    rows["memory of all processes when ready, MB"] = (f"{memory:.0f}", f"{stock_memory:.0f}")
    for name, measured in ours_measured.items():
        rows[name] = (measured, stock_measured[name])
    return rows


def _measure(open_: Open) -> dict[str, str]:
    measured = {}
    asyncio.run(at_once(open_, 2, 6))
    for conversations in CONVERSATIONS:
        times = asyncio.run(at_once(open_, conversations, QUESTIONS_EACH[conversations]))
        measured[f"{conversations} conversations at once, p50 / p95 ms"] = _words(times)
    early, late = asyncio.run(long_conversation(open_))
    measured["turn 3, turn 300 of one conversation, ms (ratio)"] = f"{early:.0f}, {late:.0f} ({late / early:.2f})"
    return measured


def _words(times: Times) -> str:
    return f"{times.p50:.0f} / {times.p95:.0f}"


def _memory(pid: int) -> float:
    """Resident megabytes of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0


def _report(folder: Path, training: float, rows: dict[str, tuple[str, str]]) -> str:
    table = [("seconds to train", (f"{training:.0f}", f"{stock.seconds_to_train(folder):.0f}")), *rows.items()]
    body = "\n".join(f"| {name} | {mine} | {theirs} |" for name, (mine, theirs) in table)
    return f"""# Measurements

Written by `make bench` ({time.strftime("%Y-%m-%d")}, {os.cpu_count()} cores, Python {platform.python_version()}). Both learned from the same {stock.examples()} examples. Both servers are measured in the same run, one after
the other; the client runs on the same machine. Timings on shared machines are noisy: read them as ratios.

**Ours** is the whole system: a question goes through the chat API, is on disk before it is acknowledged, passes vault, Rasa and the backend's database, and is
read by long poll until `answered`. **Stock** is a Rasa server with the pipeline and policies that `rasa init` writes, trained on the same `bot/data` and asked over its
REST channel, which keeps conversations in memory.

**Aims:** a p95 no worse than the stock server's, and a turn 300 that costs at most 1.2 times turn 3. Most of our time is spent in the backend's process, in SQLAlchemy and the hops to
SQLite's threads: a turn is some twenty statements (inbox, dialogue, events, what was understood) in two commits to disk, where the stock server keeps nothing.

| | ours | stock |
|---|---|---|
{body}
"""


if __name__ == "__main__":
    main()
