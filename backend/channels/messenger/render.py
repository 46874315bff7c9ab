"""A message as calls of the Send API: text in pieces, the last with the choices."""

from __future__ import annotations

from backend.channels.capabilities import MESSENGER
from backend.channels.meta import Json
from backend.channels.schemas import Call, Picture, Shown
from backend.channels.showing import Choices, fit_buttons, fit_rows, split, with_numbers


def calls(shown: Shown) -> list[Call]:
    """A picture goes before the last piece, since quick replies are there until the next message.

    Its description is said only where there is no text.
    """
    text, choices = shown.text.strip() or _alt(shown.picture), shown.choices
    if choices and not (text and _stand(choices)):
        text, choices = with_numbers(text, [title for _, title in choices]), []
    made = _texts(text, choices)
    if shown.picture:
        after = len(made) - 1 if shown.text.strip() or choices else len(made)
        made.insert(after, _picture(shown.picture))
    return made


def _stand(choices: Choices) -> bool:
    return fit_buttons(MESSENGER, choices) or fit_rows(MESSENGER, choices)


def _alt(picture: Picture | None) -> str:
    return picture.alt.strip() if picture else ""


def _texts(text: str, choices: Choices) -> list[Call]:
    as_buttons = bool(choices) and fit_buttons(MESSENGER, choices)
    pieces = [piece for piece in split(text, MESSENGER, MESSENGER.button_text if as_buttons else None) if piece]
    made = [_call({"text": piece}) for piece in pieces]
    if as_buttons:
        made[-1] = _buttons(pieces[-1], choices)
    elif choices:
        made[-1] = _quick_replies(pieces[-1], choices)
    return made


def _buttons(text: str, choices: Choices) -> Call:
    buttons = [{"type": "postback", "title": title, "payload": id_} for id_, title in choices]
    payload = {"template_type": "button", "text": text, "buttons": buttons}
    return _call({"attachment": {"type": "template", "payload": payload}})


def _quick_replies(text: str, choices: Choices) -> Call:
    replies = [{"content_type": "text", "title": title, "payload": id_} for id_, title in choices]
    return _call({"text": text, "quick_replies": replies})


def _picture(picture: Picture) -> Call:
    return _call({"attachment": {"type": "image", "payload": {}}}, picture.png)


def _call(message: Json, file: bytes | None = None) -> Call:
    return Call("messages", {"message": message}, file)
