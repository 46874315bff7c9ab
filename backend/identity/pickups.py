"""Addresses of documents that may go through a messenger: worth nothing without the portal's session or a code."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import dataclass

from backend.clock import Clock
from backend.secrecy import Cipher
from backend.settings import Settings

PATH = "/odbior"
LIFETIME = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Pickup:
    """A document, whose it is, and under what name codes for it are sent and tried."""

    customer_id: int
    document_no: str
    place: str


class Pickups:
    def __init__(self, settings: Settings, clock: Clock, cipher: Cipher) -> None:
        self._settings, self._clock, self._cipher = settings, clock, cipher

    def make(self, customer_id: int, document_no: str) -> str:
        """An absolute address, good for a day."""
        until = int((self._clock.now() + LIFETIME).timestamp())
        token = self._cipher.encrypt(
            json.dumps(["pickup", customer_id, document_no, until, secrets.token_hex(12)])
        ).decode()
        return f"{self._settings.base_url}{PATH}/{token}"

    def open(self, token: str) -> Pickup | None:
        """None for one that was altered or has expired."""
        try:
            what, customer_id, document_no, until, place = json.loads(self._cipher.decrypt(token.encode()))
        except ValueError:
            return None
        if what != "pickup" or self._clock.now().timestamp() >= until:
            return None
        return Pickup(customer_id, document_no, f"o_{place}")
