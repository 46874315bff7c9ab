"""Sessions of the portal: 32 random bytes in a cookie, kept as a hash, ended when idle or old (ASVS 5.0, 7)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import Clock
from backend.identity import repository
from backend.identity.models import PortalSession
from backend.secrecy import new_token, token_digest
from backend.settings import Settings

MOVES_BY = dt.timedelta(seconds=5)
"""A session's end is moved in steps, so that a page's pictures and parts do not all write."""


class Sessions:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    async def begin(self, session: AsyncSession, customer_id: int) -> tuple[PortalSession, str]:
        """A new session and its token, which is nowhere else."""
        token, now = new_token(), self._clock.now()
        row = PortalSession(
            token_digest=token_digest(token),
            customer_id=customer_id,
            began_at=now,
            until=now + self._settings.session_idle,
        )
        session.add(row)
        await session.flush()
        return row, token

    async def find(self, session: AsyncSession, token: str | None) -> PortalSession | None:
        """The live session of this token."""
        if not token:
            return None
        row = await repository.session_by_digest(session, token_digest(token))
        return row if row and row.until > self._clock.now() else None

    def is_due(self, row: PortalSession) -> bool:
        """Whether activity now would move the session's end."""
        return self._end(row) - row.until > MOVES_BY

    async def extend(self, session: AsyncSession, session_id: int) -> None:
        """The customer did something: the session and its grants live on, up to the longest time."""
        row = await repository.session_by_id(session, session_id)
        if row and row.until > self._clock.now():
            row.until = self._end(row)
            await repository.set_grants_of_session(session, row.id, row.until)

    async def end(self, session: AsyncSession, session_id: int) -> None:
        """Ends it and its grants at once; conversations are told by `end_past_identities`."""
        row = await repository.session_by_id(session, session_id)
        if row:
            row.until = min(row.until, self._clock.now())
            await repository.set_grants_of_session(session, row.id, row.until)

    async def end_all(self, session: AsyncSession, customer_id: int, *, keep: int | None) -> None:
        """Ends every session of a customer but `keep`, every grant that is not `keep`'s, and every open code."""
        now = self._clock.now()
        await repository.end_sessions(session, customer_id, keep, now)
        await repository.end_grants(session, customer_id, keep, now)
        for code in await repository.open_codes(session, now):
            if customer_id in code.customer_ids:
                code.replaced_at = now

    def _end(self, row: PortalSession) -> dt.datetime:
        return min(self._clock.now() + self._settings.session_idle, row.began_at + self._settings.session_longest)
