"""What both products of the stand-in of the Graph API share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from tests.fakes.courier import Parcel
from tests.fakes.server import Json, Upload

if TYPE_CHECKING:
    from tests.fakes.graph import GraphFake

HOUR, DAY = 3600, 24 * 3600


@dataclass(frozen=True)
class Button:
    """What is on a button, and what comes back when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True)
class Sent:
    """A request that was accepted.

    `product` is messenger or whatsapp. `kind`: text, quick_replies, buttons, list, image, …; typing_on, mark_seen,
    read, typing; upload, profile. `id` and `at` (milliseconds) of the message it made.
    """

    product: str
    kind: str
    to: str
    body: Json
    files: dict[str, Upload] = field(default_factory=dict)
    id: str = ""
    at: int = 0

    @property
    def text(self) -> str:
        if self.product == "whatsapp":
            interactive = self.body.get("interactive", {}).get("body", {}).get("text", "")
            return str(self.body.get("text", {}).get("body", interactive))
        message = self.body.get("message", {})
        return str(message.get("text", message.get("attachment", {}).get("payload", {}).get("text", "")))

    @property
    def buttons(self) -> list[Button]:
        return list(self._buttons())

    def _buttons(self) -> Iterator[Button]:
        message = self.body.get("message", {})
        for reply in message.get("quick_replies", []):
            yield Button(reply.get("title", ""), reply.get("payload", ""))
        for button in message.get("attachment", {}).get("payload", {}).get("buttons", []):
            yield Button(button["title"], button.get("payload", ""))
        action = self.body.get("interactive", {}).get("action", {})
        for button in action.get("buttons", []):
            yield Button(button["reply"]["title"], button["reply"]["id"])
        for section in action.get("sections", []):
            for row in section["rows"]:
                yield Button(row["title"], row["id"])


class Product:
    """Messenger or WhatsApp: its webhook calls, and the ids of its messages."""

    topic: str
    """What its webhook calls are about, in Meta's words."""

    def __init__(self, fake: GraphFake) -> None:
        self.fake = fake
        self._numbers = count(1)

    def envelope(self, *events: Json) -> Json:
        """The body of a webhook call with these events."""
        raise NotImplementedError

    def lane(self, event: Json) -> str:
        raise NotImplementedError

    def push(self, event: Json) -> Json:
        """Sends an event alone, unless events are held."""
        if self.fake.held_events is not None:
            self.fake.held_events.append(event)
        else:
            self.deliver(event)
        return event

    def deliver(self, *events: Json, times: int = 1, at_once: bool = False) -> list[Parcel]:
        """Sends events in one call; `at_once`: the copies go side by side."""
        return self.fake.deliver(self.envelope(*events), times, at_once, self.lane(events[0]))

    def new_id(self, form: str) -> str:
        return form.format(next(self._numbers))

    def now_ms(self) -> int:
        return int(self.fake.clock * 1000)

    def sent_to(self, to: str) -> list[Sent]:
        """Messages that one person got, the newest first."""
        return [sent for sent in reversed(self.fake.sent) if sent.to == to and sent.at]
