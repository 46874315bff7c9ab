"""A folder of plausible made-up customers, ready to be imported; the same for the same seed and time."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from backend.imports import demo_people as people
from backend.imports.demo_people import Person
from backend.imports.rows import FILES

FIRST_MONTH = (2024, 9)
PRICE_GROSZE = 97
"""Net price of a kWh; made up."""

SEASON = (1.35, 1.25, 1.15, 1.0, 0.85, 0.75, 0.7, 0.75, 0.85, 1.0, 1.15, 1.3)
"""How much of an average month each month takes, January first."""

VAT_PERCENT = 23
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class ShowcaseCustomer:
    """A customer for trying things out. `left` is what the newest documents leave open: days until due → grosze."""

    customer_no: str
    kind: str
    name: str
    email: str
    login: str | None
    note: str
    left: tuple[tuple[int, int], ...] = ()
    active: bool = True


def showcase() -> list[ShowcaseCustomer]:
    """The first customers of every folder, whatever the seed; the shared address belongs to two of them."""
    return [
        ShowcaseCustomer(
            "K0000101", "individual", "Helena Mróz", "helena.mroz@poczta.example", "hmroz", "ma do zapłaty 1 234,56 zł",
            ((10, 123_456),),
        ),
        ShowcaseCustomer(
            "K0000102", "individual", "Kazimierz Jeż", "kazimierz.jez@poczta.example", "kjez",
            "ma 312,09 zł po terminie i 187,40 zł do zapłaty", ((-20, 31_209), (12, 18_740)),
        ),
        ShowcaseCustomer(
            "K0000103", "individual", "Łucja Wrona", "lucja.wrona@poczta.example", "lwrona", "ma nadpłatę 57,05 zł",
            ((8, -5_705),),
        ),
        ShowcaseCustomer(
            "K0000104", "individual", "Bogdan Śliwa", "bogdan.sliwa@poczta.example", "bsliwa", "saldo równe zeru",
        ),
        ShowcaseCustomer(
            "F0000105", "business", "Tartak „Żytnia” Sp. z o.o.", "biuro@tartak.example", "tartak",
            "firma, ma do zapłaty 12 345,67 zł", ((14, 1_234_567),),
        ),
        ShowcaseCustomer(
            "K0000106", "individual", "Irena Głąb", "wspolny@poczta.example", "iglab",
            "jeden adres z firmą, 99,99 zł do zapłaty", ((5, 9_999),),
        ),
        ShowcaseCustomer(
            "F0000107", "business", "Kwiaciarnia „Polna” Sp. z o.o.", "wspolny@poczta.example", "kwiaciarnia",
            "jeden adres z osobą, nadpłata 10,00 zł", ((5, -1_000),),
        ),
        ShowcaseCustomer(
            "K0000108", "individual", "Jan Pająk", "jan.pajak@poczta.example", None, "loginem jest PESEL",
            ((3, 25_000),),
        ),
        ShowcaseCustomer(
            "K0000109", "individual", "Celina Ćwik", "celina.cwik@poczta.example", None, "bez konta w portalu",
            ((9, 4_321),), active=False,
        ),
    ]  # fmt: skip


def write_demo(folder: Path, customers: int, seed: int, as_of: dt.datetime) -> None:
    """Writes one CSV file for each kind and `as_of.txt` (aware) into `folder`, made if need be."""
    rows: Rows = defaultdict(list)
    for number, shown in enumerate(showcase()[:customers]):
        _add_customer(rows, Random(f"showcase-{number}"), number, as_of.date(), shown)
    for number in range(len(showcase()), customers):
        _add_customer(rows, Random(f"{seed}-{number}"), number, as_of.date(), None)
    folder.mkdir(parents=True, exist_ok=True)
    for kind, model in FILES.items():
        header = [field.alias or name for name, field in model.model_fields.items()]
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows[kind])
    (folder / "as_of.txt").write_text(as_of.isoformat(timespec="seconds") + "\n", encoding="utf-8")


def _add_customer(rows: Rows, random: Random, number: int, today: dt.date, shown: ShowcaseCustomer | None) -> None:
    business = shown.kind == "business" if shown else random.random() < 0.2
    who = people.firm(random, number) if business else people.person(random, number)
    customer_no = shown.customer_no if shown else f"{'F' if business else 'K'}{1000 + number:07d}"
    rows["customers"].append(_customer(random, number, customer_no, who, shown))
    contract_no = f"U/{customer_no}/1"
    tariff = random.choice(("C11", "C12a")) if business else random.choice(("G11", "G12", "G12w"))
    contract = {
        "contract_no": contract_no,
        "customer_no": customer_no,
        "place": people.address(random),
        "tariff": tariff,
    }
    rows["contracts"].append(contract | {"status": "active", "from": "2024-09-01"})
    if random.random() < 0.1:
        rows["contracts"].append(contract | {"contract_no": f"U/{customer_no}/2", "status": "unsigned"})
    if random.random() < 0.1:
        ended = {"contract_no": f"U/{customer_no}/0", "status": "ended", "from": "2022-01-01", "to": "2024-12-31"}
        rows["contracts"].append(contract | ended)
    usage = _add_points(rows, random, number, contract_no, tariff, today, business=business)
    _add_documents(rows, random, number, customer_no, contract_no, who, usage, today)
    for index, (days, left) in enumerate(shown.left if shown else _left(random)):
        _add_open_document(rows, number, index, customer_no, contract_no, today + dt.timedelta(days=days), left)
    if random.random() < 0.2:
        rows["tickets"].append(_ticket(customer_no, today))


def _customer(
    random: Random, number: int, customer_no: str, who: Person, shown: ShowcaseCustomer | None
) -> dict[str, Any]:
    login = f"klient{number}" if random.random() < 0.6 else ""
    return {
        "customer_no": customer_no,
        "kind": who.kind,
        "name": shown.name if shown else who.name,
        "pesel": who.pesel,
        "nip": who.nip,
        "email": shown.email if shown else who.mailbox,
        "phone": f"+48500000{number % 1000:03d}",
        "login": (shown.login or "") if shown else login,
        "active": _yes(shown.active if shown else random.random() < 0.9),
        "consent_email": _yes(random.random() < 0.8),
        "consent_phone": _yes(random.random() < 0.5),
    }


def _add_points(
    rows: Rows, random: Random, number: int, contract_no: str, tariff: str, today: dt.date, *, business: bool
) -> dict[str, int]:
    """Adds delivery points with their months; returns watt-hours by month, all points together."""
    total: dict[str, int] = defaultdict(int)
    for index in range(random.choice((1, 1, 1, 2, 3, 4))):
        code = people.ppe(number * 10 + index)
        label = ("Dom", "Działka", "Garaż", "Mieszkanie")[index] if not business else f"Obiekt {index + 1}"
        point = {"ppe": code, "contract_no": contract_no, "label": label, "address": people.address(random)}
        rows["delivery_points"].append(point | {"meter_no": f"{90000000 + number * 10 + index}", "tariff": tariff})
        average = random.randint(1_200_000, 9_000_000) if business else random.randint(90_000, 350_000)
        for year, month in _months(today):
            watt_hours = int(average * SEASON[month - 1] * random.uniform(0.9, 1.1))
            total[f"{year}-{month:02d}"] += watt_hours
            kind = "estimated" if random.random() < 0.1 else "measured"
            kwh = f"{watt_hours // 1000}.{watt_hours % 1000:03d}"
            rows["consumption"].append({"ppe": code, "month": f"{year}-{month:02d}", "kwh": kwh, "kind": kind})
    return total


def _add_documents(
    rows: Rows,
    random: Random,
    number: int,
    customer_no: str,
    contract_no: str,
    who: Person,
    usage: dict[str, int],
    today: dt.date,
) -> None:
    """A paid invoice for each month that has ended; now and then a correction or an interest note, settled."""
    for year, month in list(_months(today))[:-1]:
        begins = dt.date(year, month, 1)
        ends = _next_month(begins) - dt.timedelta(days=1)
        issued = ends + dt.timedelta(days=5)
        if issued > today - dt.timedelta(days=30):
            continue
        watt_hours = usage[f"{year}-{month:02d}"]
        net = watt_hours * PRICE_GROSZE // 1000
        vat = (net * VAT_PERCENT + 50) // 100
        document_no = f"FV/{year}/{month:02d}/{number:06d}"
        document = _document(customer_no, contract_no, number, document_no, "invoice", issued, net + vat)
        document |= {"period_from": begins.isoformat(), "period_to": ends.isoformat(), "paid_grosze": net + vat}
        rows["documents"].append(document)
        quantity = f"{watt_hours // 1000}.{watt_hours % 1000:03d}"
        rows["document_lines"].append(
            {"document_no": document_no, "name": "Energia czynna", "quantity": quantity, "unit": "kWh"}
            | {"net_grosze": net, "vat_rate": f"{VAT_PERCENT}%", "vat_grosze": vat}
        )
        paid = issued + dt.timedelta(days=random.randint(3, 14))
        payment = {"payment_no": f"W{number:06d}{year}{month:02d}", "customer_no": customer_no}
        rows["payments"].append(
            payment | {"document_no": document_no, "received": paid.isoformat(), "amount_grosze": net + vat}
        )
        if random.random() < 0.03:
            extra = _document(customer_no, contract_no, number, f"KOR/{document_no}", "correction", issued, -1500)
            rows["documents"].append(extra | {"paid_grosze": -1500, "corrects": document_no})
        if random.random() < 0.03:
            extra = _document(customer_no, contract_no, number, f"NO/{document_no}", "interest_note", issued, 317)
            rows["documents"].append(extra | {"paid_grosze": 317})


def _add_open_document(
    rows: Rows, number: int, index: int, customer_no: str, contract_no: str, due: dt.date, left: int
) -> None:
    issued = due - dt.timedelta(days=14)
    document_no = f"FV/{issued.year}/{issued.month:02d}/{number:06d}/{index + 1}"
    amount = max(left, 0) + 10_000
    document = _document(customer_no, contract_no, number, document_no, "invoice", issued, amount)
    rows["documents"].append(document | {"due": due.isoformat(), "paid_grosze": amount - left})


def _document(
    customer_no: str, contract_no: str, number: int, document_no: str, kind: str, issued: dt.date, amount: int
) -> dict[str, Any]:
    return {
        "document_no": document_no,
        "customer_no": customer_no,
        "contract_no": contract_no,
        "kind": kind,
        "issued": issued.isoformat(),
        "due": (issued + dt.timedelta(days=14)).isoformat(),
        "amount_grosze": amount,
        "account_nrb": people.account(number),
    }


def _left(random: Random) -> tuple[tuple[int, int], ...]:
    chance = random.random()
    if chance < 0.2:
        return ((-random.randint(3, 40), random.randint(1_000, 40_000)), (10, random.randint(5_000, 60_000)))
    if chance < 0.8:
        return ((random.randint(1, 14), random.randint(5_000, 60_000)),)
    return ((random.randint(1, 14), -random.randint(100, 20_000)),) if chance < 0.9 else ()


def _ticket(customer_no: str, today: dt.date) -> dict[str, Any]:
    return {
        "ticket_no": f"Z/{customer_no}/1",
        "customer_no": customer_no,
        "kind": "query",
        "status": "closed",
        "opened": (today - dt.timedelta(days=60)).isoformat(),
        "subject": "Pytanie o fakturę",
        "text": "Proszę o wyjaśnienie pozycji na fakturze.",
    }


def _months(today: dt.date) -> Iterator[tuple[int, int]]:
    """From September 2024 to the month of `today`."""
    year, month = FIRST_MONTH
    while (year, month) <= (today.year, today.month):
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _next_month(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
