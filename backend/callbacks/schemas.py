from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from backend.customers.schemas import Team

Reason = Literal["phone", "past", "many"]


class CallbackRefused(Exception):
    """`reason`: no telephone number, a time that has passed, or too many for one number."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Wish:
    """Who is to be called and when; times with their zone."""

    phone: str
    begins: dt.datetime
    ends: dt.datetime
    team: Team
    conversation_id: str
    customer_id: int | None = None


@dataclass(frozen=True)
class CallbackCard:
    callback_no: str
    customer_id: int | None
    phone: str
    begins: dt.datetime
    ends: dt.datetime


class CallbackMissing(Exception):
    """There is no such callback, or it is another team's."""


class Stale(Exception):
    """The callback changed after whoever wants to change it had read it."""


@dataclass(frozen=True)
class Place:
    """Where a callback stands in the office's list: when it begins, and its number."""

    begins: dt.datetime
    callback_no: str


@dataclass(frozen=True)
class OfficeCallback:
    """A callback as its team sees it; the number is asked for apart. `note` is what came of it."""

    callback_no: str
    customer_id: int | None
    conversation_id: str
    begins: dt.datetime
    ends: dt.datetime
    made_at: dt.datetime
    done_at: dt.datetime | None
    overdue: bool
    note: str | None
    version: int

    @property
    def place(self) -> Place:
        return Place(self.begins, self.callback_no)
