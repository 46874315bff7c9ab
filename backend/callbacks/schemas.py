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
