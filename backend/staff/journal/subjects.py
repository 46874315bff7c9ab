"""What an act was about: in words, and where it can be opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from backend.staff.conversations.filters import FIELDS
from backend.staff.desk import addresses
from backend.staff.models import Act
from backend.staff.schemas import Colleague, Did, Right

_CONVERSATION = re.compile(r"k_[A-Za-z0-9_-]{1,38}")
_CALLBACK = re.compile(r"T/\d{4}/\d{8}")
_SOUGHT, _CUSTOMER = re.compile(r"customer (\d+)"), re.compile(r"klient (\d+)")

_OF_THINGS = (Did.VIEWED, Did.REVEALED, Did.DOWNLOADED, Did.ANSWERED, Did.CHANGED_STATUS, Did.HANDED_OVER, Did.CALLED)
_FIELDS = {field.name: field for field in FIELDS}


@dataclass(frozen=True)
class Subject:
    """`address` is None for what has no page, or none that the reader may open."""

    words: str
    address: str | None = None


def shown(act: Act, colleague: Colleague) -> Subject | None:
    subject = act.subject
    if not subject:
        return None
    if _CONVERSATION.fullmatch(subject):
        return Subject(subject, f"/biuro/rozmowy/{subject}" if act.kind != Did.DELETED else None)
    if act.kind in _OF_THINGS:
        page: Callable[[str], str] = addresses.of_callback if _CALLBACK.fullmatch(subject) else addresses.of_ticket
        return Subject(subject, page(subject) if colleague.may(Right.DESK) else None)
    if act.kind == Did.EXPORTED:
        return Subject(_export(subject))
    return Subject(_SOUGHT.sub(r"klient \1", subject))


def meant(typed: str) -> str:
    """The subject as it is recorded."""
    return _CUSTOMER.sub(r"customer \1", typed) if _CUSTOMER.fullmatch(typed) else typed


def _export(subject: str) -> str:
    """A table and its filters, with the words of the form."""
    name, _, query = subject.partition("?")
    chosen = [
        f"{field.label}: {field.options().get(value, value)}"
        for key, value in parse_qsl(query)
        if (field := _FIELDS.get(key))
    ]
    return f"{name} ({'; '.join(chosen)})" if chosen else name
