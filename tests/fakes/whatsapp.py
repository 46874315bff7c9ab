"""WhatsApp's part of the stand-in of the Graph API."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TYPE_CHECKING

from tests.fakes import whatsapp_rules as rules
from tests.fakes.graph_rules import Refused, check_keys, unknown_object, wrong_value
from tests.fakes.graph_wire import DAY, Product, Sent
from tests.fakes.server import Answer, Json, Upload
from tests.fakes.whatsapp_people import WhatsAppPerson

if TYPE_CHECKING:
    from tests.fakes.graph import GraphFake

ADDRESS_LASTS = 300


class WhatsApp(Product):
    """`late`: what cannot reach its recipient is accepted, and a failed status tells of it.

    `statuses`: what is accepted is told as sent and delivered.
    """

    topic = "whatsapp_business_account"

    def __init__(self, fake: GraphFake) -> None:
        super().__init__(fake)
        self.people: dict[str, WhatsAppPerson] = {}
        self.media: dict[str, Upload] = {}
        self.inbound: set[str] = set()
        self.late = False
        self.statuses = False
        self._media_ids = count(800_000_000_001)
        self._addresses: dict[str, tuple[str, float]] = {}

    def user(self, phone: str, name: str, *, user_id: str = "", hides_phone: bool = False) -> WhatsAppPerson:
        """`user_id` is who they are to this business; those who hide their number are known by it alone."""
        user_id = user_id or f"PL.{int(phone) * 7}"
        return self.people.setdefault(phone, WhatsAppPerson(self, phone, name, user_id, hides_phone))

    def envelope(self, *events: Json) -> Json:
        """A batch: one entry with a change for each event."""
        return {"object": self.topic, "entry": [{"id": self.fake.account_id, "changes": list(events)}]}

    def change(self, field: str = "messages", **content: object) -> Json:
        metadata = {"display_phone_number": rules.DISPLAYED, "phone_number_id": self.fake.phone_number_id}
        return {"value": {"messaging_product": "whatsapp", "metadata": metadata, **content}, "field": field}

    def lane(self, event: Json) -> str:
        value = event["value"]
        told = [*value.get("messages", []), *value.get("statuses", []), *value.get("user_preferences", [{}])][0]
        return str(told.get("from_user_id") or told.get("recipient_user_id") or told.get("user_id"))

    def store(self, upload: Upload) -> str:
        media_id = str(next(self._media_ids))
        self.media[media_id] = upload
        return media_id

    # The Graph API's side

    def send(self, body: Json) -> Json:
        rules.check_product(body)
        if "status" in body:
            return self._read(body)
        kind = rules.check_message(body, self.media)
        person, to = self._recipient(body)
        self._check_context(body)
        failure = self._failure(person)
        if failure and not self.late:
            title, details = rules.FAILURES[failure]
            raise Refused(failure, f"(#{failure}) {title}", details=details)
        sent = Sent("whatsapp", kind, person.phone if person else to, body, {}, self.new_id("wamid.HBgL{:016}AA=="))
        sent = Sent(sent.product, kind, sent.to, body, {}, sent.id, self.now_ms())
        self.fake.accept(sent)
        if person is not None and failure:
            person.failed(sent, failure)
        elif person is not None and self.statuses:
            person.received(sent)
            person.delivered(sent)
        contact = {"input": to} | ({"wa_id": person.phone if person else to.lstrip("+")} if "to" in body else {})
        known = {"user_id": person.user_id} if person is not None else {}
        return {"messaging_product": "whatsapp", "contacts": [contact | known], "messages": [{"id": sent.id}]}

    def _read(self, body: Json) -> Json:
        allowed = ["messaging_product", "status", "message_id"]
        check_keys("body", body, allowed, ["typing_indicator"])
        if body["status"] != "read":
            raise wrong_value("status must be read")
        if body["message_id"] not in self.inbound:
            raise wrong_value(f"Message ID {body['message_id']} is not valid")
        typing = body.get("typing_indicator")
        if typing is not None and check_keys("typing_indicator", typing, ["type"])["type"] != "text":
            raise wrong_value("typing_indicator type must be text")
        self.fake.accept(Sent("whatsapp", "typing" if typing else "read", "", body, {}, str(body["message_id"])))
        return {"success": True}

    def _recipient(self, body: Json) -> tuple[WhatsAppPerson | None, str]:
        if body.get("recipient_type", "individual") != "individual":
            raise wrong_value("recipient_type must be individual")
        if "to" in body:
            to = str(body["to"])
            digits = to.lstrip("+")
            if not digits.isdecimal() or not 8 <= len(digits) <= 15:
                raise wrong_value("Recipient phone number is not valid")
            return self.people.get(digits), to
        if "recipient" not in body:
            raise Refused(100, "(#100) The parameter to is required.")
        user_id = str(body["recipient"])
        return next((person for person in self.people.values() if person.user_id == user_id), None), user_id

    def _check_context(self, body: Json) -> None:
        if "context" in body:
            answered = str(check_keys("context", body["context"], ["message_id"])["message_id"])
            if answered not in self.inbound | {sent.id for sent in self.fake.sent}:
                raise wrong_value("context message_id is not valid")

    def _failure(self, person: WhatsAppPerson | None) -> int | None:
        if person is None:
            return 131026 if self.late else 131030
        if person.blocked:
            return 131026
        return 131047 if self.fake.clock - person.wrote_at > DAY else None

    def upload(self, body: Json, files: dict[str, Upload]) -> Json:
        upload = rules.check_upload(body, files.get("file"))
        media_id = self.store(Upload(upload.name, str(body.get("type", upload.mime)), upload.content))
        self.fake.accept(Sent("whatsapp", "upload", "", body, files, media_id))
        return {"id": media_id}

    def medium(self, media_id: str) -> Json:
        """What is told of a file; its address is good for five minutes."""
        upload = self.media.get(media_id)
        if upload is None:
            raise unknown_object(media_id)
        ticket = f"{media_id}-{len(self._addresses)}"
        self._addresses[ticket] = (media_id, self.fake.clock)
        return {
            "messaging_product": "whatsapp",
            "url": f"{self.fake.url}/whatsapp_business/attachments/?mid={ticket}",
            "mime_type": upload.mime,
            "sha256": hashlib.sha256(upload.content).hexdigest(),
            "file_size": len(upload.content),
            "id": media_id,
        }

    def download(self, ticket: str, allowed: bool) -> Answer:
        media_id, made_at = self._addresses.get(ticket, ("", float("-inf")))
        if not allowed or self.fake.clock - made_at > ADDRESS_LASTS:
            return Answer(401 if not allowed else 404, b"", "text/plain")
        return Answer(200, self.media[media_id].content, self.media[media_id].mime)

    def number(self) -> Json:
        return {
            "verified_name": "mojBOK",
            "code_verification_status": "VERIFIED",
            "display_phone_number": "+48 22 100 00 00",
            "quality_rating": "GREEN",
            "id": self.fake.phone_number_id,
        }
