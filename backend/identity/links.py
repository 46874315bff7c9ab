"""Addresses that open one thing for one grant: encrypted and authenticated, short-lived, worth nothing without it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import Clock
from backend.identity import repository
from backend.identity.models import Grant
from backend.secrecy import Cipher
from backend.settings import Settings

PATH = "/api/chat/files"
LIFETIME = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Opened:
    """What a link is for: a kind of thing, which one, and whose it must be."""

    thing: str
    subject: str
    customer_id: int


class Links:
    def __init__(self, settings: Settings, clock: Clock, cipher: Cipher) -> None:
        self._settings, self._clock, self._cipher = settings, clock, cipher

    def make(self, thing: str, subject: str, grant: Grant) -> str:
        """An absolute address, good for ten minutes and no longer than the grant."""
        until = int((self._clock.now() + LIFETIME).timestamp())
        token = self._cipher.encrypt(json.dumps([thing, subject, grant.id, grant.conversation_id, until])).decode()
        return f"{self._settings.base_url}{PATH}/{token}"

    async def open(self, session: AsyncSession, token: str) -> Opened | None:
        """None for one that was altered or has expired, and once identity has ended."""
        try:
            thing, subject, grant_id, conversation_id, until = json.loads(self._cipher.decrypt(token.encode()))
        except ValueError:
            return None
        now = self._clock.now()
        grant = await repository.live_grant(session, conversation_id, now)
        if now.timestamp() >= until or grant is None or grant.id != grant_id or grant.customer_id is None:
            return None
        return Opened(thing, subject, grant.customer_id)
