"""What the Send API refuses in a message."""

from __future__ import annotations

from typing import Any

from tests.fakes.graph_rules import check_keys, check_length, check_list, invalid
from tests.fakes.server import Json, Upload, image_size

LONGEST_TEXT, LONGEST_TEMPLATE_TEXT, LONGEST_TITLE, LONGEST_PAYLOAD = 2000, 640, 20, 1000
MOST_QUICK_REPLIES, MOST_BUTTONS = 13, 3
LARGEST_FILE = 25 * 1024 * 1024
ACTIONS = frozenset({"typing_on", "typing_off", "mark_seen"})
TYPES = frozenset({"RESPONSE", "UPDATE", "MESSAGE_TAG"})
MEDIA = {"image": "image/", "audio": "audio/", "video": "video/", "file": ""}
"""Kinds of attachments and how the types of their files begin."""


def check_request(body: Json) -> None:
    known = ("recipient", "message", "sender_action", "messaging_type", "tag", "notification_type", "access_token")
    for key in body:
        if key not in known:
            raise invalid(f'Unexpected parameter "{key}".')
    check_keys("recipient", body.get("recipient"), ["id"])
    if ("message" in body) == ("sender_action" in body):
        raise invalid("Cannot send both message and state at the same time.")
    if body.get("sender_action", "typing_on") not in ACTIONS:
        raise invalid("Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN}")
    if body.get("messaging_type", "RESPONSE") not in TYPES:
        raise invalid("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}")
    if (body.get("messaging_type") == "MESSAGE_TAG") != (body.get("tag") == "HUMAN_AGENT"):
        raise invalid("Param tag must be HUMAN_AGENT with the messaging_type MESSAGE_TAG, and with no other")


def check_message(message: Any, has_file: bool) -> str:
    """The message's kind."""
    check_keys("message", message, [], ["text", "attachment", "quick_replies", "metadata"])
    if ("text" in message) == ("attachment" in message):
        raise invalid("Message must have either text or an attachment.")
    check_length("message[metadata]", message.get("metadata", ""), LONGEST_PAYLOAD)
    kind = _check_attachment(message["attachment"], has_file) if "attachment" in message else "text"
    if kind == "text" and not check_length("message[text]", message["text"], LONGEST_TEXT).strip():
        raise invalid("Param message[text] cannot be empty.")
    if "quick_replies" in message:
        _check_quick_replies(message["quick_replies"])
        return "quick_replies"
    return kind


def _check_quick_replies(replies: Any) -> None:
    name = "message[quick_replies]"
    for number, reply in enumerate(check_list(name, replies, MOST_QUICK_REPLIES)):
        param = f"{name}[{number}]"
        if isinstance(reply, dict) and reply.get("content_type") != "text":
            check_keys(param, reply, ["content_type"])
            if reply["content_type"] not in ("user_phone_number", "user_email"):
                raise invalid(f"Param {param}[content_type] must be one of {{text, user_phone_number, user_email}}")
            continue
        check_keys(param, reply, ["content_type", "title", "payload"], ["image_url"])
        check_length(f"{param}[title]", reply["title"], LONGEST_TITLE)
        check_length(f"{param}[payload]", reply["payload"], LONGEST_PAYLOAD)


def _check_attachment(attachment: Any, has_file: bool) -> str:
    name = "message[attachment]"
    check_keys(name, attachment, ["type"], ["payload"])
    kind, payload = str(attachment["type"]), attachment.get("payload", {})
    if kind == "template":
        _check_template(f"{name}[payload]", payload)
        return "buttons"
    if kind not in MEDIA:
        raise invalid(f"Param {name}[type] must be one of {{audio, file, image, video, template}}")
    check_keys(f"{name}[payload]", payload, [], ["attachment_id", "url", "is_reusable"])
    if sum(("attachment_id" in payload, "url" in payload, has_file)) != 1:
        raise invalid(f"Param {name}[payload] must have one of attachment_id and url, or a file must come along.")
    return kind


def _check_template(name: str, payload: Any) -> None:
    check_keys(name, payload, ["template_type", "text", "buttons"])
    if payload["template_type"] != "button":
        raise invalid(f"Param {name}[template_type] must be button here.")
    check_length(f"{name}[text]", payload["text"], LONGEST_TEMPLATE_TEXT)
    for number, button in enumerate(check_list(f"{name}[buttons]", payload["buttons"], MOST_BUTTONS)):
        param = f"{name}[buttons][{number}]"
        if isinstance(button, dict) and button.get("type") == "web_url":
            check_keys(param, button, ["type", "title", "url"], ["webview_height_ratio"])
            if not str(button["url"]).startswith(("https://", "http://")):
                raise invalid(f"Param {param}[url] should represent a valid URL")
        else:
            check_keys(param, button, ["type", "title", "payload"])
            check_length(f"{param}[payload]", button["payload"], LONGEST_PAYLOAD)
            if button["type"] != "postback":
                raise invalid(f"Param {param}[type] must be one of {{WEB_URL, POSTBACK}}")
        check_length(f"{param}[title]", button["title"], LONGEST_TITLE)


def check_file(kind: str, upload: Upload) -> None:
    """2018047: the file is not of the type that was said."""
    is_picture = kind != "image" or upload.mime == "image/gif" or image_size(upload.content) is not None
    if not upload.mime.startswith(MEDIA[kind]) or not is_picture or not upload.content:
        raise invalid("Upload attachment failure.", subcode=2018047)
    if len(upload.content) > LARGEST_FILE:
        raise invalid("Attachment size exceeds allowable limit")
