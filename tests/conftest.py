from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.system import System, start


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One running system for all tests that only talk to it."""
    system = start(tmp_path_factory.mktemp("system"))
    yield system
    assert system.stop() == 0


@pytest.fixture
def system(running: System) -> System:
    """The running system as it is after the import: no conversations, no letters, the real time."""
    running.reset()
    return running
