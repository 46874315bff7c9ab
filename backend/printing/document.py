"""What stands on a printed document, in words, and its PDF (PDF/UA-1)."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

from backend.billing.schemas import DocumentCard, Line
from backend.consumption.schemas import MonthPair, Reading
from backend.customers.schemas import CustomerCard
from backend.quantities import account, amount, energy, long_date, month, number

KSEF_QR = "https://qr.ksef.mf.gov.pl/invoice"
"""Where a KSeF invoice is looked up: /NIP of the seller/DD-MM-YYYY/SHA-256 in base64url (Ministry of Finance)."""

KEPT = 200
"""Documents kept in memory, of some 50 kB each."""

TITLES = {"invoice": "Faktura", "correction": "Faktura korygująca", "interest_note": "Nota odsetkowa"}


@dataclass(frozen=True)
class Seller:
    """Who issues documents; an empty address or NIP is left out."""

    name: str
    address: str
    nip: str


@dataclass(frozen=True)
class Printed:
    """A document with what belongs to it. `corrected` is the amount of the document that it corrects, in grosze."""

    document: DocumentCard
    lines: list[Line]
    customer: CustomerCard
    place: str
    points: list[tuple[str, str, str]]
    """Label, address, PPE of the contract's delivery points."""
    comparison: list[MonthPair]
    corrected: int | None


class Printer:
    """One compiler for all documents: the first takes longer than the next ones, and the latest are kept.

    A document is kept under all that stands on it, so one whose data have changed is made anew.
    """

    def __init__(self, seller: Seller) -> None:
        self._seller = seller
        self._lock = threading.Lock()
        template = Path(__file__).parent / "templates" / "document.typ"
        self._made = lru_cache(KEPT)(self._compile)
        self._compiler = typst.Compiler(str(template), ignore_system_fonts=True)

    async def pdf(self, printed: Printed) -> bytes:
        return await asyncio.to_thread(self._made, json.dumps(contents(printed, self._seller), ensure_ascii=False))

    def _compile(self, document: str) -> bytes:
        words = json.loads(document)
        if words["ksef"] and words["ksef"]["address"]:
            words["ksef"]["qr"] = _qr(words["ksef"]["address"])
        inputs = {"document": json.dumps(words, ensure_ascii=False)}
        with self._lock:
            made = self._compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
        assert isinstance(made, bytes)
        return made


def contents(printed: Printed, seller: Seller) -> dict[str, Any]:
    """Every text of the document; the template only places them."""
    document = printed.document
    return {
        "title": f"{TITLES[document.kind]} nr {document.document_no}",
        "subtitle": _subtitle(printed),
        "page_word": "Strona ",
        "words": {"seller": "Sprzedawca", "buyer": "Nabywca", "lines": "Pozycje"},
        "seller": [seller.name, *filter(None, (seller.address, seller.nip and f"NIP {seller.nip}"))],
        "buyer": _buyer(printed),
        "facts": _facts(printed),
        "row_heads": ["Nazwa", "Ilość", "Odczyt od–do", "Netto", "VAT", "Brutto"],
        "rows": [_row(line) for line in printed.lines],
        "vat_heads": ["Stawka VAT", "Netto", "VAT", "Brutto"],
        "vat": _vat(printed.lines),
        "sums": _sums(printed),
        "payment": _payment(document),
        "chart": _chart(printed.comparison),
        "ksef": _ksef(document),
    }


def _subtitle(printed: Printed) -> str | None:
    document = printed.document
    if not document.corrects:
        return None
    if document.kind == "interest_note":
        return f"do faktury nr {document.corrects}"
    return f"do faktury nr {document.corrects}; zmiana kwoty o {amount(document.amount)}"


def _buyer(printed: Printed) -> list[str]:
    customer = printed.customer
    numbers = [f"NIP {customer.nip}"] if customer.nip else []
    return [customer.name, *numbers, f"Numer klienta {customer.customer_no}"]


def _facts(printed: Printed) -> list[tuple[str, str]]:
    document = printed.document
    facts = [("Data wystawienia", long_date(document.issued)), ("Termin płatności", long_date(document.due))]
    if document.period_from and document.period_to:
        facts.append(("Okres", f"{long_date(document.period_from)} – {long_date(document.period_to)}"))
    facts += [("Umowa", document.contract_no), ("Miejsce", printed.place)]
    facts += [("Punkt poboru", f"{label}, {address}, PPE {ppe}") for label, address, ppe in printed.points]
    return facts


def _row(line: Line) -> list[str]:
    readings = "–"
    if line.meter_from is not None and line.meter_to is not None:
        readings = f"{number(line.meter_from)}–{number(line.meter_to)}"
    quantity = f"{number(line.quantity)}\xa0{line.unit}"
    return [line.name, quantity, readings, amount(line.net), line.vat_rate, amount(line.net + line.vat)]


def _vat(lines: list[Line]) -> list[list[str]]:
    """One row for each rate, in the order in which they come."""
    rates = list(dict.fromkeys(line.vat_rate for line in lines))
    return [[rate, *_totals(line for line in lines if line.vat_rate == rate)] for rate in rates]


def _totals(lines: Iterable[Line]) -> list[str]:
    kept = list(lines)
    net, vat = sum(line.net for line in kept), sum(line.vat for line in kept)
    return [amount(net), amount(vat), amount(net + vat)]


def _sums(printed: Printed) -> list[tuple[str, str, bool]]:
    document = printed.document
    sums = [("Kwota dokumentu", amount(document.amount), False)]
    if printed.corrected is not None and document.kind == "correction":
        before = ("Kwota faktury przed korektą", amount(printed.corrected), False)
        sums = [before, *sums, ("Kwota po korekcie", amount(printed.corrected + document.amount), False)]
    if document.paid:
        sums.append(("Rozliczono", amount(document.paid), False))
    words = "Nadpłata" if document.left < 0 else "Do zapłaty"
    return [*sums, (words, amount(abs(document.left)), True)]


def _payment(document: DocumentCard) -> list[tuple[str, str]]:
    if document.left <= 0:
        return []
    return [("Rachunek do wpłaty", account(document.account_nrb)), ("Tytuł przelewu", document.document_no)]


def _chart(comparison: list[MonthPair]) -> dict[str, Any] | None:
    known = [pair for pair in comparison if pair.now and pair.before]
    if not known:
        return None
    top = max(reading.kwh for pair in known for reading in (pair.now, pair.before) if reading) or Decimal(1)
    rows = [[f"{month(pair.month)} {pair.month.year}", _words(pair.now), _words(pair.before)] for pair in known]
    told = "; ".join(f"{name}: {now}, rok wcześniej {before}" for name, now, before in rows)
    return {
        "title": "Zużycie w porównaniu z rokiem poprzednim",
        "alt": f"Wykres słupkowy zużycia energii. {told}.",
        "months": [
            {"name": month(pair.month), "now": _share(pair.now, top), "before": _share(pair.before, top)}
            for pair in known
        ],
        "heads": ["Miesiąc", "Zużycie", "Rok wcześniej"],
        "rows": rows,
    }


def _share(reading: Reading | None, top: Decimal) -> float | None:
    return float(reading.kwh / top) if reading else None


def _words(reading: Reading | None) -> str:
    if reading is None:
        return "–"
    return f"{energy(reading.kwh)} (szacunek)" if reading.estimated else energy(reading.kwh)


def _ksef(document: DocumentCard) -> dict[str, Any] | None:
    if not document.ksef_no:
        return None
    address = None
    if document.ksef_sha256:
        digest = base64.urlsafe_b64encode(bytes.fromhex(document.ksef_sha256)).decode().rstrip("=")
        seller_nip = document.ksef_no[:10]
        address = f"{KSEF_QR}/{seller_nip}/{document.issued:%d-%m-%Y}/{digest}"
    return {
        "words": "Numer w Krajowym Systemie e-Faktur:",
        "number": document.ksef_no,
        "address": address,
        "qr": None,
        "alt": "Kod QR do sprawdzenia faktury w KSeF",
    }


def _qr(address: str) -> str:
    buffer = io.BytesIO()
    segno.make(address, error="m").save(buffer, kind="svg", scale=4)
    return buffer.getvalue().decode()
