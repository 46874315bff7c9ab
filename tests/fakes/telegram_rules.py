"""What the Bot API refuses, in its own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.server import Json, Upload, image_size, is_utf8

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_DATA, LONGEST_ANSWER = 4096, 1024, 64, 200
MOST_BUTTONS = 100
LARGEST_PHOTO = 10 * 1024 * 1024
SECRET = re.compile(r"[A-Za-z0-9_-]*")
PORTS = {None, 443, 80, 88, 8443}
ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)
TAGS = frozenset("b strong i em u ins s strike del span tg-spoiler tg-emoji a code pre blockquote".split())
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>")


class Refused(Exception):
    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def units(text: str) -> int:
    """A text's length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def check_encoding(parameters: Json) -> None:
    if not is_utf8(parameters):
        raise bad("strings must be encoded in UTF-8")


def shown(text: str, parse_mode: str | None) -> str:
    """What is seen of a text; its marks must be right."""
    if not parse_mode:
        return text.strip()
    if parse_mode.upper() != "HTML":
        raise bad("unsupported parse_mode")
    opened: list[str] = []
    for tag in TAG.finditer(text):
        closing, name, at = tag[1], tag[2].lower(), len(text[: tag.start()].encode())
        if name not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {at}')
        if not closing:
            opened.append(name)
        elif not opened or opened.pop() != name:
            raise bad(f"can't parse entities: Unmatched end tag at byte offset {at}")
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1]}\"")
    rest = TAG.sub("", text)
    if "<" in rest:
        raise bad("can't parse entities: Unclosed start tag")
    return unescape(rest).strip()


def check_text(text: str) -> None:
    if not text:
        raise bad("text must be non-empty")
    if units(text) > LONGEST_TEXT:
        raise bad("message is too long")


def keyboard(markup: Any) -> Json | None:
    """The reply markup of a request, whose JSON may be within a string."""
    if markup in (None, ""):
        return None
    if isinstance(markup, str):
        try:
            markup = json.loads(markup)
        except ValueError:
            raise bad("can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    for button in buttons(markup):
        if not isinstance(button, dict):
            raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
        if not isinstance(button.get("text"), str):
            raise bad("can't parse inline keyboard button: Can't find field \"text\"")
        if not button.get("url") and not button.get("callback_data"):
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    return markup


def buttons(markup: Json | None) -> Iterator[Any]:
    rows = (markup or {}).get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    for row in rows:
        yield from row


def check_keyboard(markup: Json | None) -> None:
    """What is refused only once the chat was found."""
    every = list(buttons(markup))
    for button in every:
        if not button["text"].strip():
            raise bad("inline keyboard button text must be non-empty")
        if url := button.get("url"):
            _check_url(url)
        elif not isinstance(button["callback_data"], str) or len(button["callback_data"].encode()) > LONGEST_DATA:
            raise bad("BUTTON_DATA_INVALID")
    if len(every) > MOST_BUTTONS:
        raise bad("reply markup is too long")


def _check_url(url: str) -> None:
    where = urlsplit(url)
    if where.scheme not in ("http", "https", "tg") or (where.scheme != "tg" and "." not in (where.hostname or "")):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def check_photo(photo: Upload | None) -> None:
    if photo is None:
        raise bad("there is no photo in the request")
    if not photo.content:
        raise bad("file must be non-empty")
    if len(photo.content) > LARGEST_PHOTO:
        size = len(photo.content)
        raise bad(f"file of size {size} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes")
    size_ = image_size(photo.content)
    if size_ is None:
        raise bad("IMAGE_PROCESS_FAILED")
    if sum(size_) > 10_000 or max(size_) > 20 * min(size_):
        raise bad("PHOTO_INVALID_DIMENSIONS")


def check_caption(caption: str) -> None:
    if units(caption) > LONGEST_CAPTION:
        raise bad("message caption is too long")


def check_webhook(url: str, secret: str, connections: int, loopback: bool) -> None:
    where = urlsplit(url)
    if where.scheme != "https" and not (loopback and url.startswith("http://127.0.0.1:")):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if where.scheme == "https" and where.port not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    if not 1 <= connections <= 100:
        raise bad("max_connections must be between 1 and 100")
