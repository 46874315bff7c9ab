"""A message as calls of the Cloud API: text in pieces, the last with the choices."""

from __future__ import annotations

from backend.channels.capabilities import WHATSAPP
from backend.channels.meta import Json
from backend.channels.schemas import Call, Picture, Shown
from backend.channels.showing import Choices, fit_buttons, fit_rows, split, with_numbers

PICK = "Wybierz"


def calls(shown: Shown) -> list[Call]:
    """A picture goes before the last piece, with its description as a caption."""
    text, choices = shown.text.strip(), shown.choices
    if choices and not (text and _stand(choices)):
        text, choices = with_numbers(text, [title for _, title in choices]), []
    made = _texts(text, choices)
    if shown.picture:
        made.insert(max(len(made) - 1, 0), _picture(shown.picture))
    return made


def _stand(choices: Choices) -> bool:
    """Whether choices may stand as they are: two that look or count the same may not."""
    ids, titles = {id_ for id_, _ in choices}, {title for _, title in choices}
    differ = len(ids) == len(titles) == len(choices)
    return differ and (fit_buttons(WHATSAPP, choices) or fit_rows(WHATSAPP, choices))


def _texts(text: str, choices: Choices) -> list[Call]:
    as_buttons = bool(choices) and fit_buttons(WHATSAPP, choices)
    pieces = [piece for piece in split(text, WHATSAPP, WHATSAPP.button_text if as_buttons else None) if piece]
    made = [_text(piece) for piece in pieces]
    if as_buttons:
        made[-1] = _buttons(pieces[-1], choices)
    elif choices:
        made[-1] = _list(pieces[-1], choices)
    return made


def _text(text: str) -> Call:
    return Call("messages", {"type": "text", "text": {"body": text, "preview_url": False}})


def _buttons(text: str, choices: Choices) -> Call:
    buttons = [{"type": "reply", "reply": {"id": id_, "title": title}} for id_, title in choices]
    return _interactive("button", text, {"buttons": buttons})


def _list(text: str, choices: Choices) -> Call:
    rows = [{"id": id_, "title": title} for id_, title in choices]
    return _interactive("list", text, {"button": PICK, "sections": [{"rows": rows}]})


def _interactive(kind: str, text: str, action: Json) -> Call:
    interactive = {"type": kind, "body": {"text": text}, "action": action}
    return Call("messages", {"type": "interactive", "interactive": interactive})


def _picture(picture: Picture) -> Call:
    caption = picture.alt.strip()[: WHATSAPP.caption]
    return Call("media", {"caption": caption} if caption else {}, picture.png)
