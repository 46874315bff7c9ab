"""Takes letters from the outbox to wherever this profile sends them."""

from __future__ import annotations

import datetime as dt
import logging

from backend.clock import Clock
from backend.database import Database
from backend.mail import repository
from backend.mail.models import Letter
from backend.mail.service import Outbox
from backend.mail.smtp import MailServer, RecipientRefused

logger = logging.getLogger("mojbok.mail")

BATCH = 50
PAUSE = 1.0
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=5), dt.timedelta(minutes=15)
GIVEN_UP_AFTER = dt.timedelta(days=3)


async def catch_once(database: Database, clock: Clock) -> None:
    """Local delivery: a letter counts as delivered once it lies in the outbox, where the local mailbox shows it."""
    async with database.read() as session:
        letters = await repository.waiting(session, clock.now(), BATCH)
    if letters:
        async with database.write() as session:
            await repository.mark_done(session, [letter.id for letter in letters], clock.now())
        for letter in letters:
            if letter.recipient:
                logger.info("Letter %d lies in the local mailbox", letter.id)


async def send_once(database: Database, clock: Clock, outbox: Outbox, server: MailServer) -> None:
    """Delivery by SMTP: tries every letter whose time has come. What was sent is removed; what fails waits longer."""
    async with database.read() as session:
        letters = await repository.waiting(session, clock.now(), BATCH)
    for letter in letters:
        await _send(database, clock, outbox, server, letter)


async def _send(database: Database, clock: Clock, outbox: Outbox, server: MailServer, letter: Letter) -> None:
    now = clock.now()
    if letter.recipient is None:
        logger.debug("Letter %d has no recipient", letter.id)
    elif now >= (letter.good_until or letter.written_at + GIVEN_UP_AFTER):
        logger.error("Letter %d is given up after %d tries", letter.id, letter.tries)
    else:
        try:
            await server.send(outbox.open(letter))
        except RecipientRefused:
            logger.error("Letter %d: the mail server refuses it for good", letter.id)
        except Exception as error:  # noqa: BLE001 - whatever it was, a later try may go well
            wait = min(FIRST_WAIT * 2 ** min(letter.tries, 8), LONGEST_WAIT)
            logger.warning("Letter %d waits %s: %s", letter.id, wait, type(error).__name__)
            async with database.write() as session:
                await repository.try_again(session, letter.id, letter.tries + 1, now + wait)
            return
        else:
            logger.info("Letter %d is sent", letter.id)
    async with database.write() as session:
        await repository.remove(session, letter.id)
