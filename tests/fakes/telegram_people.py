"""People who write to the bot, and what they do in Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes import telegram_updates as updates
from tests.fakes.server import Json, Upload, image_size
from tests.fakes.telegram_wire import Chat

if TYPE_CHECKING:
    from tests.fakes.telegram import TelegramFake
    from tests.fakes.telegram_wire import Sent

GROUP, CHANNEL = -1_001_000_000_001, -1_001_000_000_002


class Person:
    """Each deed sends an update and returns it."""

    def __init__(self, fake: TelegramFake, chat_id: int, name: str) -> None:
        self._fake, self.chat_id, self.name = fake, chat_id, name
        self._last: Json = {}

    def say(self, text: str) -> Json:
        return self.send(text=text)

    def start(self, payload: str = "") -> Json:
        return self.say(f"/start {payload}".strip())

    def send(self, **content: Any) -> Json:
        """A message of any kind: `text`, `sticker`, `voice`, `location`, …"""
        with self._fake.lock:
            update = updates.said(next(self._fake.message_ids), self.chat_id, self.name, **content)
            self._last = update["message"]
            self._fake.messages[self.chat_id, self._last["message_id"]] = self._last
            chat = self._fake.chats[self.chat_id]
            assert not chat.blocked, "who blocked the bot cannot write to it"
            chat.open = chat.seen = True
        return self._fake.push(update)

    def send_photo(self, content: bytes, caption: str = "") -> Json:
        """In two sizes, as every photo comes; the larger one last."""
        upload = Upload("zdjecie.jpg", "image/jpeg", content)
        width, height = image_size(content) or (90, 90)
        whole = self._fake.store("photos", upload).described() | {"width": width, "height": height}
        small = self._fake.store("photos", upload).described() | {"width": min(width, 90), "height": min(height, 90)}
        return self.send(photo=[small, whole], **({"caption": caption} if caption else {}))

    def send_document(self, content: bytes, name: str, mime: str, caption: str = "") -> Json:
        stored = self._fake.store("documents", Upload(name, mime, content))
        document = stored.described() | {"file_name": name, "mime_type": mime}
        return self.send(document=document, **({"caption": caption} if caption else {}))

    def press(self, button: str | Sent, label: str = "") -> Json:
        """Presses a button by what is on it: in that message, or in the newest one that has it."""
        messages = [message for (chat_id, _), message in self._fake.messages.items() if chat_id == self.chat_id]
        if not isinstance(button, str):
            messages = [button.message]
        wanted = button if isinstance(button, str) else label
        for message in reversed(messages):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for each in row:
                    if "callback_data" in each and wanted in (each["text"], ""):
                        return self.press_data(each["callback_data"], message)
        raise AssertionError(f"there is no button {wanted!r}")

    def press_data(self, data: str, under: Json) -> Json:
        """Presses with data that need not be on any button, as clients of one's own making can."""
        query_id = self._fake.ask()
        return self._fake.push(updates.pressed(query_id, self.chat_id, self.name, under, data))

    def edit(self, text: str) -> Json:
        """Changes the last message this person sent."""
        return self._fake.push(updates.edited(self._last, text))

    def react(self, emoji: str, to: Sent | None = None) -> Json:
        """To that message, or to the last one of the chat."""
        ids = [message_id for chat_id, message_id in self._fake.messages if chat_id == self.chat_id]
        message_id = to.message_id if to and to.message_id else ids[-1]
        return self._fake.push(updates.reacted(message_id, self.chat_id, self.name, emoji))

    def block(self) -> Json:
        self._fake.chats[self.chat_id].blocked = True
        return self._fake.push(updates.membership(self.chat_id, self.name, "member", "kicked"))

    def unblock(self) -> Json:
        self._fake.chats[self.chat_id].blocked = False
        return self._fake.push(updates.membership(self.chat_id, self.name, "kicked", "member"))

    def say_in_group(self, text: str, group_id: int = GROUP) -> Json:
        with self._fake.lock:
            group = self._fake.chats.setdefault(group_id, Chat())
            group.open = group.seen = True
            self._fake.chats[self.chat_id].seen = True
            number = next(self._fake.message_ids)
        return self._fake.push(updates.group_message(number, self.chat_id, self.name, group_id, text))

    def channel_post(self, text: str, channel_id: int = CHANNEL) -> Json:
        return self._fake.push(updates.channel_post(next(self._fake.message_ids), channel_id, text))
