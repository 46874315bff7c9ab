"""A strict stand-in of Meta's Graph API, with Messenger and WhatsApp, and of the webhooks that Meta sends."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.fakes.courier import Courier, Parcel
from tests.fakes.graph_rules import Refused, invalid, unknown_object
from tests.fakes.graph_wire import DAY, HOUR, Button, Sent
from tests.fakes.messenger import Messenger
from tests.fakes.messenger_people import MessengerPerson
from tests.fakes.server import Answer, Call, FakeServer, Json, Upload, as_json
from tests.fakes.whatsapp import WhatsApp
from tests.fakes.whatsapp_people import WhatsAppPerson

__all__ = ["DAY", "HOUR", "Button", "GraphFake", "MessengerPerson", "Sent", "WhatsAppPerson"]

VERSION = re.compile(r"v\d+\.\d+")
LIMITS = {
    4: "(#4) Application request limit reached",
    80007: "(#80007) Rate limit issues",
    130429: "(#130429) Rate limit hit",
    131056: "(#131056) (Business Account, Consumer Account) pair rate limit hit",
}


class GraphFake(FakeServer[Sent]):
    """`clock` is the platform's time in seconds: `fake.clock += 25 * HOUR` closes every window."""

    def __init__(
        self,
        *,
        page_token: str = "EAAFakePage",
        whatsapp_token: str = "EAAFakeWhatsApp",
        app_secret: str = "tajny sekret aplikacji",
        app_id: str = "1000000001",
        page_id: str = "2000000001",
        phone_number_id: str = "3000000001",
        account_id: str = "4000000001",
        loopback: bool = True,
        patience: float = 2,
        backoff: float = 0.05,
        attempts: int = 20,
    ) -> None:
        super().__init__()
        self.app_secret, self.app_id, self.page_id = app_secret, app_id, page_id
        self.phone_number_id, self.account_id, self.loopback = phone_number_id, account_id, loopback
        self.page_token, self.whatsapp_token = page_token, whatsapp_token
        self.webhooks: dict[str, str] = {}
        self.held_events: list[Json] | None = None
        self.messenger, self.whatsapp = Messenger(self), WhatsApp(self)
        self._ahead = 0.0
        self._published: dict[str, Upload] = {}
        self._couriers: dict[str, Courier] = {}
        self._wanted = (patience, backoff, attempts)
        self._copies = count(1)

    def __enter__(self) -> GraphFake:
        super().__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        for courier in self._couriers.values():
            courier.close()
        super().__exit__(*details)

    @property
    def clock(self) -> float:
        return time.time() + self._ahead

    @clock.setter
    def clock(self, moment: float) -> None:
        self._ahead = moment - time.time()

    # Webhooks

    def subscribe(self, url: str, *topics: str) -> None:
        """Events of these topics, `page` and `whatsapp_business_account`, go to this address from now on."""
        for name in topics or (Messenger.topic, WhatsApp.topic):
            self.webhooks[name] = url

    def verify(self, url: str, verify_token: str) -> bool:
        """The handshake: whether the address gives the challenge back."""
        challenge = str(1_000_000_000 + next(self._copies))
        asked = urlencode({"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token})
        where = urlsplit(url)
        assert where.hostname is not None
        connection = HTTPConnection(where.hostname, where.port, timeout=self._wanted[0])
        try:
            connection.request("GET", f"{where.path or '/'}?{asked}")
            answer = connection.getresponse()
            return answer.status == 200 and answer.read() == challenge.encode()
        except OSError:
            return False
        finally:
            connection.close()

    def sign(self, body: bytes, secret: str | None = None) -> str:
        key = (self.app_secret if secret is None else secret).encode()
        return "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()

    def deliver(
        self, payload: Json, times: int = 1, at_once: bool = False, lane: str = "", secret: str | None = None
    ) -> list[Parcel]:
        """Sends a webhook call of any content, signed with the app's secret or another one."""
        if payload["object"] not in self.webhooks:
            return []
        body = json.dumps(payload).replace("/", "\\/").encode()
        headers = {"X-Hub-Signature-256": self.sign(body, secret), "User-Agent": "facebookexternalua"}
        courier = self._courier(payload["object"])
        copies = [f"{lane} {next(self._copies)}" if at_once else lane for _ in range(times)]
        return [courier.send(body, copy, headers) for copy in copies]

    @contextmanager
    def held(self) -> Iterator[list[Json]]:
        """Within it, what people do is collected and not sent; `messenger.deliver(*held)` sends it in one call."""
        self.held_events = []
        try:
            yield self.held_events
        finally:
            self.held_events = None

    def drain(self, seconds: float = 10) -> None:
        for courier in self._couriers.values():
            courier.drain(seconds)

    @property
    def parcels(self) -> list[Parcel]:
        return [parcel for courier in self._couriers.values() for parcel in courier.parcels]

    def limit(self, times: int = 1, code: int = 4, status: int = 429, path: str = "") -> None:
        self.fault(as_json(status, Refused(code, LIMITS[code]).error), times, path)

    def publish(self, upload: Upload) -> str:
        """An address of a file that needs no token."""
        path = f"/cdn/{len(self._published) + 1}"
        self._published[path] = upload
        return self.url + path

    def _courier(self, name: str) -> Courier:
        if name not in self._couriers:
            patience, backoff, attempts = self._wanted
            self._couriers[name] = Courier(
                lambda: (self.webhooks[name], {}), patience, backoff, attempts, holds_up=False
            )
        return self._couriers[name]

    # The Graph API's side

    def answer(self, call: Call) -> Answer:
        if call.path in self._published:
            upload = self._published[call.path]
            return Answer(200, upload.content, upload.mime)
        try:
            token = self._token(call)
            if call.path.startswith("/whatsapp_business/"):
                return self.whatsapp.download(call.query.get("mid", ""), token == self.whatsapp_token)
            body, files = _content(call)
            return as_json(200, self._node(call, token, body, files))
        except Refused as refused:
            return as_json(refused.status, refused.error)

    def _token(self, call: Call) -> str:
        bearer = str(call.headers.get("Authorization", "")).removeprefix("Bearer ")
        token = bearer or call.query.get("access_token", "") or call.form()[0].get("access_token", "")
        if token not in (self.page_token, self.whatsapp_token, f"{self.app_id}|{self.app_secret}"):
            raise Refused(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        proof = call.query.get("appsecret_proof")
        if proof is not None and proof != self.sign(token.encode()).removeprefix("sha256="):
            raise invalid("Invalid appsecret_proof provided in the API argument")
        return token

    def _node(self, call: Call, token: str, body: Json, files: dict[str, Upload]) -> Json:
        parts = call.path.strip("/").split("/")
        node, *edges = parts[1:] if VERSION.fullmatch(parts[0]) else parts
        edge = "/".join(edges)
        owner = {self.page_token: "page", self.whatsapp_token: "whatsapp"}.get(token, "app")
        found = {"page": self._page, "whatsapp": self._phone, "app": self._app}[owner](call, node, edge, body, files)
        if found is None:
            raise Refused(2500, f"Unknown path components: /{edge}") if edge else unknown_object(node)
        return found

    def _page(self, call: Call, node: str, edge: str, body: Json, files: dict[str, Upload]) -> Json | None:
        fields, mine = call.query.get("fields", ""), node in ("me", self.page_id)
        if call.verb == "GET" and not edge:
            return {"id": self.page_id, "name": "mojBOK"} if mine else self.messenger.person(node, fields)
        if mine and edge == "messenger_profile":
            return self.messenger.set_profile(call.verb, body, fields)
        if not mine or call.verb != "POST":
            return None
        if edge == "messages":
            return self.messenger.send(body, files)
        if edge == "message_attachments":
            return self.messenger.upload(body, files)
        return {"success": True} if edge == "subscribed_apps" else None

    def _phone(self, call: Call, node: str, edge: str, body: Json, files: dict[str, Upload]) -> Json | None:
        if call.verb == "GET" and not edge:
            return self.whatsapp.number() if node == self.phone_number_id else self.whatsapp.medium(node)
        if call.verb == "POST" and node == self.phone_number_id and edge == "messages":
            return self.whatsapp.send(body)
        if call.verb == "POST" and node == self.phone_number_id and edge == "media":
            return self.whatsapp.upload(body, files)
        return {"success": True} if (node, edge) == (self.account_id, "subscribed_apps") else None

    def _app(self, call: Call, node: str, edge: str, body: Json, _files: object) -> Json | None:
        if (node, edge) != (self.app_id, "subscriptions"):
            return None
        if call.verb == "GET":
            return {"data": [{"object": name, "callback_url": url} for name, url in self.webhooks.items()]}
        wanted: Json = dict(call.query) | body
        url, name = str(wanted.get("callback_url", "")), str(wanted.get("object", ""))
        if name not in (Messenger.topic, WhatsApp.topic):
            raise invalid("Param object must be one of {page, whatsapp_business_account}")
        if not url.startswith("https://") and not (self.loopback and url.startswith("http://127.0.0.1:")):
            raise Refused(2200, "(#2200) Callback URL must use a secure (HTTPS) connection.")
        if not self.verify(url, str(wanted.get("verify_token", ""))):
            said = "(#2200) Callback verification failed with the following errors: HTTP Status Code or challenge"
            raise Refused(2200, said)
        self.subscribe(url, name)
        return {"success": True}


def _content(call: Call) -> tuple[Json, dict[str, Upload]]:
    """What a request says; JSON may be within a form's fields."""
    fields, files = call.form()
    content: Json = {name: _decoded(value) for name, value in fields.items()}
    if call.mime == "application/json" and call.body:
        try:
            told: Any = json.loads(call.body)
        except ValueError:
            raise invalid("Invalid JSON in the request's body") from None
        if not isinstance(told, dict):
            raise invalid("The request's body must be a JSON object")
        content |= told
    return content, files


def _decoded(value: str) -> Any:
    try:
        return json.loads(value) if value.startswith(("{", "[")) else value
    except ValueError:
        raise invalid("Invalid JSON in a field") from None
