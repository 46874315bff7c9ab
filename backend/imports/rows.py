"""One model for each file of an import folder: types, checks, and which table a row becomes (docs/data-formats.md)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from stdnum import ean, iban
from stdnum.pl import nip, pesel

_KSEF = re.compile(r"\d{10}-\d{8}-[0-9A-F]{12}-([0-9A-F]{2})")


def _checked(fits: Any, reason: str) -> AfterValidator:
    def check(value: str) -> str:
        if not fits(value):
            raise ValueError(reason)
        return value

    return AfterValidator(check)


def is_ppe(code: str) -> bool:
    """18 digits beginning with 590, the last a GS1 mod 10 check digit."""
    return bool(re.fullmatch(r"590\d{15}", code)) and ean.calc_check_digit(code[:-1]) == code[-1]


def is_ksef_no(number: str) -> bool:
    """NIP-YYYYMMDD-12 hex-2 hex, the last two a CRC-8 (polynomial 0x07) of the first 32 characters."""
    match = _KSEF.fullmatch(number)
    return bool(match) and f"{_crc8(number[:32].encode()):02X}" == number[-2:]


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1) ^ 0x07 if crc & 0x80 else crc << 1
        crc &= 0xFF
    return crc


def _yes_or_no(value: Any) -> Any:
    return {"yes": True, "no": False}.get(value, value)


def _date(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("is no date like 2026-11-05")
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,15}", value):
        raise ValueError("is no whole number of grosze")
    return value


Text = Annotated[str, Field(min_length=1)]
Date = Annotated[dt.date, BeforeValidator(_date)]
Grosze = Annotated[int, BeforeValidator(_whole)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Energy = Annotated[Decimal, Field(max_digits=15, decimal_places=3)]
Email = Annotated[str, _checked(re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch, "is no e-mail address")]
Phone = Annotated[str, _checked(re.compile(r"\+48\d{9}|\d{9}").fullmatch, "is no phone number like +48… or 9 digits")]
Pesel = Annotated[str, _checked(pesel.is_valid, "is no valid PESEL")]
Nip = Annotated[str, _checked(nip.is_valid, "is no valid NIP")]
Nrb = Annotated[str, _checked(lambda value: iban.is_valid(f"PL{value}"), "is no valid account number (26 digits)")]
Ppe = Annotated[str, _checked(is_ppe, "is no valid PPE code")]
KsefNo = Annotated[str, _checked(is_ksef_no, "is no valid KSeF number")]
Sha256 = Annotated[str, _checked(re.compile(r"[0-9A-Fa-f]{64}").fullmatch, "is no SHA-256 in hex")]
Month = Annotated[str, _checked(re.compile(r"\d{4}-(?:0[1-9]|1[0-2])").fullmatch, "is no month like 2026-11")]


class Row(BaseModel):
    """A row of a CSV file. `key` names it within its file; `refers` are columns that name a row of another file."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    key: ClassVar[tuple[str, ...]]
    unique: ClassVar[tuple[str, ...]] = ()
    refers: ClassVar[dict[str, str]] = {}


class CustomerRow(Row):
    key = ("customer_no",)
    unique = ("pesel", "nip", "login")

    customer_no: Text
    kind: Literal["individual", "business"]
    name: Text
    pesel: Pesel | None = None
    nip: Nip | None = None
    email: Email
    phone: Phone | None = None
    login: str | None = None
    active: YesNo
    consent_email: YesNo
    consent_phone: YesNo


class ContractRow(Row):
    key = ("contract_no",)
    refers = {"customer_no": "customers"}

    contract_no: Text
    customer_no: Text
    status: Literal["active", "ended", "unsigned"]
    begins: Date | None = Field(None, alias="from")
    ends: Date | None = Field(None, alias="to")
    place: Text
    tariff: Text


class DeliveryPointRow(Row):
    key = ("ppe",)
    refers = {"contract_no": "contracts"}

    ppe: Ppe
    contract_no: Text
    label: Text
    address: Text
    meter_no: str | None = None
    tariff: Text


class DocumentRow(Row):
    key = ("document_no",)
    refers = {"customer_no": "customers", "contract_no": "contracts"}

    document_no: Text
    customer_no: Text
    contract_no: Text
    kind: Literal["invoice", "correction", "interest_note"]
    issued: Date
    due: Date
    amount_grosze: Grosze
    paid_grosze: Grosze
    period_from: Date | None = None
    period_to: Date | None = None
    account_nrb: Nrb
    ksef_no: KsefNo | None = None
    ksef_sha256: Sha256 | None = None
    corrects: str | None = None


class DocumentLineRow(Row):
    key = ("document_no", "position")
    refers = {"document_no": "documents"}

    document_no: Text
    name: Text
    quantity: Energy
    unit: Text
    net_grosze: Grosze
    vat_rate: Text
    vat_grosze: Grosze
    meter_from: Energy | None = None
    meter_to: Energy | None = None


class PaymentRow(Row):
    key = ("payment_no",)
    refers = {"customer_no": "customers", "document_no": "documents"}

    payment_no: Text
    customer_no: Text
    document_no: str | None = None
    received: Date
    amount_grosze: Grosze


class ConsumptionRow(Row):
    key = ("ppe", "month")
    refers = {"ppe": "delivery_points"}

    ppe: Ppe
    month: Month
    kwh: Energy
    kind: Literal["measured", "estimated"]


class TicketRow(Row):
    key = ("ticket_no",)
    refers = {"customer_no": "customers"}

    ticket_no: Text
    customer_no: Text
    kind: Literal["query", "complaint", "documents", "service", "access"]
    status: Literal["new", "in_progress", "waiting_for_customer", "closed"]
    opened: Date
    subject: Text
    text: Text


FILES: dict[str, type[Row]] = {
    "customers": CustomerRow,
    "contracts": ContractRow,
    "delivery_points": DeliveryPointRow,
    "documents": DocumentRow,
    "document_lines": DocumentLineRow,
    "payments": PaymentRow,
    "consumption": ConsumptionRow,
    "tickets": TicketRow,
}
"""In an order in which every row comes after the ones it refers to."""
