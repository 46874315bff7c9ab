"""Which files are taken: told by their content, never by their name."""

from __future__ import annotations

import asyncio
import re
import unicodedata

from backend.tickets import pictures
from backend.tickets.schemas import FileRefused, Upload

LARGEST = 10 * 1024 * 1024
MOST = 5
LONGEST_NAME = 120

_BEGINNINGS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


async def received(name: str, content: bytes) -> Upload:
    """What may be kept of a file that was sent. Takes a moment for a picture, so no transaction waits for it.

    Raises FileRefused 413 or 415.
    """
    mime = kind_of(content)
    if mime.startswith("image/"):
        content = await asyncio.to_thread(pictures.made_anew, content, mime)
    return Upload(clean_name(name, mime), mime, content)


def kind_of(content: bytes) -> str:
    """The MIME type of a file. Raises FileRefused 413 or 415."""
    if len(content) > LARGEST:
        raise FileRefused(413, "Ten plik jest za duży. Może mieć najwyżej 10 MB.")
    for beginning, mime in _BEGINNINGS.items():
        if content.startswith(beginning):
            return mime
    raise FileRefused(415, "Można dołączyć tylko plik PDF, JPEG albo PNG.")


def clean_name(name: str, mime: str) -> str:
    """A name that is safe to show and to save under, with the ending of what the file really is."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")
    stem = re.sub(r"\.(pdf|jpe?g|png)$", "", printable, flags=re.IGNORECASE)[:LONGEST_NAME]
    return f"{stem or 'plik'}{_ENDINGS[mime]}"
