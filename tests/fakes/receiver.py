"""A webhook's receiver, for the stand-ins' own tests."""

from __future__ import annotations

import json

import httpx

from tests.fakes.server import Answer, Call, FakeServer, Json

HTTP = httpx.Client(verify=False)
"""Calls a stand-in; nothing here is encrypted."""


class Receiver(FakeServer[Call]):
    """`statuses` are its next answers, 200 after them; `challenge` is given back instead of the one that came.

    Everything that came is in `sent`.
    """

    def __init__(self, *statuses: int) -> None:
        super().__init__()
        self.statuses = list(statuses)
        self.verify_token = "potwierdzam"
        self.challenge: bytes | None = None

    def __enter__(self) -> Receiver:
        super().__enter__()
        return self

    def answer(self, call: Call) -> Answer:
        self.accept(call)
        if call.verb == "GET":
            known = call.query.get("hub.verify_token") == self.verify_token
            challenge = self.challenge or call.query["hub.challenge"].encode()
            return Answer(200, challenge) if known else Answer(403, b"")
        return Answer(self.statuses.pop(0) if self.statuses else 200, b"")

    def bodies(self, count: int) -> list[Json]:
        return [json.loads(call.body) for call in self.expect(count)]
