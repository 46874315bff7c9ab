"""`mojbok channels check`: what is configured, what is missing, and whether the platforms agree."""

from __future__ import annotations

import typer

from backend.channels.service import NAMES, configured
from backend.settings import Settings

NEEDED = {
    "telegram": ("telegram_token", "telegram_secrets", "telegram_bot"),
    "messenger": ("messenger_token", "meta_secrets", "meta_verify_token", "messenger_page"),
    "whatsapp": ("whatsapp_token", "meta_secrets", "meta_verify_token", "whatsapp_phone_id", "whatsapp_number"),
}


async def check_channels(settings: Settings) -> None:
    """Raises typer.Exit when something is wrong."""
    channels = configured(settings)
    troubles = 0
    for name, title in NAMES.items():
        missing = [f"MOJBOK_{one.upper()}" for one in NEEDED[name] if not _is_set(settings, one)]
        if len(missing) == len(NEEDED[name]) or name not in channels:
            typer.echo(f"{title}: off. To turn it on set {', '.join(missing)}.")
            continue
        found = [f"Set {one}." for one in missing]
        found += await channels[name].check(f"{settings.base_url}/webhooks/{name}")
        typer.echo(f"{title}: {'ready' if not found else 'on, but'}")
        for trouble in found:
            typer.echo(f"  {trouble}")
        troubles += len(found)
        await channels[name].close()
    if troubles:
        raise typer.Exit(1)


def _is_set(settings: Settings, name: str) -> bool:
    value = getattr(settings, name)
    return bool(value if isinstance(value, str) else value.get_secret_value())
