"""WhatsApp's Cloud API as a channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from backend.channels.capabilities import WHATSAPP
from backend.channels.schemas import Arrival, Call, LateRefusal, Refused, Shown, TryAgain
from backend.channels.whatsapp import parse, render, verify
from backend.channels.whatsapp.send import CloudApi


class WhatsApp:
    name = "whatsapp"
    capabilities = WHATSAPP

    def __init__(self, token: str, secrets: list[str], phone_number_id: str, number: str, base_url: str) -> None:
        """`secrets` are the app's; `number` is the public one, with its country's prefix, for wa.me/…"""
        self._secrets, self._number = secrets, re.sub(r"\D", "", number)
        self._api = CloudApi(base_url, token, phone_number_id)

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        return verify.is_genuine(self._secrets, headers, body)

    def parse(self, told: Any) -> list[Arrival]:
        return parse.arrivals(told)

    def late_refusals(self, told: Any) -> list[LateRefusal]:
        return parse.late_refusals(told)

    def render(self, shown: Shown) -> list[Call]:
        return render.calls(shown)

    async def send(self, address: str, call: Call) -> str:
        return await self._api.send(address, call)

    async def show_signs(self, arrival: Arrival) -> None:
        if arrival.sign:
            await self._api.show_signs(arrival.sign)

    async def fetch(self, file: str) -> bytes:
        return await self._api.fetch(file)

    def deep_link(self, token: str) -> str:
        return f"https://wa.me/{self._number}?text={quote(f'{parse.LINKING} {token}', safe='')}"

    async def check(self, webhook: str) -> list[str]:
        """The webhook is registered in the app's dashboard."""
        try:
            await self._api.ask()
        except (TryAgain, Refused):
            return [
                "WhatsApp does not answer, or does not know the token or the number: look at MOJBOK_WHATSAPP_TOKEN and "
                f"MOJBOK_WHATSAPP_PHONE_ID, and see in the app's dashboard that {webhook} gets messages."
            ]
        return []

    async def close(self) -> None:
        await self._api.close()
