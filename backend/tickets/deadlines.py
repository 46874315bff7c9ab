"""Until when the office answers. Complaints: within 14 days by law; others: within so many working days."""

from __future__ import annotations

import datetime as dt

from backend import working_days
from backend.tickets.schemas import COMPLAINT_DAYS, Kind

_A_DAY = dt.timedelta(days=1)


def due(kind: Kind, since: dt.date, answer_days: int) -> dt.date:
    """The last day for the answer to what came on the day `since`.

    Where the last day of a complaint is no working day, the working day before it: nobody would answer later.
    """
    if kind == "complaint":
        return working_days.at_or_before(since + COMPLAINT_DAYS)
    return working_days.after(since, answer_days)


def latest(kind: Kind, day: dt.date, answer_days: int) -> dt.date:
    """The last `since` that is due on `day` or before: so a query tells what is due without counting days itself."""
    if kind == "complaint":
        return working_days.after(day) - _A_DAY - COMPLAINT_DAYS
    return working_days.before(day + _A_DAY, answer_days) - _A_DAY
