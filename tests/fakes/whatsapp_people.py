"""People who write to the firm's number, and what they do in WhatsApp."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tests.fakes.graph_wire import Sent
from tests.fakes.server import Json, Upload
from tests.fakes.whatsapp_rules import DISPLAYED, FAILURES

if TYPE_CHECKING:
    from tests.fakes.whatsapp import WhatsApp

FREE: Json = {"billable": False, "pricing_model": "PMP", "category": "service", "type": "free_customer_service"}
UNKNOWN: Json = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}
HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class WhatsAppPerson:
    """Each deed sends a change and returns it."""

    def __init__(self, whatsapp: WhatsApp, phone: str, name: str, user_id: str, hides_phone: bool) -> None:
        self._whatsapp, self.phone, self.name, self.user_id = whatsapp, phone, name, user_id
        self.hides_phone = hides_phone
        self.blocked = False
        self.wrote_at = float("-inf")
        self.last_id = ""

    def say(self, text: str) -> Json:
        return self.send("text", {"body": text})

    def send(self, kind: str, content: object, **more: object) -> Json:
        """A message of any kind: text, image, audio, location, contacts, order, …"""
        assert not self.blocked, "who blocked the firm cannot write to it"
        whatsapp = self._whatsapp
        self.wrote_at, self.last_id = whatsapp.fake.clock, whatsapp.new_id("wamid.HBgLIN{:014}AA==")
        whatsapp.inbound.add(self.last_id)
        message: Json = {"id": self.last_id, "timestamp": self._now(), "type": kind, kind: content, **more}
        message |= {"from_user_id": self.user_id} | ({} if self.hides_phone else {"from": self.phone})
        return whatsapp.push(whatsapp.change(contacts=[self._contact()], messages=[message]))

    def press(self, title: str) -> Json:
        """Presses a button, or picks a row of a list, of the newest message that has it."""
        for sent in self._whatsapp.sent_to(self.phone):
            for button in sent.buttons:
                if button.title == title:
                    return self._reply(sent, button.title, button.payload)
        raise AssertionError(f"there is no button {title!r}")

    def _reply(self, sent: Sent, title: str, payload: str) -> Json:
        reply: Json = {"id": payload, "title": title}
        kind = "list_reply" if sent.kind == "list" else "button_reply"
        context = {"from": DISPLAYED, "id": sent.id}
        return self.send("interactive", {"type": kind, kind: reply}, context=context)

    def react(self, emoji: str, to: Sent | None = None) -> Json:
        message_id = (to or self._whatsapp.sent_to(self.phone)[0]).id
        return self.send("reaction", {"message_id": message_id, "emoji": emoji})

    def send_image(self, content: bytes, mime: str = "image/jpeg", caption: str = "") -> Json:
        return self._send_file("image", Upload("", mime, content), {"caption": caption} if caption else {})

    def send_document(self, content: bytes, name: str, mime: str) -> Json:
        return self._send_file("document", Upload(name, mime, content), {"filename": name})

    def send_unsupported(self, what: str = "poll_creation") -> Json:
        return self.send("unsupported", {"type": what}, errors=[UNKNOWN])

    def edit(self, text: str, told: bool = False) -> Json:
        """Changes the last message; what became of it is `told` only to numbers that the firm's own app uses too."""
        if not told:
            return self.send_unsupported("edit")
        original = self.last_id
        message = {"context": {"id": original}, "type": "text", "text": {"body": text}}
        return self.send("edit", {"original_message_id": original, "message": message})

    def received(self, sent: Sent) -> Json:
        """The platform has it."""
        return self._status(sent, "sent", pricing=FREE)

    def delivered(self, sent: Sent) -> Json:
        return self._status(sent, "delivered", pricing=FREE)

    def read(self, sent: Sent) -> Json:
        return self._status(sent, "read")

    def failed(self, sent: Sent, code: int) -> Json:
        title, details = FAILURES[code]
        error = {"code": code, "title": title, "message": title, "error_data": {"details": details}, "href": HELP}
        return self._status(sent, "failed", errors=[error])

    def stop_marketing(self) -> Json:
        """Wants no offers any more; answers still reach them."""
        wish = {
            "wa_id": self.phone,
            "user_id": self.user_id,
            "detail": "User requested to stop marketing messages",
            "category": "marketing_messages",
            "value": "stop",
            "timestamp": int(self._whatsapp.fake.clock),
        }
        whatsapp = self._whatsapp
        return whatsapp.push(whatsapp.change("user_preferences", contacts=[self._contact()], user_preferences=[wish]))

    def block(self) -> None:
        self.blocked = True

    def unblock(self) -> None:
        self.blocked = False

    def _send_file(self, kind: str, upload: Upload, more: Json) -> Json:
        digest = hashlib.sha256(upload.content).hexdigest()
        medium = {"id": self._whatsapp.store(upload), "mime_type": upload.mime, "sha256": digest}
        return self.send(kind, medium | more)

    def _status(self, sent: Sent, status: str, **more: Any) -> Json:
        told: Json = {"id": sent.id, "status": status, "timestamp": self._now(), "recipient_user_id": self.user_id}
        told |= more | ({} if self.hides_phone else {"recipient_id": self.phone})
        return self._whatsapp.push(self._whatsapp.change(statuses=[told]))

    def _contact(self) -> Json:
        known = {} if self.hides_phone else {"wa_id": self.phone}
        return {"profile": {"name": self.name}, **known, "user_id": self.user_id}

    def _now(self) -> str:
        return str(int(self._whatsapp.fake.clock))
