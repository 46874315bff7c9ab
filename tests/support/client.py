"""A customer at the chat API, for tests and benchmarks: opens, says, chooses and reads what comes back."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import requests

PATIENCE = 60.0


@dataclass
class Reply:
    """Everything that was said in answer to one message."""

    events: list[dict[str, Any]]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == "message"]

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)

    @property
    def titles(self) -> list[str]:
        return [choice["title"] for message in self.messages for choice in message.get("choices", [])]

    def choice(self, title: str) -> str:
        """The id of the offered choice with this title, the newest first."""
        choices = [choice for message in self.messages for choice in message.get("choices", [])]
        return next(choice["id"] for choice in reversed(choices) if choice["title"] == title)


@dataclass
class Customer:
    url: str
    http: requests.Session = field(default_factory=requests.Session)
    seq: int = 0

    def open(self) -> Reply:
        answer = self.http.post(f"{self.url}/api/chat/conversations", json={}, timeout=10)
        assert answer.status_code == 201, answer.text
        body = answer.json()
        self.id, self.token = body["conversation"], body["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        self.seq = body["events"][-1]["seq"]
        return Reply(body["events"])

    @property
    def place(self) -> str:
        return f"{self.url}/api/chat/conversations/{self.id}"

    def post(self, **body: Any) -> requests.Response:
        body.setdefault("client_id", str(uuid.uuid4()))
        return self.http.post(f"{self.place}/messages", json=body, timeout=10)

    def say(self, text: str) -> Reply:
        return self._answered(self.post(text=text))

    def choose(self, choice_id: str) -> Reply:
        return self._answered(self.post(choice=choice_id))

    def _answered(self, accepted: requests.Response) -> Reply:
        assert accepted.status_code == 202, accepted.text
        return self.read_until_answered(accepted.json()["seq"])

    def read_until_answered(self, seq: int, patience: float = PATIENCE) -> Reply:
        """All events up to the end of the answer to `seq`."""
        found: list[dict[str, Any]] = []
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for event in self.read(wait=5):
                found.append(event)
                self.seq = event["seq"]
                if event["type"] == "answered" and event["in_reply_to"] == seq:
                    return Reply([e for e in found if e["seq"] != seq])
        raise AssertionError(f"message {seq} was not answered within {patience:.0f} s; there is {found}")

    def read(self, after: int | None = None, wait: float = 0, *, hold: bool = False) -> list[dict[str, Any]]:
        params = {"after": self.seq if after is None else after, "wait": wait, "hold": "true" if hold else "false"}
        answer = self.http.get(f"{self.place}/events", params=params, timeout=wait + 10)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["events"])

    def history(self) -> list[dict[str, Any]]:
        return self.read(after=0)


def code_in(letter: dict[str, Any]) -> str:
    """The 6 digits that stand alone in a letter."""
    found = re.findall(r"(?<!\d)\d{6}(?!\d)", letter["text"])
    assert len(found) == 1, letter["subject"]
    return str(found[0])
