"""How often something may be done, counted in the database: what cannot be counted is not done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import Clock
from backend.limits import repository
from backend.secrecy import Hasher

KEPT = dt.timedelta(days=2)


@dataclass(frozen=True)
class Rule:
    """At most so many within so long."""

    most: int
    within: dt.timedelta


class Limits:
    def __init__(self, clock: Clock, hasher: Hasher) -> None:
        self._clock, self._hasher = clock, hasher

    async def take(self, session: AsyncSession, purpose: str, subject: str, rules: Sequence[Rule]) -> bool:
        """Counts one more and tells whether all rules allow it; what they do not allow is not counted.

        Known and unknown subjects take the same statements: only a keyed hash of the subject is kept.
        """
        row = await repository.locked(session, self._hasher.digest("limit", purpose, subject), self._clock.now())
        now = self._clock.now()  # after the wait for others who count under this key
        longest = max(rule.within for rule in rules)
        # A clock that was set back leaves times in the future: they count for nothing.
        times = [time for time in row.times if 0 <= now.timestamp() - time < longest.total_seconds()]
        allowed = all(
            sum(now.timestamp() - time < rule.within.total_seconds() for time in times) < rule.most for rule in rules
        )
        row.times = [*times, now.timestamp()] if allowed else times
        row.changed_at = now
        return allowed

    async def forget_old(self, session: AsyncSession) -> None:
        await repository.delete_older(session, self._clock.now() - KEPT)
