"""Messenger's part of the stand-in of the Graph API."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.fakes import messenger_rules as rules
from tests.fakes.graph_rules import Refused, check_keys, check_length, invalid, unknown_object
from tests.fakes.graph_wire import DAY, Product, Sent
from tests.fakes.messenger_people import MessengerPerson
from tests.fakes.server import Json, Upload

if TYPE_CHECKING:
    from tests.fakes.graph import GraphFake

CLOSED = (
    "(#10) This message is sent outside of allowed window. Learn more about the new policy here: "
    "https://developers.facebook.com/docs/messenger-platform/policy-overview"
)
PROFILE = frozenset("get_started greeting persistent_menu ice_breakers whitelisted_domains commands".split())


class Messenger(Product):
    """`echoes`: what is sent comes back as an echo."""

    topic = "page"

    def __init__(self, fake: GraphFake) -> None:
        super().__init__(fake)
        self.people: dict[str, MessengerPerson] = {}
        self.attachments: dict[str, str] = {}
        self.profile: Json = {}
        self.echoes = False
        self._attachment_ids = count(900_000_000_001)

    def user(self, psid: str, name: str) -> MessengerPerson:
        return self.people.setdefault(psid, MessengerPerson(self, psid, name))

    def envelope(self, *events: Json) -> Json:
        """A batch: an entry for each event."""
        entries = [{"id": self.fake.page_id, "time": self.now_ms(), "messaging": [event]} for event in events]
        return {"object": self.topic, "entry": entries}

    def lane(self, event: Json) -> str:
        ids = {event["sender"]["id"], event["recipient"]["id"]} - {self.fake.page_id}
        return str(ids.pop())

    def echo(self, psid: str, message_id: str, app_id: str | None, **content: object) -> Json:
        """The page's own message, as told to all its apps; `app_id` of the one that sent it."""
        message: Json = {"mid": message_id, "is_echo": True, **content}
        if app_id is not None:
            message["app_id"] = int(app_id)
        return self.push(self.event(psid, from_page=True, message=message))

    def event(self, psid: str, *, from_page: bool = False, **content: Any) -> Json:
        person, page = {"id": psid}, {"id": self.fake.page_id}
        sides = {"sender": page, "recipient": person} if from_page else {"sender": person, "recipient": page}
        return {**sides, "timestamp": self.now_ms(), **content}

    # The Graph API's side

    def send(self, body: Json, files: dict[str, Upload]) -> Json:
        rules.check_request(body)
        psid = str(body["recipient"]["id"])
        person = self.people.get(psid)
        if person is None:
            raise invalid("No matching user found", subcode=2018001)
        if person.blocked:
            raise Refused(551, "(#551) This person isn't available right now.", subcode=1545041)
        if "sender_action" in body:
            self.fake.accept(Sent("messenger", body["sender_action"], psid, body))
            return {"recipient_id": psid}
        return self._message(person, body, files)

    def _message(self, person: MessengerPerson, body: Json, files: dict[str, Upload]) -> Json:
        message, upload = body["message"], files.get("filedata")
        kind = rules.check_message(message, upload is not None)
        answer: Json = {"recipient_id": person.psid, "message_id": self.new_id("m_{:016}")}
        attachment_id = message.get("attachment", {}).get("payload", {}).get("attachment_id")
        if upload is not None:
            rules.check_file(kind, upload)
        elif attachment_id is not None and self.attachments.get(str(attachment_id)) != kind:
            raise invalid("Invalid attachment id or type.", subcode=2018074)
        longest = 7 * DAY if body.get("tag") == "HUMAN_AGENT" else DAY
        if self.fake.clock - person.wrote_at > longest:
            raise Refused(10, CLOSED, subcode=2018278)
        sent = Sent("messenger", kind, person.psid, body, files, answer["message_id"], self.now_ms())
        self.fake.accept(sent)
        if self.echoes:
            told = {key: value for key, value in message.items() if key in ("text", "metadata")}
            self.echo(person.psid, sent.id, self.fake.app_id, **told)
        return answer

    def upload(self, body: Json, files: dict[str, Upload]) -> Json:
        message = check_keys("message", body.get("message"), ["attachment"])
        attachment = check_keys("message[attachment]", message["attachment"], ["type"], ["payload"])
        kind, upload = attachment["type"], files.get("filedata")
        if kind not in rules.MEDIA or upload is None:
            raise invalid("Upload attachment failure.", subcode=2018047)
        rules.check_file(kind, upload)
        attachment_id = str(next(self._attachment_ids))
        self.attachments[attachment_id] = kind
        self.fake.accept(Sent("messenger", "upload", "", body, files, attachment_id))
        return {"attachment_id": attachment_id}

    def person(self, psid: str, fields: str) -> Json:
        person = self.people.get(psid)
        if person is None:
            raise unknown_object(psid)
        first, _, last = person.name.partition(" ")
        known = {"first_name": first, "last_name": last, "name": person.name, "profile_pic": f"{self.fake.url}/cdn/0"}
        wanted = [name for name in fields.split(",") if name not in ("", "id")]
        for name in wanted:
            if name not in known:
                raise invalid(f"Tried accessing nonexisting field ({name})")
        return {name: known[name] for name in wanted or known} | {"id": psid}

    def set_profile(self, verb: str, body: Json, fields: str) -> Json:
        if verb == "GET":
            told = {name: self.profile[name] for name in fields.split(",") if name in self.profile}
            return {"data": [told] if told else []}
        if verb == "DELETE":
            named = body.get("fields", [])
            for name in json.loads(named) if isinstance(named, str) else named:
                self.profile.pop(name, None)
            return {"result": "success"}
        profile = {name: value for name, value in body.items() if name != "access_token"}
        check_keys("messenger_profile", profile, [], PROFILE)
        for number, greeting in enumerate(profile.get("greeting", [])):
            check_length(f"greeting[{number}][text]", greeting.get("text"), 160)
        check_length("get_started[payload]", profile.get("get_started", {}).get("payload", ""), rules.LONGEST_PAYLOAD)
        if "persistent_menu" in profile and "get_started" not in self.profile | profile:
            raise invalid("You must set a Get Started button if you also wish to use persistent menu", 2018145)
        self.profile |= profile
        self.fake.accept(Sent("messenger", "profile", "", profile))
        return {"result": "success"}
