"""Updates of the Bot API as deeds. What is no deed of a person (edits, reactions, polls, …) is left out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.channels.schemas import Arrival, Deed

Json = dict[str, Any]

PRIVATE = "private"


def arrivals(update: Any) -> list[Arrival]:
    """The deeds of one update, in order; a caption is said after its file."""
    try:
        return _arrivals(update)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
        return []


def _arrivals(update: Json) -> list[Arrival]:
    update_id = str(int(update["update_id"]))
    if message := update.get("message"):
        return _message(update_id, message)
    if post := update.get("channel_post"):
        return [_by_chat(update_id, post, Deed.GROUP)]
    if query := update.get("callback_query"):
        return [_pressed(update_id, query)]
    if member := update.get("my_chat_member"):
        return _membership(update_id, member)
    return []


def _message(update_id: str, message: Json) -> list[Arrival]:
    if message.get("from", {}).get("is_bot"):
        return []
    if message["chat"]["type"] != PRIVATE:
        return [_by_chat(update_id, message, Deed.GROUP)] if "text" in message else []
    found = [_content(update_id, message)]
    if caption := message.get("caption"):
        found.append(_by_chat(f"{update_id}#caption", message, Deed.SAID, value=caption))
    return found


def _content(update_id: str, message: Json) -> Arrival:
    if (text := message.get("text")) is not None:
        command, _, rest = text.partition(" ")
        if command == "/start":
            return _by_chat(update_id, message, Deed.START, link=rest.strip())
        return _by_chat(update_id, message, Deed.SAID, value=text)
    if photos := message.get("photo"):
        return _by_chat(update_id, message, Deed.SENT_FILE, value=photos[-1]["file_id"], file_name="zdjecie.jpg")
    if document := message.get("document"):
        name = document.get("file_name") or "plik"
        return _by_chat(update_id, message, Deed.SENT_FILE, value=document["file_id"], file_name=name)
    return _by_chat(update_id, message, Deed.SENT_OTHER)


def _pressed(update_id: str, query: Json) -> Arrival:
    """A pressed button has no time of its own: it is done now."""
    user = query["from"]
    return Arrival(
        platform_id=update_id,
        account=str(user["id"]),
        address=str(user["id"]),
        sent_at=dt.datetime.now(dt.UTC),
        deed=Deed.CHOSE,
        value=str(query.get("data", "")),
        name=_name(user),
        sign=str(query["id"]),
    )


def _membership(update_id: str, member: Json) -> list[Arrival]:
    if member["chat"]["type"] != PRIVATE:
        return []
    blocked = member["new_chat_member"]["status"] == "kicked"
    return [_by_chat(update_id, member, Deed.BLOCKED if blocked else Deed.UNBLOCKED)]


def _by_chat(update_id: str, told: Json, deed: Deed, **more: str) -> Arrival:
    chat = told["chat"]
    return Arrival(
        platform_id=update_id,
        account=str(chat["id"]),
        address=str(chat["id"]),
        sent_at=dt.datetime.fromtimestamp(told["date"], dt.UTC),
        deed=deed,
        name=_name(chat),
        **more,
    )


def _name(who: Json) -> str:
    parts = [who.get("first_name"), who.get("last_name")]
    username = f"@{who['username']}" if who.get("username") else ""
    return " ".join(part for part in [*parts, username] if part)
