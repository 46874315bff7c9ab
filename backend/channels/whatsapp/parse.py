"""WhatsApp's webhook calls as deeds and late refusals. What is neither (reactions, edits, receipts, …) is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from backend.channels import meta
from backend.channels.meta import Json
from backend.channels.schemas import Arrival, Deed, LateRefusal

TOPIC = "whatsapp_business_account"
LINKING = "Połącz moje konto mojBOK:"
"""How the message begins that a deep link writes; its token follows."""
IGNORED = frozenset({"reaction", "edit", "revoke", "system", "request_welcome"})
CHOICES = frozenset({"button_reply", "list_reply"})
FILES = frozenset({"image", "document"})
ENDINGS = {"image/png": ".png", "image/webp": ".webp"}
_LINK = re.compile(rf"\s*{LINKING}\s*([A-Za-z0-9_-]+)\s*")

Message = tuple[Json, Json]
"""A message, and the value it came in, which tells who wrote it."""


def arrivals(told: Any) -> list[Arrival]:
    """The deeds of a whole batch, in order; a caption is said after its file."""
    return meta.read(_messages(told), _arrivals)


def late_refusals(told: Any) -> list[LateRefusal]:
    statuses = (status for value in _values(told) for status in meta.objects(value.get("statuses")))
    return meta.read(statuses, _late_refusals)


def _messages(told: Any) -> Iterator[Message]:
    for value in _values(told):
        for message in meta.objects(value.get("messages")):
            yield message, value


def _values(told: Any) -> Iterator[Json]:
    for change in meta.events(told, TOPIC, "changes"):
        value = change.get("value")
        if change.get("field") == "messages" and isinstance(value, dict):
            yield value


def _late_refusals(status: Json) -> list[LateRefusal]:
    if status.get("status") != "failed":
        return []
    codes = (error.get("code") for error in meta.objects(status.get("errors")))
    reasons = (meta.known_reason(code) for code in codes if isinstance(code, int))
    return [LateRefusal(meta.string(status["id"]), next(filter(None, reasons), "refused"))]


def _arrivals(told: Message) -> list[Arrival]:
    message, value = told
    kind = meta.string(message["type"])
    content = message.get(kind)
    if kind in IGNORED or (kind == "unsupported" and isinstance(content, dict) and content.get("type") in IGNORED):
        return []
    base = _deed(message, value)
    if message.get("group_id"):
        return [replace(base, deed=Deed.GROUP)]
    found = [_content(base, kind, content)]
    if isinstance(content, dict) and content.get("caption"):
        caption = meta.string(content["caption"])
        found.append(replace(base, platform_id=f"{base.platform_id}#caption", deed=Deed.SAID, value=caption))
    return found


def _content(base: Arrival, kind: str, content: Any) -> Arrival:
    if kind == "text":
        return _text(base, meta.string(content["body"]))
    if kind == "interactive" and content["type"] in CHOICES:
        return replace(base, deed=Deed.CHOSE, value=meta.string(content[content["type"]]["id"]))
    if kind in FILES:
        return _file(base, kind, content)
    return base


def _text(base: Arrival, text: str) -> Arrival:
    if linking := _LINK.fullmatch(text):
        return replace(base, deed=Deed.START, link=linking[1])
    return replace(base, deed=Deed.SAID, value=text)


def _file(base: Arrival, kind: str, content: Json) -> Arrival:
    name = content.get("filename") or "plik"
    if kind == "image":
        name = "zdjecie" + ENDINGS.get(content.get("mime_type", ""), ".jpg")
    return replace(base, deed=Deed.SENT_FILE, value=meta.string(content["id"]), file_name=meta.string(name))


def _deed(message: Json, value: Json) -> Arrival:
    """People who hide their number are known by a user id alone."""
    phone, user_id = message.get("from") or "", message.get("from_user_id") or ""
    message_id = meta.string(message["id"])
    return Arrival(
        platform_id=message_id,
        account=meta.string(user_id or phone),
        address=f"to:{meta.string(phone)}" if phone else f"recipient:{meta.string(user_id)}",
        sent_at=meta.moment(int(message["timestamp"])),
        deed=Deed.SENT_OTHER,
        name=_name(value, phone, user_id),
        sign=message_id,
    )


def _name(value: Json, phone: str, user_id: str) -> str:
    for contact in meta.objects(value.get("contacts")):
        if (user_id and contact.get("user_id") == user_id) or (phone and contact.get("wa_id") == phone):
            profile = contact.get("profile")
            name = profile.get("name") if isinstance(profile, dict) else ""
            return name if isinstance(name, str) else ""
    return ""
