"""What the Cloud API refuses in a message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.fakes.graph_rules import Refused, check_keys, check_length, invalid, missing, wrong_value
from tests.fakes.server import Json, Upload, image_size

LONGEST_TEXT, LONGEST_BODY, LONGEST_LIST_BODY, LONGEST_CAPTION = 4096, 1024, 4096, 1024
LONGEST_TITLE, LONGEST_ROW_TITLE, LONGEST_DESCRIPTION, LONGEST_MARGIN = 20, 24, 72, 60
LONGEST_ID, LONGEST_ROW_ID = 256, 200
MOST_BUTTONS, MOST_ROWS = 3, 10
COMMON = ["messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"]
TYPES = ("text", "interactive", "image", "document")
IMAGES = ("image/jpeg", "image/png")
UPLOADS = (
    *IMAGES,
    "image/webp",
    "application/pdf",
    "text/plain",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "audio/aac",
    "audio/mp4",
    "audio/mpeg",
    "audio/amr",
    "audio/ogg",
    "video/mp4",
    "video/3gpp",
)
DISPLAYED = "48221000000"
FAILURES = {
    131026: ("Message undeliverable", "Message Undeliverable."),
    131030: ("Recipient phone number not in allowed list", "Recipient phone number not in allowed list"),
    131000: ("Something went wrong", "Something went wrong."),
    131047: (
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
}
UNKNOWN_MEDIUM = "Param {0}['id'] is not a valid whatsapp business account media attachment ID"


def check_product(body: Json) -> None:
    if body.get("messaging_product") != "whatsapp":
        raise invalid("The parameter messaging_product is required.")


def check_message(body: Json, media: dict[str, Upload]) -> str:
    """The message's kind."""
    kind = str(body.get("type", "text"))
    if kind not in TYPES:
        raise invalid(f"Param type must be one of {{{', '.join(TYPES)}}}")
    for key in body:
        if key not in {*COMMON, kind}:
            raise invalid(f'Unexpected key "{key}".')
    if kind not in body:
        raise missing(f"Parameter '{kind}' is mandatory for type '{kind}'")
    if kind == "text":
        text = check_keys("text", body["text"], ["body"], ["preview_url"])["body"]
        if len(_string("text['body']", text)) > LONGEST_TEXT:
            raise invalid(f"Param text['body'] must be at most {LONGEST_TEXT} characters long.")
        return kind
    if kind == "interactive":
        return _check_interactive(body["interactive"])
    _check_medium(kind, body[kind], media)
    return kind


def _check_medium(kind: str, told: Any, media: dict[str, Upload]) -> None:
    check_keys(kind, told, [], ["id", "link", "caption"] + (["filename"] if kind == "document" else []))
    if ("id" in told) == ("link" in told):
        raise missing(f"{kind} must have one of id and link")
    check_length(f"{kind}['caption']", told.get("caption", ""), LONGEST_CAPTION)
    if "id" not in told:
        return
    medium = media.get(str(told["id"]))
    if medium is None:
        raise invalid(UNKNOWN_MEDIUM.format(kind))
    if kind == "image" and medium.mime not in IMAGES:
        raise Refused(131053, "(#131053) Media upload error", details=f"Unsupported Image mime type {medium.mime}.")


def _check_interactive(told: Any) -> str:
    check_keys("interactive", told, ["type", "body", "action"], ["header", "footer"])
    kind = told["type"]
    if kind not in ("button", "list"):
        raise invalid("Param interactive['type'] must be one of {button, list} here.")
    check_keys("interactive['body']", told["body"], ["text"])
    longest = LONGEST_LIST_BODY if kind == "list" else LONGEST_BODY
    _length("Body text", told["body"]["text"], longest)
    if "footer" in told:
        _length("Footer text", check_keys("interactive['footer']", told["footer"], ["text"])["text"], LONGEST_MARGIN)
    if "header" in told:
        header = check_keys("interactive['header']", told["header"], ["type", "text"])
        _length("Header text", header["text"], LONGEST_MARGIN)
    if kind == "button":
        _check_buttons(check_keys("interactive['action']", told["action"], [], ["buttons"]).get("buttons", []))
        return "buttons"
    _check_list(check_keys("interactive['action']", told["action"], ["button", "sections"]))
    return "list"


def _check_buttons(buttons: Any) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST_BUTTONS:
        raise wrong_value(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {MOST_BUTTONS}")
    replies = []
    for number, button in enumerate(buttons):
        name = f"interactive['action']['buttons'][{number}]"
        if check_keys(name, button, ["type", "reply"])["type"] != "reply":
            raise invalid(f"Param {name}['type'] must be one of {{reply}}")
        reply = check_keys(f"{name}['reply']", button["reply"], [], ["id", "title"])
        title, reply_id = str(reply.get("title", "")), str(reply.get("id", ""))
        if not 1 <= len(title) <= LONGEST_TITLE:
            raise wrong_value(f"Button title length invalid. Min length: 1, Max length: {LONGEST_TITLE}")
        if not 1 <= len(reply_id) <= LONGEST_ID:
            raise wrong_value(f"Button id length invalid. Min length: 1, Max length: {LONGEST_ID}")
        replies.append((reply_id, title))
    _unique("button id", [reply_id for reply_id, _ in replies])
    _unique("button title", [title for _, title in replies])


def _check_list(action: Json) -> None:
    _length("Button text", action["button"], LONGEST_TITLE)
    sections = action["sections"]
    if not isinstance(sections, list) or len(sections) > MOST_ROWS:
        raise wrong_value(f"Total sections count exceed max allowed count: {MOST_ROWS}")
    rows: list[Any] = []
    for number, section in enumerate(sections):
        check_keys(f"interactive['action']['sections'][{number}]", section, ["rows"], ["title"])
        if len(sections) > 1 and not section.get("title"):
            raise missing("Section title is required when there is more than one section")
        if len(str(section.get("title", ""))) > LONGEST_ROW_TITLE:
            raise wrong_value(f"Section title is too long. Max length is {LONGEST_ROW_TITLE}")
        rows += section["rows"]
    if len(rows) > MOST_ROWS:
        raise wrong_value(f"Total row count exceed max allowed count: {MOST_ROWS}")
    for row in rows:
        check_keys("interactive['action']['sections']['rows']", row, ["id", "title"], ["description"])
        for part, most in (("title", LONGEST_ROW_TITLE), ("description", LONGEST_DESCRIPTION), ("id", LONGEST_ROW_ID)):
            if len(str(row.get(part, ""))) > most:
                raise wrong_value(f"Row {part} is too long. Max length is {most}")
    _unique("row id", [str(row["id"]) for row in rows])


def check_upload(body: Json, upload: Upload | None) -> Upload:
    check_product(body)
    if upload is None:
        raise invalid("The parameter file is required.")
    said = str(body.get("type", upload.mime))
    if said not in UPLOADS or upload.mime not in UPLOADS:
        known = f"Param file must be a file with one of the following types: {', '.join(UPLOADS)}."
        raise invalid(f"{known} Received file of type '{upload.mime}'.")
    if said in IMAGES and image_size(upload.content) is None:
        raise Refused(131053, "(#131053) Media upload error", details="The file is not what its type says.")
    return upload


def _string(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise invalid(f"Param {name} must be a string.")
    return value


def _length(name: str, value: Any, most: int) -> None:
    if not 1 <= len(_string(name, value)) <= most:
        raise wrong_value(f"{name} length invalid. Min length: 1, Max length: {most}")


def _unique(name: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise wrong_value(f"Duplicated {name}: {value}")
        seen.add(value)
