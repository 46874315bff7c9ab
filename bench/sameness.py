"""`python -m bench.sameness`: whether an answer's time tells if somebody is known; writes docs/measurements-sameness.md.

200 tries of each kind over HTTP, known and unknown by turns, no value so often that a limit is met.
"""

from __future__ import annotations

import csv
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from backend.settings import ROOT
from tests.support.system import System, start
from tests.support.visitor import Visitor

TRIES = 200
REPORT = ROOT / "docs" / "measurements-sameness.md"

Form = dict[str, str]


def registration(person: Form, number: int) -> Form:
    return {"numer": person["pesel"], "klient": person["customer_no"], "email": person["email"], "regulamin": "tak"}


KINDS: dict[str, tuple[str, Callable[[Form, int], Form]]] = {
    "register": ("/rejestracja", registration),
    "remind the login": ("/nie-pamietam-loginu", lambda person, number: {"email": person["email"]}),
    "reset the password": ("/nie-pamietam-hasla", lambda person, number: {"login": person["pesel"]}),
    "sign in": ("/logowanie", lambda person, number: {"login": person["pesel"], "haslo": f"złe hasło {number}"}),
}


def known_people(system: System) -> list[Form]:
    with (system.data_dir / "demo" / "customers.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["pesel"]]


def unknown_twin(person: Form) -> Form:
    """The same lengths, and nobody."""
    return {
        "pesel": person["pesel"][::-1],
        "customer_no": person["customer_no"][:1] + "9" + person["customer_no"][2:],
        "email": "q" + person["email"][1:],
    }


def measure(system: System, path: str, form: Callable[[Form, int], Form]) -> tuple[list[float], list[float]]:
    """Milliseconds for known and for unknown people."""
    visitor, people = Visitor(system.url), known_people(system)
    known: list[float] = []
    unknown: list[float] = []
    for number in range(TRIES):
        person = people[(number // 2) % len(people)]
        taken, who = (unknown, unknown_twin(person)) if number % 2 else (known, person)
        started = time.perf_counter()
        visitor.post(path, data=form(who, number), allow_redirects=False)
        taken.append((time.perf_counter() - started) * 1000)
    return known, unknown


def main() -> None:
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        system = start(Path(folder))
        try:
            for name, (path, form) in KINDS.items():
                known, unknown = measure(system, path, form)
                medians = statistics.median(known), statistics.median(unknown)
                spread = statistics.stdev(known), statistics.stdev(unknown)
                ratio = medians[1] / medians[0]
                lines.append(
                    f"| {name} | {medians[0]:.1f} ± {spread[0]:.1f} | {medians[1]:.1f} ± {spread[1]:.1f} | {ratio:.2f} |"
                )
        finally:
            system.stop()
    report = REPORT_TEXT.format(date=time.strftime("%Y-%m-%d"), tries=TRIES, lines="\n".join(lines))
    REPORT.write_text(report, encoding="utf-8")
    print(report)


REPORT_TEXT = """# Does the time tell who is known?

Written by `python -m bench.sameness` ({date}). {tries} tries of each kind over HTTP, known and unknown people by turns; median ± standard deviation in
milliseconds.

| | known | unknown | ratio of medians |
|---|---|---|---|
{lines}
"""

if __name__ == "__main__":
    main()
