from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class Customer(Base):
    """A person or firm that buys energy. The `folded_…` columns are searched; PESEL, NIP and login are unique."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_no: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    pesel: Mapped[str | None] = mapped_column(String(11), unique=True)
    nip: Mapped[str | None] = mapped_column(String(10), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    folded_email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(16))
    login: Mapped[str | None] = mapped_column(String(64))
    folded_login: Mapped[str | None] = mapped_column(String(64), unique=True)
    active: Mapped[bool]
    consent_email: Mapped[bool]
    consent_phone: Mapped[bool]
    row_digest: Mapped[str] = mapped_column(String(64))
    imported: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the import brought, by column, where the customer has changed it since."""


class LegalHold(Base):
    """Why a customer's data must not be erased now."""

    __tablename__ = "legal_holds"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ErasedPerson(Base):
    """A keyed hash of a number of somebody who was erased: an import leaves that person out."""

    __tablename__ = "erased_people"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    erased_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Contract(Base):
    __tablename__ = "contracts"

    contract_no: Mapped[str] = mapped_column(String(40), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    status: Mapped[str] = mapped_column(String(10))
    begins: Mapped[dt.date | None]
    ends: Mapped[dt.date | None]
    place: Mapped[str] = mapped_column(String(200))
    tariff: Mapped[str] = mapped_column(String(20))
    row_digest: Mapped[str] = mapped_column(String(64))
