from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.quantities import KilowattHours


class DeliveryPoint(Base):
    """A punkt poboru with its 18-digit PPE code."""

    __tablename__ = "delivery_points"

    ppe: Mapped[str] = mapped_column(String(18), primary_key=True)
    contract_no: Mapped[str] = mapped_column(ForeignKey("contracts.contract_no"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(200))
    meter_no: Mapped[str | None] = mapped_column(String(40))
    tariff: Mapped[str] = mapped_column(String(20))
    row_digest: Mapped[str] = mapped_column(String(64))


class MonthlyConsumption(Base):
    """What a point took in a month (`YYYY-MM`), measured or estimated."""

    __tablename__ = "monthly_consumption"

    ppe: Mapped[str] = mapped_column(ForeignKey("delivery_points.ppe"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    kwh: Mapped[Decimal] = mapped_column(KilowattHours)
    kind: Mapped[str] = mapped_column(String(10))
    row_digest: Mapped[str] = mapped_column(String(64))
