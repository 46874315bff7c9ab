from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class PointCard:
    ppe: str
    contract_no: str
    label: str
    address: str
    meter_no: str | None
    tariff: str


@dataclass(frozen=True)
class Reading:
    """What was taken in a month, in kWh; `estimated` when any part of it is."""

    kwh: Decimal
    estimated: bool


@dataclass(frozen=True)
class MonthPair:
    """A month (its first day) beside the same month of the year before; None where there is nothing to say."""

    month: dt.date
    now: Reading | None
    before: Reading | None
    partial: bool


@dataclass(frozen=True)
class Comparison:
    """Months from `first` to `last`, and the sums over those that can be compared: whole ones known in both years."""

    first: dt.date
    last: dt.date
    months: list[MonthPair]
    total: Decimal
    compared_now: Decimal
    compared_before: Decimal
    compared_months: int

    @property
    def year(self) -> int:
        return self.last.year

    @property
    def percent(self) -> Decimal | None:
        """By how much more (or, below zero, less); None without a base."""
        if self.compared_before <= 0:
            return None
        return (self.compared_now - self.compared_before) * 100 / self.compared_before
