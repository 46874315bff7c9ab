"""Work in the background outlives a database that was away."""

from __future__ import annotations

import asyncio
import logging

import pytest

from backend.background import forever


async def test_a_failure_is_logged_by_its_kind_and_the_work_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []
    twice = asyncio.Event()

    async def once() -> None:
        done.append("tried")
        if len(done) == 1:
            raise ConnectionError("to helena.mroz@poczta.example")
        twice.set()

    with caplog.at_level(logging.WARNING):
        work = asyncio.create_task(forever("Letters", once, 0.01))
        await asyncio.wait_for(twice.wait(), 5)
        work.cancel()
    assert "Letters: ConnectionError" in caplog.text
    assert "helena" not in caplog.text
