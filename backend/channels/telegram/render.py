"""A message as calls of the Bot API: text in pieces, the last with the choices as buttons below it."""

from __future__ import annotations

from typing import Any

from backend.channels.capabilities import TELEGRAM
from backend.channels.schemas import Call, Shown
from backend.channels.showing import fit_buttons, split, with_numbers


def calls(shown: Shown) -> list[Call]:
    text, choices = shown.text, shown.choices
    if choices and not fit_buttons(TELEGRAM, choices):
        text, choices = with_numbers(text, [title for _, title in choices]), []
    made = [_message(piece) for piece in split(text, TELEGRAM)]
    if choices:
        keyboard = [[{"text": title, "callback_data": id_}] for id_, title in choices]
        made[-1].body["reply_markup"] = {"inline_keyboard": keyboard}
    if shown.picture:
        caption = shown.picture.alt[: TELEGRAM.caption]
        made.insert(len(made) - 1, Call("sendPhoto", {"caption": caption}, shown.picture.png))
    return made


def _message(text: str) -> Call:
    body: dict[str, Any] = {"text": text, "link_preview_options": {"is_disabled": True}}
    return Call("sendMessage", body)
