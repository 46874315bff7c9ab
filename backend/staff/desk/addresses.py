"""Addresses of the desk, and what they may hold: whatever somebody types there, the answer is an ordinary one."""

from __future__ import annotations

import datetime as dt
import re
from typing import cast
from urllib.parse import quote, urlencode

from sanic import Request

from backend.problems import Problem
from backend.tickets.schemas import ALL, KINDS, OFFICE_STATUSES, OPEN, Kind, Place, Wanted
from bot.folding import fold

LONGEST_SEARCH, MOST_WORDS, LONGEST_NUMBER = 100, 8, 40
NO_SUCH = "Nie ma takiego zgłoszenia."

_PLACE = re.compile(r"(\d{1,2})_(\d{4}-\d{2}-\d{2})_(.{1,40})")


def number_in(request: Request) -> str:
    """The number of a ticket or callback that the address names. Raises Problem 404 for what can be none."""
    number: str = request.args.get("numer", "")
    if not (number.isprintable() and 0 < len(number) <= LONGEST_NUMBER):
        raise Problem(404, NO_SUCH)
    return number


def of_ticket(number: str, **more: str) -> str:
    return f"/biuro/zgloszenia/zgloszenie?{urlencode({'numer': number} | more, quote_via=quote)}"


def of_callback(number: str, **more: str) -> str:
    return f"/biuro/telefony/telefon?{urlencode({'numer': number} | more, quote_via=quote)}"


def search_in(request: Request) -> str:
    typed = request.args.get("szukaj", "")[:LONGEST_SEARCH]
    return "".join(character if character.isprintable() else " " for character in typed).strip()


def wanted_in(request: Request) -> Wanted:
    """The filters of an address; what is none of ours is left out."""
    status, kind = request.args.get("stan", OPEN), request.args.get("rodzaj")
    words = fold(search_in(request)).split()
    return Wanted(
        status=status if status in (OPEN, ALL, *OFFICE_STATUSES) else OPEN,
        kind=cast(Kind, kind) if kind in KINDS else None,
        overdue=request.args.get("po-terminie") == "tak",
        words=tuple(words[:MOST_WORDS]),
        after=_place(request.args.get("po", "")),
    )


def from_place(request: Request, place: Place | None) -> str:
    """The address of the list from that place on, or from its beginning, with the same filters."""
    filters = {name: request.args.get(name) for name in ("stan", "rodzaj", "po-terminie", "szukaj")}
    told = {name: value for name, value in filters.items() if value}
    if place:
        told["po"] = f"{place.urgency}_{place.since.isoformat()}_{place.ticket_no}"
    return f"/biuro/zgloszenia?{urlencode(told)}"


def _place(written: str) -> Place | None:
    match = _PLACE.fullmatch(written)
    if match is None or not written.isprintable():
        return None
    try:
        return Place(int(match[1]), dt.date.fromisoformat(match[2]), match[3])
    except ValueError:
        return None
