"""Takes letters from the outbox to wherever this profile sends them."""

from __future__ import annotations

import asyncio
import logging

from backend.clock import Clock
from backend.database import Database
from backend.mail import repository

logger = logging.getLogger("mojbok.mail")

BATCH = 50
PAUSE = 1.0


async def deliver_forever(database: Database, clock: Clock) -> None:
    """Local delivery: a letter counts as delivered once it lies in the outbox, where the local mailbox shows it."""
    while True:
        try:
            await _deliver(database, clock)
        except Exception as error:  # noqa: BLE001 - letters wait for better times, the worker goes on
            logger.warning("Letters wait: %s", type(error).__name__)
        await asyncio.sleep(PAUSE)


async def _deliver(database: Database, clock: Clock) -> None:
    async with database.read() as session:
        letters = await repository.waiting(session, BATCH)
    if letters:
        async with database.write() as session:
            await repository.mark_done(session, [letter.id for letter in letters], clock.now())
        for letter in letters:
            if letter.recipient:
                logger.info("Letter %d (%s) lies in the local mailbox", letter.id, letter.subject)
