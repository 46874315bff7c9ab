"""Waiting for what is done elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


def until(true: Callable[[], bool], what: Callable[[], str] = lambda: "it did not happen", seconds: float = 30) -> None:
    """Returns once it is true; fails with `what` after so many seconds. For what another process does."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what()
        time.sleep(0.05)


async def eventually(true: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """The same for what this process does meanwhile."""
    deadline = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.02)
