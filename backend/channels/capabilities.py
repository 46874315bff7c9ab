"""What each platform can show, as its documentation has it (read in November 2026)."""

from __future__ import annotations

import datetime as dt

from backend.channels.schemas import Capabilities

DAY = dt.timedelta(hours=24)


def utf16(text: str) -> int:
    """Telegram counts UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


TELEGRAM = Capabilities(
    text=4096,
    buttons=100,
    button_text=4096,
    rows=0,
    row_text=0,
    title=60,
    row_title=0,
    payload=64,
    caption=1024,
    window=None,
    length=utf16,
)
MESSENGER = Capabilities(
    text=2000,
    buttons=3,
    button_text=640,
    rows=13,
    row_text=2000,
    title=20,
    row_title=20,
    payload=1000,
    caption=0,
    window=DAY,
)
WHATSAPP = Capabilities(
    text=4096,
    buttons=3,
    button_text=1024,
    rows=10,
    row_text=4096,
    title=20,
    row_title=24,
    payload=200,
    caption=1024,
    window=DAY,
)
