"""Messenger as a channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from backend.channels.capabilities import MESSENGER
from backend.channels.messenger import parse, render, verify
from backend.channels.messenger.send import SendApi
from backend.channels.schemas import Arrival, Call, LateRefusal, Refused, Shown, TryAgain


class Messenger:
    name = "messenger"
    capabilities = MESSENGER

    def __init__(self, token: str, secrets: list[str], page: str, base_url: str) -> None:
        """`token` is the page's; `secrets` are the app's; `page` is its name or id in m.me/…"""
        self._secrets, self._page = secrets, page
        self._api = SendApi(base_url, token)

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        return verify.is_genuine(self._secrets, headers, body)

    def parse(self, told: Any) -> list[Arrival]:
        return parse.arrivals(told)

    def late_refusals(self, _told: Any) -> list[LateRefusal]:
        return []

    def render(self, shown: Shown) -> list[Call]:
        return render.calls(shown)

    async def send(self, address: str, call: Call) -> str:
        await self._api.send(address, call)
        return ""

    async def show_signs(self, arrival: Arrival) -> None:
        await self._api.show_signs(arrival.address)

    async def fetch(self, file: str) -> bytes:
        return await self._api.fetch(file)

    def deep_link(self, token: str) -> str:
        return f"https://m.me/{self._page}?ref={quote(token, safe='')}"

    async def check(self, webhook: str) -> list[str]:
        """Sets the page's start button; the webhook is registered in the app's dashboard."""
        try:
            await self._api.ask()
            await self._api.offer_to_start()
        except (TryAgain, Refused):
            return [
                "Messenger does not answer, or does not know the page's token: look at MOJBOK_MESSENGER_TOKEN, and see "
                f"in the app's dashboard that {webhook} gets messages, messaging_postbacks and messaging_referrals."
            ]
        return []

    async def close(self) -> None:
        await self._api.close()
