"""All checks and tests of both environments, with one summary at the end."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from backend.training import rasa_environment
from tests.support import postgres

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(sys.executable).parent
BOT = ROOT / "bot" / ".venv" / "bin"

CHECKS = {
    "ruff check": [HERE / "ruff", "check", "."],
    "ruff format": [HERE / "ruff", "format", "--check", "-q", "."],
    "mypy": [HERE / "mypy", "backend", "bot/actions", "bot/placeholders.py"],
    "imports": [HERE / "lint-imports"],
    "rasa data validate": [BOT / "rasa", "data", "validate", "--fail-on-warnings", "--data", "bot/data"],
}
PYTEST = [HERE / "python", "-m", "pytest", "-q", "--durations=10"]
TESTS: dict[str, list[Path | str]] = {
    "tests of the bot's environment": [BOT / "python", "-m", "pytest", "-q", "--noconftest", "tests/bot"],
    "tests": [*PYTEST, "tests", "--ignore=tests/bot"],
}
ON_POSTGRES: list[Path | str] = [*PYTEST, "tests/e2e", "tests/dialogue", "tests/security", "tests/system/test_erase.py"]


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: Count) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def main() -> int:
    total = Count()
    for name, command in CHECKS.items():
        total.add(_check(name, command))
    if "--lint" not in sys.argv[1:]:
        total.add(_check("model", [HERE / "mojbok", "train"], quiet=False, profile="development"))
        for name, command in TESTS.items():
            total.add(_test(name, command))
        if postgres.SERVER:
            total.add(_test("whole systems on PostgreSQL", ON_POSTGRES, {"MOJBOK_TEST_SYSTEM": "postgresql"}))
        else:
            print("\nNOT TESTED on PostgreSQL: MOJBOK_TEST_POSTGRES names no server", flush=True)
    print(f"\n{total}", flush=True)
    return 1 if total.failed else 0


def _check(name: str, command: list[Path | str], *, quiet: bool = True, profile: str = "production") -> Count:
    """One linter or preparation; its output is shown when it fails."""
    started = time.monotonic()
    environment = rasa_environment() | {"MOJBOK_PROFILE": profile}
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, text=True, check=False
    )
    failed = done.returncode != 0
    print(f"{'FAILED' if failed else 'ok':<7} {name} ({time.monotonic() - started:.0f} s)", flush=True)
    if failed and done.stdout:
        print(done.stdout, flush=True)
    return Count(failed=1) if failed else Count(passed=1)


def _test(name: str, command: list[Path | str], more: dict[str, str] | None = None) -> Count:
    print(f"\n{name}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        environment = rasa_environment() | (more or {})
        done = subprocess.run([*command, f"--junitxml={report}"], cwd=ROOT, env=environment, check=False)
        count = _read(report)
    if done.returncode != 0 and not count.failed:
        count.failed = 1  # the run itself broke, or found no test
    return count


def _read(report: Path) -> Count:
    if not report.exists():
        return Count()
    suites = ET.parse(report).getroot().iter("testsuite")
    count = Count()
    for suite in suites:
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        count.add(Count(int(suite.get("tests", 0)) - bad - skipped, bad, skipped))
    return count


if __name__ == "__main__":
    sys.exit(main())
