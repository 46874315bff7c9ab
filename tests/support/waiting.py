"""Waiting for what another process does."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(true: Callable[[], bool], what: Callable[[], str] = lambda: "it did not happen", seconds: float = 30) -> None:
    """Returns once it is true; fails with `what` after so many seconds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what()
        time.sleep(0.05)
