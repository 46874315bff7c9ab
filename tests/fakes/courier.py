"""Carries webhook calls as platforms do: again and again until they are answered 2xx in time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from queue import Queue
from threading import Condition, Event, Thread, Timer
from urllib.parse import urlsplit

LONGEST_PAUSE = 1.0

Target = tuple[str, Mapping[str, str]]
"""An address and the headers that go there."""


@dataclass(eq=False)
class Parcel:
    """A webhook call. `statuses` has one for each attempt, None where no answer came in time."""

    body: bytes
    headers: Mapping[str, str]
    statuses: list[int | None] = field(default_factory=list)
    arrived: bool = False
    given_up: bool = False


class Courier:
    """Calls of one lane go in order, one at a time; lanes go side by side.

    `holds_up`: a call that is not answered 2xx keeps its lane waiting; else the others go ahead of its next attempt.
    A call whose target is None waits for one.
    """

    def __init__(
        self, target: Callable[[], Target | None], patience: float, backoff: float, attempts: int, holds_up: bool
    ) -> None:
        self._target, self.patience, self.backoff, self.attempts = target, patience, backoff, attempts
        self._holds_up = holds_up
        self.parcels: list[Parcel] = []
        self._lanes: dict[Hashable, Queue[Parcel | None]] = {}
        self._closed = Event()
        self._changed = Condition()

    def send(self, body: bytes, lane: Hashable, headers: Mapping[str, str] | None = None) -> Parcel:
        parcel = Parcel(body, headers or {})
        with self._changed:
            self.parcels.append(parcel)
            if lane not in self._lanes:
                self._lanes[lane] = Queue()
                Thread(target=self._run, args=(self._lanes[lane],), daemon=True).start()
            self._lanes[lane].put(parcel)
        return parcel

    @property
    def pending(self) -> list[Parcel]:
        return [parcel for parcel in self.parcels if not parcel.arrived and not parcel.given_up]

    def drain(self, seconds: float = 10) -> None:
        """Waits until every call has arrived or was given up."""
        with self._changed:
            done = self._changed.wait_for(lambda: not self.pending, seconds)
            assert done, f"webhook calls are still on their way: {[parcel.statuses for parcel in self.pending]}"

    def drop(self) -> None:
        """Gives up what has not arrived."""
        with self._changed:
            for parcel in self.pending:
                parcel.given_up = True
            self._changed.notify_all()

    def close(self) -> None:
        self._closed.set()
        with self._changed:
            for lane in self._lanes.values():
                lane.put(None)

    def _run(self, lane: Queue[Parcel | None]) -> None:
        while (parcel := lane.get()) is not None and not self._closed.is_set():
            while not parcel.given_up and not self._attempt(parcel) and not self._closed.is_set():
                pause = min(self.backoff * 2 ** (len(parcel.statuses) - 1), LONGEST_PAUSE)
                if self._holds_up:
                    self._closed.wait(pause)
                elif not parcel.given_up:
                    timer = Timer(pause, lane.put, (parcel,))
                    timer.daemon = True
                    timer.start()
                    break

    def _attempt(self, parcel: Parcel) -> bool:
        while (target := self._target()) is None:
            if self._closed.wait(0.02) or parcel.given_up:
                return False
        url, headers = target
        status = post(url, parcel.body, {**headers, **parcel.headers}, self.patience)
        with self._changed:
            parcel.statuses.append(status)
            parcel.arrived = status is not None and 200 <= status < 300
            if not parcel.arrived and len(parcel.statuses) >= self.attempts:
                parcel.given_up = True
            self._changed.notify_all()
        return parcel.arrived


def post(url: str, body: bytes, headers: Mapping[str, str], patience: float) -> int | None:
    """The status; None when no answer came in time."""
    where = urlsplit(url)
    assert where.hostname is not None
    connection = HTTPConnection(where.hostname, where.port, timeout=patience)
    path = f"{where.path or '/'}?{where.query}" if where.query else where.path or "/"
    with suppress(OSError, HTTPException):
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
            return connection.getresponse().status
        finally:
            connection.close()
    return None
