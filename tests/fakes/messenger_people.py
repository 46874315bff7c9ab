"""People who write to the page, and what they do in Messenger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.graph_wire import Button, Sent
from tests.fakes.server import Json, Upload

if TYPE_CHECKING:
    from tests.fakes.messenger import Messenger

REACTIONS = {"😆": "smile", "😠": "angry", "😢": "sad", "😮": "wow", "❤": "love", "👍": "like", "👎": "dislike"}


class MessengerPerson:
    """Each deed sends an event and returns it."""

    def __init__(self, messenger: Messenger, psid: str, name: str) -> None:
        self._messenger, self.psid, self.name = messenger, psid, name
        self.blocked = False
        self.wrote_at = float("-inf")
        self._last: Json = {}
        self._edits = 0

    def say(self, text: str, **more: object) -> Json:
        return self.send(text=text, **more)

    def send(self, **content: object) -> Json:
        """A message of any kind: `text`, `attachments`, …"""
        assert not self.blocked, "who blocked the page cannot write to it"
        self._last, self._edits = {"mid": self._messenger.new_id("m_in{:014}"), **content}, 0
        return self._inbound(message=self._last)

    def answer(self, title: str) -> Json:
        """Presses a quick reply; they are there until the next message."""
        newest = self._messenger.sent_to(self.psid)[:1]
        assert [sent.kind for sent in newest] == ["quick_replies"], "there are no quick replies"
        button = self._button(title, newest)
        return self.say(button.title, quick_reply={"payload": button.payload})

    def press(self, title: str) -> Json:
        """Presses a button of a template, the newest that has it."""
        found = self._button(title, [sent for sent in self._messenger.sent_to(self.psid) if sent.kind == "buttons"])
        return self.postback(found.title, found.payload)

    def postback(self, title: str, payload: str) -> Json:
        """As buttons, the menu and “Rozpocznij” do."""
        mid = self._messenger.new_id("m_in{:014}")
        return self._inbound(postback={"mid": mid, "title": title, "payload": payload})

    def get_started(self, payload: str) -> Json:
        return self.postback("Rozpocznij", payload)

    def edit(self, text: str) -> Json:
        """Changes the last message this person sent."""
        self._edits += 1
        return self._event(message_edit={"mid": self._last["mid"], "text": text, "num_edit": self._edits})

    def react(self, emoji: str, to: Sent | None = None, action: str = "react") -> Json:
        mid = (to or self._messenger.sent_to(self.psid)[0]).id
        name = REACTIONS.get(emoji.removesuffix("\ufe0f"), "other")
        return self._event(reaction={"reaction": name, "emoji": emoji, "action": action, "mid": mid})

    def read(self) -> Json:
        """All that came so far."""
        return self._event(read={"watermark": self._messenger.now_ms()})

    def delivered(self) -> Json:
        mids = [sent.id for sent in self._messenger.sent_to(self.psid)[:1]]
        return self._event(delivery={"mids": mids, "watermark": self._messenger.now_ms()})

    def send_image(self, content: bytes, mime: str = "image/jpeg") -> Json:
        return self.send_attachment("image", url=self._messenger.fake.publish(Upload("image", mime, content)))

    def send_file(self, content: bytes, name: str, mime: str) -> Json:
        return self.send_attachment("file", url=self._messenger.fake.publish(Upload(name, mime, content)))

    def send_attachment(self, kind: str, **payload: object) -> Json:
        """Of any kind: audio, video, location, fallback, sticker, …"""
        return self.send(attachments=[{"type": kind, "payload": payload}])

    def hear_from_page(self, text: str) -> Json:
        """Somebody of the firm answers from the page's inbox: an echo of no app."""
        return self._messenger.echo(self.psid, self._messenger.new_id("m_{:016}"), None, text=text)

    def block(self) -> None:
        self.blocked = True

    def unblock(self) -> None:
        self.blocked = False

    def _inbound(self, **content: Any) -> Json:
        self.wrote_at = self._messenger.fake.clock
        return self._event(**content)

    def _event(self, **content: Any) -> Json:
        return self._messenger.push(self._messenger.event(self.psid, **content))

    def _button(self, title: str, messages: list[Sent]) -> Button:
        for sent in messages:
            for button in sent.buttons:
                if button.title == title:
                    return button
        raise AssertionError(f"there is no button {title!r}")
