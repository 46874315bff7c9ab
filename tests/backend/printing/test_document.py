"""Printed documents: what stands on them, that anybody can read them, and that data never become layout."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from backend.billing.schemas import DocumentCard, Line
from backend.consumption.schemas import MonthPair, Reading
from backend.customers.schemas import CustomerCard
from backend.printing.document import Printed, Printer, Seller, contents

PRINTER = Printer(Seller("Źródło Sp. z o.o.", "ul. Lipowa 1, 00-901 Kłodno", "0000000000"))
DOCUMENT = DocumentCard(
    document_no="FV/2026/09/000001",
    contract_no="U/K0000102/1",
    kind="invoice",
    issued=dt.date(2026, 10, 5),
    due=dt.date(2026, 10, 19),
    period_from=dt.date(2026, 8, 1),
    period_to=dt.date(2026, 9, 30),
    amount=123_456,
    paid=23_456,
    state="overdue",
    account_nrb="61109010140000071219812874",
    ksef_no=None,
    ksef_sha256=None,
    corrects=None,
)
CUSTOMER = CustomerCard(
    id=1,
    customer_no="K0000102",
    kind="individual",
    name="Kazimierz Jeż",
    pesel="84810112344",
    nip=None,
    email="kazimierz.jez@poczta.example",
    phone=None,
    login="kjez",
    active=True,
    consent_email=False,
    consent_phone=False,
)
LINES = [
    Line("Energia czynna", Decimal("194.333"), "kWh", 18_851, "23%", 4_336, Decimal(1200), Decimal("1394.333")),
    Line("Opłata handlowa", Decimal(1), "mies.", 1_000, "8%", 80, None, None),
]
COMPARISON = [
    MonthPair(dt.date(2026, 8, 1), Reading(Decimal(180), False), Reading(Decimal("150.2"), True), False),
    MonthPair(dt.date(2026, 9, 1), Reading(Decimal(170), False), None, False),
]


def printed(**changes: Any) -> Printed:
    document = dataclasses.replace(DOCUMENT, **{n: v for n, v in changes.items() if hasattr(DOCUMENT, n)})
    rest = {name: value for name, value in changes.items() if not hasattr(DOCUMENT, name)}
    whole = Printed(
        document=document,
        lines=LINES,
        customer=CUSTOMER,
        place="ul. Źródlana 7, 00-902 Brzeziny Małe",
        points=[("Dom", "ul. Źródlana 7", "590000000000000017")],
        comparison=COMPARISON,
        corrected=None,
    )
    return dataclasses.replace(whole, **rest)


def pdf(one: Printed) -> PdfReader:
    return PdfReader(io.BytesIO(asyncio.run(PRINTER.pdf(one))))


def text(one: Printed) -> str:
    """What can be read, blanks made plain."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf(one).pages))


def test_it_says_what_an_invoice_says() -> None:
    words = text(printed())
    for expected in (
        "Faktura nr FV/2026/09/000001",
        "Źródło Sp. z o.o.",
        "Kazimierz Jeż",
        "5 października 2026",
        "1 sierpnia 2026 – 30 września 2026",
        "590000000000000017",
        "1 234,56 zł",
        "1 000,00 zł",
        "61 1090 1014 0000 0712 1981 2874",
        "194,333 kWh",
        "231,87 zł",
    ):
        assert expected in words
    assert "84810112344" not in words


def test_a_document_is_made_once_and_anew_when_its_data_change() -> None:
    first, again = (asyncio.run(PRINTER.pdf(printed(place="Zalesie"))) for _ in range(2))
    assert again is first
    assert "Zalesie Dolne" in text(printed(place="Zalesie Dolne"))


def test_anybody_can_read_it() -> None:
    reader = pdf(printed())
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("pl")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Faktura nr FV/2026/09/000001"


@pytest.mark.parametrize("hostile", ['#panic("x")', "$ 1/0 $", "*a* _b_ `c`", "\\u{41} \"' <x>", "#" * 200, "Ż" * 200])
def test_data_never_become_layout(hostile: str) -> None:
    customer = dataclasses.replace(CUSTOMER, name=hostile)
    words = text(printed(customer=customer, document_no=hostile[:60], place=hostile))
    assert re.sub(r"\s", "", hostile) in re.sub(r"\s", "", words)


def test_vat_is_summed_by_rate() -> None:
    assert contents(printed(), PRINTER._seller)["vat"] == [
        ["23%", "188,51\xa0zł", "43,36\xa0zł", "231,87\xa0zł"],
        ["8%", "10,00\xa0zł", "0,80\xa0zł", "10,80\xa0zł"],
    ]


def test_without_lines_nothing_is_derived() -> None:
    words = text(printed(lines=[]))
    assert "Stawka VAT" not in words
    assert "1 234,56 zł" in words


def test_a_paid_one_asks_for_no_transfer() -> None:
    words = text(printed(paid=123_456))
    assert "Do zapłaty 0,00 zł" in words
    assert "Rachunek do wpłaty" not in words


def test_a_correction_says_what_it_corrects_and_by_how_much() -> None:
    words = text(printed(kind="correction", amount=-1_500, paid=-1_500, corrects="FV/1", corrected=123_456))
    assert "Faktura korygująca nr" in words
    assert "do faktury nr FV/1; zmiana kwoty o -15,00 zł" in words
    assert "Kwota po korekcie 1 219,56 zł" in words


def test_an_interest_note_says_to_which_invoice_it_belongs() -> None:
    assert "do faktury nr FV/1" in text(printed(kind="interest_note", corrects="FV/1"))


def test_the_comparison_leaves_out_months_without_a_base() -> None:
    chart = contents(printed(), PRINTER._seller)["chart"]
    assert chart["rows"] == [["sierpień 2026", "180\xa0kWh", "150,2\xa0kWh (szacunek)"]]
    assert "sierpień 2026: 180\xa0kWh, rok wcześniej 150,2\xa0kWh" in chart["alt"]
    assert contents(printed(comparison=[]), PRINTER._seller)["chart"] is None


def test_the_ksef_number_is_printed_and_its_code_where_the_digest_is_known() -> None:
    number = "5265877635-20261005-0100001AF629-AF"
    assert number in text(printed(ksef_no=number))
    assert contents(printed(ksef_no=number), PRINTER._seller)["ksef"]["address"] is None
    with_code = pdf(printed(ksef_no=number, ksef_sha256="ab" * 32))
    assert len(with_code.pages[0].get_contents().get_data()) > len(pdf(printed()).pages[0].get_contents().get_data())
