"""The record of what the office's people did and saw: added to, never changed."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import Clock
from backend.staff.models import Act
from backend.staff.schemas import Did


class Acts:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def record(
        self,
        session: AsyncSession,
        kind: Did,
        member_id: int | None,
        subject: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Adds an act in the transaction of what it tells of. `subject` is an id, never a value."""
        session.add(Act(at=self._clock.now(), member_id=member_id, kind=kind.value, subject=subject, reason=reason))
