"""Wakes whoever waits for events of a conversation: streams, long polls, and what carries them to platforms."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Bell:
    """Rings when there may be something new. `typing` is set while an answer is being made."""

    def __init__(self, *, hears_typing: bool) -> None:
        self._rung = asyncio.Event()
        self.hears_typing = hears_typing
        self.typing = False

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """True if it rang within `seconds`."""
        try:
            await asyncio.wait_for(self._rung.wait(), seconds)
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Hub:
    def __init__(self) -> None:
        self._bells: defaultdict[str, set[Bell]] = defaultdict(set)
        self._followers: list[Callable[[str], None]] = []

    def follow(self, tell: Callable[[str], None]) -> None:
        """Has every conversation told in which there may be something new."""
        self._followers.append(tell)

    @contextmanager
    def listen(self, conversation_id: str, *, hears_typing: bool = False) -> Iterator[Bell]:
        bell = Bell(hears_typing=hears_typing)
        self._bells[conversation_id].add(bell)
        try:
            yield bell
        finally:
            self._bells[conversation_id].discard(bell)
            if not self._bells[conversation_id]:
                del self._bells[conversation_id]

    def publish(self, conversation_id: str, *, typing: bool = False) -> None:
        for bell in self._bells.get(conversation_id, ()):
            if not typing:
                bell.typing = False
            elif bell.hears_typing:
                bell.typing = True
            else:
                continue
            bell.ring()
        for tell in () if typing else self._followers:
            tell(conversation_id)

    def close(self) -> None:
        for bells in self._bells.values():
            for bell in bells:
                bell.ring()
