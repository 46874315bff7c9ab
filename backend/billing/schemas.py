from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Balance:
    """What a customer owes, in grosze: `total` above zero is to pay, below zero overpaid.

    `overdue` is what is left to pay on documents past due, `next_due` the earliest due date not yet past with something
    left to pay. `stale` says that the data are older than one working day.
    """

    total_grosze: int
    overdue_grosze: int
    overdue_count: int
    next_due: dt.date | None
    next_due_grosze: int
    as_of: dt.datetime | None
    stale: bool
