"""What goes over the wire of the Bot API, and what its stand-in remembers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import telegram_rules as rules
from tests.fakes.server import Answer, Call, Json, Upload, as_json
from tests.fakes.telegram_rules import Refused, bad


@dataclass(frozen=True)
class Sent:
    """A request that was accepted; `message_id` of the message it made, and that message as it is now."""

    method: str
    chat_id: int | None
    body: Json
    files: dict[str, Upload] = field(default_factory=dict)
    message_id: int | None = None
    message: Json = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def buttons(self) -> list[Json]:
        return list(rules.buttons(self.message.get("reply_markup")))


@dataclass
class Chat:
    """`open` once the person wrote to the bot; `seen` once they wrote anywhere it reads."""

    open: bool = False
    seen: bool = False
    blocked: bool = False
    last_at: float = float("-inf")


@dataclass(frozen=True)
class StoredFile:
    file_id: str
    path: str
    upload: Upload

    def described(self) -> Json:
        unique = f"u{self.file_id}"
        return {"file_id": self.file_id, "file_unique_id": unique, "file_size": len(self.upload.content)}


def parameters_of(call: Call) -> tuple[Json, dict[str, Upload]]:
    fields, files = call.form()
    parameters: Json = dict(call.query) | fields
    if call.mime == "application/json" and call.body:
        try:
            content = json.loads(call.body)
        except ValueError:
            raise bad("can't parse parameter value: invalid JSON") from None
        if not isinstance(content, dict):
            raise bad("JSON object expected")
        parameters |= content
    return parameters, files


def decoded(value: Any) -> Any:
    """A value whose JSON may be within a string."""
    try:
        return json.loads(value) if isinstance(value, str) and value else value
    except ValueError:
        raise bad("can't parse JSON-encoded value") from None


def flood(retry_after: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def refusal(refused: Refused) -> Answer:
    content: Json = {"ok": False, "error_code": refused.code, "description": refused.description}
    headers = {}
    if refused.parameters:
        content["parameters"] = refused.parameters
        headers = {"Retry-After": str(refused.parameters["retry_after"])}
    return as_json(refused.code, content, headers)


def result(result: object, description: str | None = None) -> Answer:
    return as_json(200, {"ok": True, "result": result} | ({"description": description} if description else {}))


def integer(value: object, default: int = 0) -> int:
    try:
        return int(str(value))
    except ValueError:
        return default
