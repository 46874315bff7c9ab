"""`mojbok erase`: nothing of a person is left in any table, file or tracker but what the accounts must keep."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import requests

from backend.secrecy import Cipher
from tests.support.system import ROOT, Customer, System, start

CUSTOMER, EMAIL = "K0000102", "kazimierz.jez@poczta.example"
FULL_TEXT = "summary_words"
"""SQLite's index and the tables behind it, which have bytes of their own."""

MOJBOK = str(Path(sys.executable).with_name("mojbok"))


@pytest.fixture
def own(tmp_path: Path) -> Iterator[System]:
    """A system of its own, because what is erased is gone."""
    system = start(tmp_path)
    yield system
    system.stop()


def mojbok(system: System, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "MOJBOK_PROFILE": "development",
        "MOJBOK_DATA_DIR": str(system.data_dir),
        "MOJBOK_DATABASE_URL": system.database_url,
    }
    return subprocess.run([MOJBOK, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def rows(system: System, kind: str) -> list[dict[str, str]]:
    with (system.data_dir / "demo" / f"{kind}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def values_of(system: System, customer_no: str) -> set[str]:
    """Everything that names the person, or what is the person's alone."""
    customer = next(row for row in rows(system, "customers") if row["customer_no"] == customer_no)
    contracts = [row for row in rows(system, "contracts") if row["customer_no"] == customer_no]
    numbers = {row["contract_no"] for row in contracts}
    points = [row for row in rows(system, "delivery_points") if row["contract_no"] in numbers]
    documents = [row for row in rows(system, "documents") if row["customer_no"] == customer_no]
    found = {customer[name] for name in ("customer_no", "name", "pesel", "nip", "email", "phone", "login")} | numbers
    found |= {row["ppe"] for row in points} | {row["meter_no"] for row in points}
    return (found | {row["account_nrb"] for row in documents}) - {""}


def everything(system: System) -> dict[str, bytes]:
    """Every table opened, what is encrypted decrypted, and every file of ours as it lies on the disk."""
    secrets = json.loads((system.data_dir / "secrets.json").read_text())
    cipher = Cipher(secrets["vault_keys"])
    found: dict[str, bytes] = {}
    for table, rows in system.tables().items():
        opened = _as_it_lies if table.startswith(FULL_TEXT) else partial(_opened, cipher)
        found[f"table {table}"] = "\n".join(opened(value) for row in rows for value in row).encode()
    for path in system.data_dir.rglob("*"):
        if path.is_file() and "demo" not in path.parts:
            found[f"file {path.name}"] = path.read_bytes()
    return found


def _opened(cipher: Cipher, value: object) -> str:
    """Bytes are what is encrypted, and nothing else."""
    if isinstance(value, bytes):
        return cipher.decrypt_bytes(value).decode("utf-8", "replace")
    return str(value)


def _as_it_lies(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def where(found: dict[str, bytes], values: set[str]) -> dict[str, set[str]]:
    return {
        value: places
        for value in values
        if (places := {place for place, content in found.items() if value.encode() in content})
    }


def use_everything(system: System) -> None:
    """Leaves traces of the customer wherever there may be any."""
    talked = system.identified(EMAIL)
    talked.say(f"mój mail to {EMAIL}, co wiecie o zużyciu?")
    stranger = system.customer()
    pesel = next(row["pesel"] for row in rows(system, "customers") if row["customer_no"] == CUSTOMER)
    stranger.say(f"mój pesel {pesel}")
    write_tickets(system, talked)
    browser = system.signed_in(EMAIL)
    form = {"rodzaj": "query", "temat": "Pytanie", "tresc-zgloszenia": f"Proszę pisać na {EMAIL}"}
    files = {"plik": ("Jez.pdf", b"%PDF-1.7 Kazimierz", "application/pdf")}
    assert browser.post("/zgloszenia/nowe", data=form, files=files).status_code == 200
    system.browser().post("/nie-pamietam-hasla", data={"login": "kjez"})
    system.browser().post("/nie-pamietam-loginu", data={"email": EMAIL})


def write_tickets(system: System, talked: Customer) -> None:
    """A ticket with a file and a call, as a known customer; a ticket and a waiting file as a stranger."""
    talked.say("chcę wysłać dokumenty do biura")
    attach(talked, b"%PDF-1.7 Kazimierz")
    for words in (f"proszę pisać na {EMAIL}", "gotowe", "tak", "oddzwońcie jutro rano na 501 000 102"):
        talked.say(words)
    unknown = system.customer()
    for words in ("chcę złożyć reklamację", EMAIL, "prywatnie", "za wysoki rachunek za prąd", "gotowe", "tak"):
        unknown.say(words)
    attach(unknown, b"%PDF-1.7 waits")
    effects = requests.get(f"{system.url}/dev/effects", timeout=10).json()
    assert [len(effects[kind]) for kind in ("tickets", "callbacks", "documents")] == [2, 1, 1]


def attach(customer: Customer, content: bytes) -> None:
    answer = customer.http.post(
        f"{customer.place}/attachments",
        data={"client_id": str(uuid.uuid4())},
        files={"file": ("Jez.pdf", content)},
        timeout=10,
    )
    customer.read_until_answered(answer.json()["seq"])


def test_a_person_is_erased_everywhere_and_stays_out(own: System) -> None:
    use_everything(own)
    values = values_of(own, CUSTOMER)
    assert len(values) >= 8
    before = where(everything(own), values)
    assert {EMAIL, "kjez", CUSTOMER} <= before.keys()

    done = mojbok(own, "erase", "--customer", CUSTOMER)
    assert done.returncode == 0, done.stderr
    assert "is erased" in done.stdout
    assert where(everything(own), values) == {}

    tables = own.tables()
    assert tables["callbacks"] == tables["ticket_files"] == []
    (nobody,) = [row for row in tables["customers"] if str(row[1]).startswith("usunięty-")]
    assert "(dane usunięte)" in nobody
    assert len([row for row in tables["documents"] if row[1] == nobody[0]]) > 10
    assert [row[3] for row in tables["security_events"] if row[2] == "erased"] == [nobody[0]]

    again = mojbok(own, "import", str(own.data_dir / "demo"))
    assert again.returncode == 0, again.stderr
    assert "because the person was erased" in again.stdout
    assert where(everything(own), values) == {}
    assert "There is no customer" in mojbok(own, "erase", "--customer", CUSTOMER).stderr


def test_who_is_under_legal_hold_is_not_erased_and_the_reason_is_told(own: System) -> None:
    assert mojbok(own, "hold", "--customer", CUSTOMER, "--reason", "sprawa sądowa").returncode == 0
    refused = mojbok(own, "erase", "--customer", CUSTOMER)
    assert refused.returncode == 1
    assert "sprawa sądowa" in refused.stderr
    assert own.signed_in(EMAIL).get("/pulpit").status_code == 200
    assert mojbok(own, "hold", "--customer", CUSTOMER, "--release").returncode == 0
    assert mojbok(own, "erase", "--customer", CUSTOMER).returncode == 0
