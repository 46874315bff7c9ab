"""What a platform accepted and could not deliver: matched by its own id of the message, whichever is known first."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels import repository
from backend.channels.schemas import LateRefusal
from backend.clock import Clock
from backend.database import Database
from backend.secrecy import Hasher

logger = logging.getLogger("mojbok.channels")


class Refusals:
    def __init__(self, database: Database, clock: Clock, hasher: Hasher) -> None:
        self._database, self._clock, self._hasher = database, clock, hasher

    async def remember(
        self, session: AsyncSession, channel: str, platform_id: str, conversation_id: str, seq: int
    ) -> None:
        """Which message of ours the platform calls so."""
        await self._complete(session, channel, platform_id, {"conversation_id": conversation_id, "seq": seq})

    async def note(self, channel: str, refusals: list[LateRefusal]) -> None:
        """Records each once, however often it is told, and whether or not we sent it."""
        if refusals:
            async with self._database.write() as session:
                for refusal in refusals:
                    await self._complete(session, channel, refusal.platform_id, {"reason": refusal.reason})

    async def _complete(self, session: AsyncSession, channel: str, platform_id: str, known: dict[str, Any]) -> None:
        digest, now = self._hasher.digest("channel message sent", channel, platform_id), self._clock.now()
        sent = await repository.complete_sent(session, digest, now, known)
        if sent.conversation_id is None or sent.reason is None:
            return
        row = {"conversation_id": sent.conversation_id, "seq": sent.seq, "reason": sent.reason, "at": now}
        if await repository.add_undelivered(session, row):
            logger.error(
                "%s: message %d of %s is not delivered after all: %s",
                channel,
                sent.seq,
                sent.conversation_id,
                sent.reason,
            )
