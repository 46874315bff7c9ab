"""The list of conversations."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sqlalchemy.ext.asyncio import AsyncSession

from backend.problems import Problem
from backend.staff import titles
from backend.staff.conversations import repository
from backend.staff.conversations.filters import FIELDS, Filters, filters_of
from backend.staff.conversations.models import Summary
from backend.staff.conversations.repository import Place
from backend.staff.conversations.reviews import STATE_NAMES, State
from backend.staff.guard import for_colleagues, office_of
from backend.staff.pages import page, without_empty
from backend.staff.schemas import Colleague, Right

conversations = Blueprint("staff_conversations", url_prefix="/rozmowy")

SIZE = 50
_PLACE = re.compile(r"(\d{1,17})-([A-Za-z0-9_-]{1,40})")
_MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_HANDOVERS = {"offered": "zaproponowano konsultanta", "taken": "przejęta przez biuro", "returned": "oddana asystentowi"}


@dataclass(frozen=True)
class Row:
    """A conversation in the list; `marks` are the words that stand out, each with its look."""

    summary: Summary
    topic: str | None
    marks: list[tuple[str, str]]
    tags: list[str]


@dataclass(frozen=True)
class Listed:
    """One page of the list, and the addresses of its neighbours."""

    rows: list[Row]
    newer: str | None = None
    older: str | None = None


@conversations.get("/")
@for_colleagues(Right.READ)
async def conversation_list(request: Request, colleague: Colleague) -> HTTPResponse:
    if elsewhere := without_empty(request):
        return elsewhere
    filters, place = await filters_of(request, colleague), _place(request)
    found = Listed([])
    if not filters.errors:
        async with office_of(request).database.read() as session:
            found = await _listed(session, filters, place)
    fields = [field for field in FIELDS if colleague.may(field.right)]
    return page(
        request,
        "conversations.html",
        colleague,
        status=400 if filters.errors else 200,
        filters=filters,
        fields=fields,
        found=found,
        errors=filters.errors,
        values=filters.values,
    )


async def _listed(session: AsyncSession, filters: Filters, place: Place | None) -> Listed:
    summaries = await repository.listed(session, filters, place, SIZE + 1)
    more, summaries = len(summaries) > SIZE, summaries[:SIZE]
    if place and place.newer:
        summaries.reverse()
    ids = [summary.conversation_id for summary in summaries]
    tags, states = await repository.tags_of(session, ids), await repository.states_of(session, ids)
    rows = [_row(one, tags.get(one.conversation_id, []), states.get(one.conversation_id)) for one in summaries]
    if not summaries:
        return Listed(rows)
    has_newer, has_older = (more, True) if place and place.newer else (place is not None, more)
    return Listed(
        rows,
        newer=filters.query_string(po=_written(summaries[0])) if has_newer else None,
        older=filters.query_string(przed=_written(summaries[-1])) if has_older else None,
    )


def _row(summary: Summary, tags: list[str], state: str | None) -> Row:
    marks = []
    if state in (State.FLAGGED, State.REVIEWED):
        marks.append((state, STATE_NAMES[State(state)]))
    if summary.fallbacks:
        marks.append(("missed", f"niezrozumiane: {summary.fallbacks}"))
    if summary.handover:
        marks.append(("handed", _HANDOVERS[summary.handover]))
    if summary.thumbs_down:
        marks.append(("overdue", f"ocena w dół: {summary.thumbs_down}"))
    if summary.thumbs_up:
        marks.append(("active", f"ocena w górę: {summary.thumbs_up}"))
    topic = titles.intent(summary.intents[-1]) if summary.intents else None
    return Row(summary, topic, marks, tags)


def _place(request: Request) -> Place | None:
    """Where in the list the address begins. Raises Problem 400."""
    for name in ("przed", "po"):
        if written := request.args.get(name):
            match = _PLACE.fullmatch(written)
            if match is None:
                raise Problem(400, "Ten adres nie wskazuje miejsca na liście. Otwórz listę od początku.")
            return Place(_EPOCH + int(match[1]) * _MICROSECOND, match[2], newer=name == "po")
    return None


def _written(summary: Summary) -> str:
    """The place of a conversation in the list, as the address has it."""
    return f"{(summary.last_activity_at - _EPOCH) // _MICROSECOND}-{summary.conversation_id}"
