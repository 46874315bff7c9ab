"""Throws away what has served its time."""

from __future__ import annotations

import datetime as dt

from backend.accounts.proofs import Proofs
from backend.channels import repository as channels
from backend.channels.arrivals import REMEMBERED
from backend.channels.binding import Binding
from backend.clock import Clock
from backend.database import Database
from backend.limits.service import Limits
from backend.staff import repository as staff
from backend.tickets.service import Tickets

PAUSE = 3600.0
A_DAY = dt.timedelta(days=1)


async def tidy_up(
    database: Database, clock: Clock, limits: Limits, proofs: Proofs, tickets: Tickets, binding: Binding
) -> None:
    async with database.write() as session:
        await limits.forget_old(session)
        await proofs.forget_old(session)
        await tickets.forget_waiting(session)
        await binding.forget_old(session)
        await staff.forget_sessions(session, clock.now() - A_DAY)
        await channels.forget_arrivals(session, clock.now() - REMEMBERED)
        await channels.forget_sent(session, clock.now() - REMEMBERED)
