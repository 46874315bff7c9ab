"""A strict stand-in of the Telegram Bot API: it refuses what Telegram refuses and sends updates as Telegram does."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count

from tests.fakes import telegram_updates as updates
from tests.fakes.courier import Parcel
from tests.fakes.server import Json
from tests.fakes.telegram_api import BotApi
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_wire import Chat, Sent, flood, refusal

__all__ = ["Person", "Sent", "TelegramFake"]


class TelegramFake(BotApi):
    """`loopback` lets a webhook be at http://127.0.0.1; `strict_rate` is one message a second in a chat."""

    def __init__(
        self,
        token: str = "7000000001:AAFakeFakeFakeFakeFakeFakeFakeFake00",
        *,
        loopback: bool = True,
        strict_rate: bool = False,
        patience: float = 2,
        backoff: float = 0.05,
        attempts: int = 20,
    ) -> None:
        super().__init__(
            token, loopback=loopback, strict_rate=strict_rate, patience=patience, backoff=backoff, attempts=attempts
        )
        self._update_ids = count(700_000_001)
        self._held: list[Json] | None = None

    def __enter__(self) -> TelegramFake:
        super().__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        self.courier.close()
        super().__exit__(*details)

    def user(self, chat_id: int, name: str) -> Person:
        self.chats.setdefault(chat_id, Chat())
        return Person(self, chat_id, name)

    def point(self, url: str, secret: str = "") -> None:
        """Updates of every kind go to this address, without the bot's own setWebhook."""
        everything = sorted({"message", "edited_message", "callback_query", "my_chat_member", *updates.OPTIONAL})
        self.webhook |= {"url": url, "secret_token": secret, "allowed_updates": [*everything, "channel_post"]}

    def limit(self, times: int = 1, retry_after: int = 1, method: str = "") -> None:
        self.fault(refusal(flood(retry_after)), times, method)

    def push(self, update: Json) -> Json:
        """Numbers an update and sends it, unless updates are held."""
        numbered = {"update_id": next(self._update_ids)} | update
        if self._held is not None:
            self._held.append(numbered)
        else:
            self.deliver(numbered)
        return numbered

    def deliver(self, update: Json, times: int = 1, at_once: bool = False) -> list[Parcel]:
        """Sends an update that has its number; `at_once`: the copies go side by side."""
        allowed, kind = self.webhook["allowed_updates"], updates.kind(update)
        if (kind not in allowed) if allowed else (kind in updates.OPTIONAL):
            return []
        body = json.dumps(update).encode()
        own = updates.lane(update)
        return [self.courier.send(body, (own, copy if at_once else 0)) for copy in range(times)]

    def deliver_all(self, several: Iterable[Json]) -> None:
        """Sends updates in the order given, one after another was answered."""
        for update in several:
            for parcel in self.deliver(update):
                self.courier.drain()
                assert parcel.arrived, parcel.statuses

    @contextmanager
    def held(self) -> Iterator[list[Json]]:
        """Within it, what people do is collected and not sent."""
        self._held = []
        try:
            yield self._held
        finally:
            self._held = None

    def drain(self, seconds: float = 10) -> None:
        self.courier.drain(seconds)

    def ask(self) -> str:
        """The id of a new callback query."""
        query_id = str(4_000_000_000_000 + next(self.numbers))
        self.queries[query_id] = time.monotonic()
        return query_id

    def expire_queries(self) -> None:
        self.queries.clear()
