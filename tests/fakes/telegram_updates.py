"""Updates as the Bot API sends them, made of plain values; each lacks only its `update_id`."""

from __future__ import annotations

import time

from tests.fakes.server import Json

BOT: Json = {"id": 7_000_000_001, "is_bot": True, "first_name": "mojBOK", "username": "mojbok_bot"}
OPTIONAL = frozenset({"message_reaction", "message_reaction_count", "chat_member"})
"""Kinds that are sent only to who asked for them by name."""


def user(user_id: int, name: str) -> Json:
    first, _, last = name.partition(" ")
    return {"id": user_id, "is_bot": False, "first_name": first, "language_code": "pl"} | (
        {"last_name": last} if last else {}
    )


def private_chat(user_id: int, name: str) -> Json:
    first, _, last = name.partition(" ")
    return {"id": user_id, "first_name": first, "type": "private"} | ({"last_name": last} if last else {})


def message(message_id: int, sender: Json, chat: Json, **content: object) -> Json:
    told: Json = {"message_id": message_id, "from": sender, "chat": chat, "date": int(time.time()), **content}
    text = content.get("text")
    if isinstance(text, str) and text.startswith("/"):
        command = text.split(maxsplit=1)[0]
        told["entities"] = [{"offset": 0, "length": len(command), "type": "bot_command"}]
    return told


def said(message_id: int, user_id: int, name: str, **content: object) -> Json:
    """A message in the private chat of a user: `text`, `photo`, `sticker`, …"""
    return {"message": message(message_id, user(user_id, name), private_chat(user_id, name), **content)}


def edited(original: Json, text: str) -> Json:
    return {"edited_message": original | {"text": text, "edit_date": int(time.time())}}


def pressed(query_id: str, user_id: int, name: str, under: Json, data: str) -> Json:
    query = {"id": query_id, "from": user(user_id, name), "message": under, "chat_instance": str(user_id), "data": data}
    return {"callback_query": query}


def reacted(message_id: int, user_id: int, name: str, emoji: str) -> Json:
    reaction = {
        "chat": private_chat(user_id, name),
        "message_id": message_id,
        "user": user(user_id, name),
        "date": int(time.time()),
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": emoji}],
    }
    return {"message_reaction": reaction}


def membership(user_id: int, name: str, before: str, after: str) -> Json:
    """The bot's own standing in a private chat: `member`, or `kicked` where it is blocked."""

    def standing(status: str) -> Json:
        return {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    change = {
        "chat": private_chat(user_id, name),
        "from": user(user_id, name),
        "date": int(time.time()),
        "old_chat_member": standing(before),
        "new_chat_member": standing(after),
    }
    return {"my_chat_member": change}


def group_message(message_id: int, user_id: int, name: str, group_id: int, text: str) -> Json:
    chat = {"id": group_id, "title": "Sąsiedzi z Lipowej", "type": "supergroup"}
    return {"message": message(message_id, user(user_id, name), chat, text=text)}


def channel_post(message_id: int, channel_id: int, text: str) -> Json:
    chat = {"id": channel_id, "title": "Ogłoszenia osiedla", "type": "channel"}
    date = int(time.time())
    return {"channel_post": {"message_id": message_id, "sender_chat": chat, "chat": chat, "date": date, "text": text}}


def kind(update: Json) -> str:
    return next(name for name in update if name != "update_id")


def lane(update: Json) -> object:
    """Updates of one chat come in order."""
    told = update[kind(update)]
    return told.get("message", told).get("chat", {}).get("id")
