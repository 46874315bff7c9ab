"""The channels that this system's settings turn on."""

from __future__ import annotations

from pydantic import SecretStr

from backend.channels.messenger.channel import Messenger
from backend.channels.schemas import Channel
from backend.channels.telegram.channel import Telegram
from backend.channels.whatsapp.channel import WhatsApp
from backend.settings import Settings

NAMES = {"telegram": "Telegram", "messenger": "Messenger", "whatsapp": "WhatsApp"}
"""As people call them."""


def configured(settings: Settings) -> dict[str, Channel]:
    """Each by its name. One whose secrets are missing is off, whatever else is there."""
    meta, token = _several(settings.meta_secrets), SecretStr.get_secret_value
    found: list[Channel] = []
    if token(settings.telegram_token) and (secrets := _several(settings.telegram_secrets)):
        found.append(Telegram(token(settings.telegram_token), secrets, settings.telegram_bot, settings.telegram_url))
    if token(settings.messenger_token) and meta:
        found.append(Messenger(token(settings.messenger_token), meta, settings.messenger_page, settings.meta_url))
    if token(settings.whatsapp_token) and meta and settings.whatsapp_phone_id:
        found.append(
            WhatsApp(
                token(settings.whatsapp_token),
                meta,
                settings.whatsapp_phone_id,
                settings.whatsapp_number,
                settings.meta_url,
            )
        )
    return {channel.name: channel for channel in found}


def _several(secret: SecretStr) -> list[str]:
    return [part.strip() for part in secret.get_secret_value().split(",") if part.strip()]
