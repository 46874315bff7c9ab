"""The time, in Europe/Warsaw. The development profile may shift it; nothing else asks the operating system."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base

WARSAW = ZoneInfo("Europe/Warsaw")
YEARS = range(2000, 9999)
"""Of times that somebody gives: beyond them one cannot be brought to another zone."""


class ClockShift(Base):
    """How far this system's time is from the real one; at most one row."""

    __tablename__ = "clock_shift"

    id: Mapped[int] = mapped_column(primary_key=True)
    microseconds: Mapped[int] = mapped_column(BigInteger)


class Clock:
    def __init__(self) -> None:
        self._shift = dt.timedelta()

    def now(self) -> dt.datetime:
        return (dt.datetime.now(dt.UTC) + self._shift).astimezone(WARSAW)

    def today(self) -> dt.date:
        return self.now().date()

    async def load(self, session: AsyncSession) -> None:
        """Takes over the shift another process has set."""
        row = await session.get(ClockShift, 1)
        self._shift = dt.timedelta(microseconds=row.microseconds if row else 0)

    async def set(self, session: AsyncSession, now: dt.datetime | None) -> None:
        """Makes `now` (aware) the present time from here on; None returns to the real time."""
        self._shift = now - dt.datetime.now(dt.UTC) if now else dt.timedelta()
        await session.merge(ClockShift(id=1, microseconds=self._shift // dt.timedelta(microseconds=1)))
