"""Work that goes on by itself for the life of the process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

logger = logging.getLogger("mojbok.backend")


async def forever(what: str, once: Callable[[], Awaitable[None]], pause: float) -> None:
    """Does `once` again and again, `pause` seconds between; a failure is logged and waits for the next time."""
    while True:
        try:
            await once()
        except Exception as error:  # noqa: BLE001 - a database that is away comes back, and this goes on
            logger.warning("%s: %s, tried again in %g s", what, type(error).__name__, pause)
        await asyncio.sleep(pause)


async def wind_down(tasks: Collection[asyncio.Task[None]], patience: float = 2.0) -> None:
    """Lets work come to its end, so that what it just did is also recorded, and cancels what takes longer."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=patience)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
