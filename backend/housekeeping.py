"""Throws away what has served its time."""

from __future__ import annotations

import asyncio
import logging

from backend.accounts.proofs import Proofs
from backend.database import Database
from backend.limits.service import Limits

logger = logging.getLogger("mojbok.backend")

PAUSE = 3600.0


async def keep_tidy(database: Database, limits: Limits, proofs: Proofs) -> None:
    """Once an hour; a failure waits for the next hour."""
    while True:
        try:
            async with database.write() as session:
                await limits.forget_old(session)
                await proofs.forget_old(session)
        except Exception as error:  # noqa: BLE001 - nothing depends on it now
            logger.warning("Tidying up waits: %s", type(error).__name__)
        await asyncio.sleep(PAUSE)
