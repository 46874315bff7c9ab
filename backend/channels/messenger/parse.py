"""Messenger's webhook calls as deeds. What is no deed of a person (echoes, reads, reactions, edits, …) is left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from backend.channels import meta
from backend.channels.meta import Json
from backend.channels.schemas import Arrival, Deed

TOPIC = "page"
START = "start"
"""The payload of the “Rozpocznij” button."""
FILES = {"image": "zdjecie.jpg", "file": "plik"}
LINKS = frozenset({"fallback", "template"})
"""Attachments that show what the text itself links to."""


def arrivals(told: Any) -> list[Arrival]:
    """The deeds of a whole batch, in order; what was written with a file is said after it."""
    return meta.read(meta.events(told, TOPIC, "messaging"), _arrivals)


def _arrivals(event: Json) -> list[Arrival]:
    if "message" in event:
        return _message(event, event["message"])
    if "postback" in event:
        return [_postback(event, event["postback"])]
    if "referral" in event:
        return [_opened(event, event["referral"])]
    return []


def _message(event: Json, message: Json) -> list[Arrival]:
    if message.get("is_echo") or message.get("is_deleted"):
        return []
    base = _deed(event, meta.string(message["mid"]))
    if reply := message.get("quick_reply"):
        return [replace(base, deed=Deed.CHOSE, value=meta.string(reply["payload"]))]
    text = meta.string(message["text"]) if message.get("text") else ""
    found = _attachments(base, meta.objects(message.get("attachments")), text)
    if not text:
        return found or [base]
    caption = f"{base.platform_id}#caption" if found else base.platform_id
    return [*found, replace(base, platform_id=caption, deed=Deed.SAID, value=text)]


def _attachments(base: Arrival, attachments: list[Json], text: str) -> list[Arrival]:
    """Each file by itself; all else as one."""
    shown = [one for one in attachments if not (text and one.get("type") in LINKS)]
    files = [_file(base, one["type"], one["payload"]) for one in shown if _is_file(one)]
    others = [base] if len(files) < len(shown) else []
    return [
        replace(one, platform_id=f"{one.platform_id}#{number}") if number > 1 else one
        for number, one in enumerate([*files, *others], 1)
    ]


def _is_file(attachment: Json) -> bool:
    payload = attachment.get("payload")
    told = payload if isinstance(payload, dict) else {}
    return attachment.get("type") in FILES and isinstance(told.get("url"), str) and "sticker_id" not in told


def _file(base: Arrival, kind: str, payload: Json) -> Arrival:
    name = PurePosixPath(unquote(urlsplit(payload["url"]).path)).name
    return replace(
        base, deed=Deed.SENT_FILE, value=payload["url"], file_name=name if PurePosixPath(name).suffix else FILES[kind]
    )


def _postback(event: Json, postback: Json) -> Arrival:
    payload = meta.string(postback["payload"])
    base = _deed(event, postback.get("mid") or _made_id(event, payload))
    link = _link(postback.get("referral"))
    if link or payload == START:
        return replace(base, deed=Deed.START, link=link)
    return replace(base, deed=Deed.CHOSE, value=payload)


def _opened(event: Json, referral: Json) -> Arrival:
    link = _link(referral)
    return replace(_deed(event, _made_id(event, link)), deed=Deed.START, link=link)


def _link(referral: Any) -> str:
    """An advertisement's `ref` is none of our tokens."""
    told = referral if isinstance(referral, dict) else {}
    ref = told.get("ref")
    return ref if isinstance(ref, str) and told.get("source") != "ADS" else ""


def _made_id(event: Json, payload: str) -> str:
    """An id for what the platform gives none: the same each time it is told."""
    return f"{_sender(event)}:{event['timestamp']}:{payload}"


def _sender(event: Json) -> str:
    return meta.string(event["sender"]["id"])


def _deed(event: Json, platform_id: str) -> Arrival:
    return Arrival(
        platform_id=meta.string(platform_id),
        account=_sender(event),
        address=_sender(event),
        sent_at=meta.moment(event["timestamp"] / 1000),
        deed=Deed.SENT_OTHER,
    )
