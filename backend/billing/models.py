from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime
from backend.quantities import KilowattHours


class Document(Base):
    """An invoice, a correction (negative when it gives back) or an interest note. Amounts are grosze."""

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_customer", "customer_id", "issued", "document_no"),)

    document_no: Mapped[str] = mapped_column(String(60), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    contract_no: Mapped[str] = mapped_column(ForeignKey("contracts.contract_no"), index=True)
    kind: Mapped[str] = mapped_column(String(15))
    issued: Mapped[dt.date]
    due: Mapped[dt.date]
    amount_grosze: Mapped[int] = mapped_column(BigInteger)
    paid_grosze: Mapped[int] = mapped_column(BigInteger)
    period_from: Mapped[dt.date | None]
    period_to: Mapped[dt.date | None]
    account_nrb: Mapped[str] = mapped_column(String(26))
    ksef_no: Mapped[str | None] = mapped_column(String(35))
    ksef_sha256: Mapped[str | None] = mapped_column(String(64))
    corrects: Mapped[str | None] = mapped_column(String(60))
    row_digest: Mapped[str] = mapped_column(String(64))


class DocumentLine(Base):
    """A line of a document, in the order of the file."""

    __tablename__ = "document_lines"

    document_no: Mapped[str] = mapped_column(ForeignKey("documents.document_no"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[Decimal] = mapped_column(KilowattHours)
    unit: Mapped[str] = mapped_column(String(20))
    net_grosze: Mapped[int] = mapped_column(BigInteger)
    vat_rate: Mapped[str] = mapped_column(String(5))
    vat_grosze: Mapped[int] = mapped_column(BigInteger)
    meter_from: Mapped[Decimal | None] = mapped_column(KilowattHours)
    meter_to: Mapped[Decimal | None] = mapped_column(KilowattHours)
    row_digest: Mapped[str] = mapped_column(String(64))


class Payment(Base):
    __tablename__ = "payments"
    __table_args__ = (Index("ix_payments_customer", "customer_id", "received", "payment_no"),)

    payment_no: Mapped[str] = mapped_column(String(60), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    document_no: Mapped[str | None] = mapped_column(ForeignKey("documents.document_no"), index=True)
    received: Mapped[dt.date]
    amount_grosze: Mapped[int] = mapped_column(BigInteger)
    row_digest: Mapped[str] = mapped_column(String(64))


class DataAsOf(Base):
    """The time for which the billing data were last complete; at most one row."""

    __tablename__ = "data_as_of"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
