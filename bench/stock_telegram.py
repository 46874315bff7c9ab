"""Runs in Rasa's environment: its Telegram channel, made to speak to another address than Telegram's.

The original registers the webhook in an event loop that it closes, and goes on with that loop's HTTP session: each update ended in "Event loop is closed". Here the session is
closed with the loop, so that another is made.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiogram import Bot
from aiogram.bot.api import TelegramAPIServer
from rasa.core.channels.telegram import TelegramInput, TelegramOutput


class LocalOutput(TelegramOutput):
    def __init__(self, access_token: str, url: str) -> None:
        Bot.__init__(self, access_token, server=TelegramAPIServer.from_base(url))


class LocalTelegram(TelegramInput):
    """`url` in the credentials is where the Bot API is."""

    url: str

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> LocalTelegram:
        made: LocalTelegram = super().from_credentials(credentials)
        made.url = (credentials or {})["url"]
        return made

    def get_output_channel(self) -> TelegramOutput:
        channel = LocalOutput(self.access_token, self.url)
        asyncio.run(self._register(channel))
        return channel

    async def _register(self, channel: TelegramOutput) -> None:
        await channel.set_webhook(url=self.webhook_url)
        await channel.close()
