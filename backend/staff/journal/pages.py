"""The journal: what the office's people did and saw, the latest first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sqlalchemy.ext.asyncio import AsyncSession

from backend.problems import Problem
from backend.staff import repository
from backend.staff.guard import for_colleagues, office_of
from backend.staff.journal import subjects
from backend.staff.journal.filters import Filters, fields, parse
from backend.staff.journal.names import NAMES, details
from backend.staff.models import Act
from backend.staff.pages import page, without_empty
from backend.staff.schemas import Colleague, Right

journal = Blueprint("staff_journal", url_prefix="/dziennik")

SIZE = 50
_ID = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Place:
    """Behind (`newer`: before) this act in the journal."""

    act: Act
    newer: bool


@dataclass(frozen=True)
class Listed:
    """One page of the journal: acts, each with the name of who did it, and the addresses of the page's neighbours."""

    rows: list[tuple[Act, str | None]]
    newer: str | None = None
    older: str | None = None


@journal.get("/")
@for_colleagues(Right.SEE_ACTS)
async def journal_page(request: Request, colleague: Colleague) -> HTTPResponse:
    if elsewhere := without_empty(request):
        return elsewhere
    found = Listed([])
    async with office_of(request).database.read() as session:
        wanted = fields(await repository.members(session))
        filters = parse({one.name: request.args.get(one.name, "") for one in wanted}, wanted)
        if not filters.errors:
            found = await listed(session, filters, await _place(request, session))
    return page(
        request,
        "journal.html",
        colleague,
        status=400 if filters.errors else 200,
        fields=wanted,
        filters=filters,
        found=found,
        names=NAMES,
        details=details,
        subject_of=lambda act: subjects.shown(act, colleague),
        errors=filters.errors,
    )


async def listed(session: AsyncSession, filters: Filters, place: Place | None) -> Listed:
    act, to_newer = (place.act, place.newer) if place else (None, False)
    rows = await repository.acts(session, filters.conditions, act, SIZE + 1, newer=to_newer)
    more, rows = len(rows) > SIZE, rows[:SIZE]
    if to_newer:
        rows.reverse()
    if not rows:
        return Listed(rows)
    has_newer, has_older = (more, True) if to_newer else (place is not None, more)
    return Listed(
        rows,
        newer=filters.query_string(po=str(rows[0][0].id)) if has_newer else None,
        older=filters.query_string(przed=str(rows[-1][0].id)) if has_older else None,
    )


async def _place(request: Request, session: AsyncSession) -> Place | None:
    """Where in the journal the address begins. Raises Problem 400."""
    for name in ("przed", "po"):
        if written := request.args.get(name):
            act = await repository.act(session, int(written)) if _ID.fullmatch(written) else None
            if act is None:
                raise Problem(400, "Ten adres nie wskazuje miejsca w dzienniku. Otwórz dziennik od początku.")
            return Place(act, newer=name == "po")
    return None
