"""Telegram's Bot API as a channel."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from backend.channels.capabilities import TELEGRAM
from backend.channels.schemas import Arrival, Call, Deed, LateRefusal, Refused, Shown, TryAgain
from backend.channels.telegram import parse, render, verify
from backend.channels.telegram.send import BotApi

UPDATES = ["message", "callback_query", "my_chat_member", "channel_post"]


class Telegram:
    name = "telegram"
    capabilities = TELEGRAM

    def __init__(self, token: str, secrets: list[str], bot: str, base_url: str) -> None:
        """`secrets` are what webhook calls bring, the newest first; `bot` is its name in t.me/…"""
        self._secrets, self._bot = secrets, bot
        self._api = BotApi(base_url, token)

    def verify(self, headers: Mapping[str, str], _body: bytes) -> bool:
        return verify.is_genuine(self._secrets, headers)

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
        if arrival.deed is Deed.CHOSE:
            with suppress(Refused):  # a query is too old after a while, and may be anybody's
                await self._api.call("answerCallbackQuery", {"callback_query_id": arrival.sign})
        await self._api.call("sendChatAction", {"chat_id": int(arrival.address), "action": "typing"})

    async def fetch(self, file: str) -> bytes:
        return await self._api.fetch(file)

    def deep_link(self, token: str) -> str:
        return f"https://t.me/{self._bot}?start={token}"

    async def check(self, webhook: str) -> list[str]:
        """Registers the webhook, with the newest secret."""
        try:
            me = await self._api.call("getMe", {})
            hook = {"url": webhook, "secret_token": self._secrets[0], "allowed_updates": UPDATES}
            await self._api.call("setWebhook", hook)
            info = await self._api.call("getWebhookInfo", {})
        except TryAgain:
            return ["Telegram does not answer, or does not know the token: look at MOJBOK_TELEGRAM_TOKEN."]
        except Refused:
            return [f"Telegram does not take {webhook} as a webhook: it needs an https address that it can reach."]
        found = []
        if self._bot and me.get("username") != self._bot:
            found.append(f"The bot is called {me.get('username')}: set MOJBOK_TELEGRAM_BOT.")
        if info.get("last_error_message"):
            found.append("Telegram's last call of the webhook failed: see the log, and whether it can be reached.")
        return found

    async def close(self) -> None:
        await self._api.close()
