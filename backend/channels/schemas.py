"""What passes between platforms and conversations, whatever the platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Deed(StrEnum):
    """What somebody did. `START` opens the conversation without saying anything; `GROUP` is not said to us alone."""

    SAID = "said"
    CHOSE = "chose"
    SENT_FILE = "sent_file"
    SENT_OTHER = "sent_other"
    START = "start"
    GROUP = "group"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


@dataclass(frozen=True)
class Arrival:
    """One deed of one account, as its platform told it.

    `platform_id` is the platform's own id of it, `account` who did it, `address` where answers go, `sign` what the
    platform wants to hear at once, such as a pressed button's query. `value` is the text, the choice's id or what the
    platform gives the file out for; `link` the one-time token of a link made in the portal.
    """

    platform_id: str
    account: str
    address: str
    sent_at: dt.datetime
    deed: Deed
    value: str = ""
    name: str = ""
    file_name: str = ""
    sign: str = ""
    link: str = ""


@dataclass(frozen=True)
class LateRefusal:
    """A message that the platform had accepted and could not deliver: its own id of it, and a reason of ours."""

    platform_id: str
    reason: str


@dataclass(frozen=True)
class Picture:
    png: bytes
    alt: str


@dataclass(frozen=True)
class Shown:
    """A message as any platform can show it: `choices` are pairs of id and title."""

    text: str
    choices: list[tuple[str, str]] = field(default_factory=list)
    picture: Picture | None = None


@dataclass(frozen=True)
class Call:
    """One call to a platform. A `file` is a PNG that goes along."""

    method: str
    body: dict[str, Any]
    file: bytes | None = None


@dataclass(frozen=True)
class Capabilities:
    """What a platform can show. Lengths of texts as `length` counts them; the window in which an answer may be sent.

    Up to `buttons` choices with titles of at most `title` stand as buttons under a text of at most `button_text`; up to
    `rows` with at most `row_title` in another form under at most `row_text`; what fits in neither is a numbered text.
    """

    text: int
    buttons: int
    button_text: int
    rows: int
    row_text: int
    title: int
    row_title: int
    payload: int
    caption: int
    window: dt.timedelta | None
    length: Callable[[str], int] = len


class TryAgain(Exception):
    """The platform could not take a call now; `after` are the seconds that it asks to wait, 0 where it says nothing."""

    def __init__(self, after: float = 0) -> None:
        super().__init__(f"after {after:g} s")
        self.after = after


class Refused(Exception):
    """The platform will not take this call, now or later; the reason is a word of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Channel(Protocol):
    """A platform: whether a call is its own, what it tells, how an answer looks there, and how it gets there."""

    name: str
    capabilities: Capabilities

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool: ...

    def parse(self, told: Any) -> list[Arrival]: ...

    def late_refusals(self, told: Any) -> list[LateRefusal]: ...

    def render(self, shown: Shown) -> list[Call]: ...

    async def send(self, address: str, call: Call) -> str:
        """The platform's id of the message if it may refuse it later, else nothing. Raises TryAgain and Refused."""
        ...

    async def show_signs(self, arrival: Arrival) -> None:
        """Says that a message was seen and is being answered. Raises TryAgain and Refused."""
        ...

    async def fetch(self, file: str) -> bytes:
        """A file that somebody sent. Raises TryAgain and Refused."""
        ...

    def deep_link(self, token: str) -> str:
        """The address that opens the platform's own program and brings the token back."""
        ...

    async def check(self, webhook: str) -> list[str]:
        """What is wrong, a sentence each; registers the webhook where the platform lets us. Raises as `send` does."""
        ...

    async def close(self) -> None: ...
