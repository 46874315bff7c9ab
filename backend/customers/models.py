from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


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
