"""The adapter of the sandbox provider, whose payment page the development profile brings along."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from backend.clock import Clock
from backend.payments.schemas import Notice, NoticeRefused, Order

PAGE = "/dev/bank"
SIGNATURE = "x-sandbox-signature"
LONGEST_WAY = 300
"""Seconds after which a notification is stale; the provider signs a repeated one anew."""


class Sandbox:
    """Both sides know `secret`: orders are signed on their way there, notifications on their way back."""

    name = "sandbox"

    def __init__(self, base_url: str, secret: str, clock: Clock) -> None:
        self._base_url, self._secret, self._clock = base_url, secret.encode(), clock

    async def register(self, order: Order) -> str:
        written = base64.urlsafe_b64encode(json.dumps(asdict(order)).encode()).decode()
        return f"{self._base_url}{PAGE}?order={written}.{self._sign(written)}"

    def read(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        moment, _, signature = headers.get(SIGNATURE, "").partition(",")
        if not hmac.compare_digest(signature.encode(), self._sign(f"{moment}.{body.hex()}").encode()):
            raise NoticeRefused("forged")
        if abs(self._clock.now().timestamp() - int(moment)) > LONGEST_WAY:
            raise NoticeRefused("stale")
        told: dict[str, Any] = json.loads(body)
        return Notice(**told)

    # The provider's side

    def order(self, written: str) -> Order | None:
        """The order in an address; None for one that was not signed here."""
        content, _, signature = written.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(content).encode()):
            return None
        return Order(**json.loads(base64.urlsafe_b64decode(content)))

    def notification(self, notice: Notice) -> tuple[bytes, dict[str, str]]:
        """A call's body and headers."""
        body = json.dumps(asdict(notice)).encode()
        moment = str(int(self._clock.now().timestamp()))
        return body, {SIGNATURE: f"{moment},{self._sign(f'{moment}.{body.hex()}')}"}

    def _sign(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
