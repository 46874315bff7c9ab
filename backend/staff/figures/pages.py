"""The page of figures, and the CSV of its tables and of the conversations that they are about."""

from __future__ import annotations

import datetime as dt
from contextlib import aclosing
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request, raw, redirect

from backend.chat.vault import labelled
from backend.pages import headers
from backend.problems import Problem
from backend.staff.conversations.filters import FIELDS, Filters, filters_of
from backend.staff.figures import export, figures
from backend.staff.figures.chart import bars
from backend.staff.figures.tables import Tables
from backend.staff.guard import Office, for_colleagues, office_of
from backend.staff.pages import page
from backend.staff.schemas import Colleague, Did, Right

figures_ = Blueprint("staff_figures", url_prefix="/liczby")

AT_FIRST = 30
"""Days that are counted when nobody asks for others."""

LONGEST_SUBJECT = 400
_CSV = "text/csv; charset=utf-8"


@figures_.get("/")
@for_colleagues(Right.READ)
async def figures_page(request: Request, colleague: Colleague) -> HTTPResponse:
    office = office_of(request)
    if not request.args.get("od") and not request.args.get("do"):
        return redirect(f"/biuro/liczby?{_at_first(request, office)}", status=303)
    filters = await filters_of(request, colleague)
    found = None
    if not filters.errors:
        async with office.database.read() as session:
            found = await figures.read(session, filters)
    return page(
        request,
        "figures.html",
        colleague,
        status=400 if filters.errors else 200,
        filters=filters,
        fields=[field for field in FIELDS if colleague.may(field.right)],
        found=found,
        tables=Tables(found, filters, office.lemmas).all() if found else {},
        chart=bars(found.days, lambda day: _of_day(filters, day)) if found and found.days else None,
        may_export=colleague.may(Right.EXPORT),
        errors=filters.errors,
        values=filters.values,
    )


@figures_.get("/rozmowy.csv")
@for_colleagues(Right.EXPORT)
async def conversations_csv(request: Request, colleague: Colleague) -> None:
    """Streamed as it is read, so that it takes no more room however long it is."""
    office, filters = office_of(request), await _filters(request, colleague)
    await _record(office, colleague, "rozmowy", filters)
    response = await request.respond(headers=_headers(office, "rozmowy"), content_type=_CSV)
    numbers = colleague.may(Right.FIND_CUSTOMER)
    async with (
        office.database.read() as session,
        aclosing(export.of_conversations(session, filters, numbers=numbers)) as parts,
    ):
        async for lines in parts:
            await response.send(lines.encode())
    await response.eof()


@figures_.get(r"/<name:(?P<name>[a-z]{1,20})\.csv>")
@for_colleagues(Right.EXPORT)
async def table_csv(request: Request, colleague: Colleague, name: str) -> HTTPResponse:
    office, filters = office_of(request), await _filters(request, colleague)
    async with office.database.read() as session:
        found = await figures.read(session, filters)
    table = Tables(found, filters, office.lemmas).all().get(name)
    if table is None:
        raise Problem(404, "Nie ma takiej tabeli.")
    await _record(office, colleague, name, filters)
    return raw(export.of_table(table).encode(), headers=_headers(office, name), content_type=_CSV)


async def _filters(request: Request, colleague: Colleague) -> Filters:
    """Raises Problem 400 where something cannot be filtered by."""
    filters = await filters_of(request, colleague)
    if filters.errors:
        raise Problem(400, " ".join(filters.errors.values()))
    return filters


async def _record(office: Office, colleague: Colleague, name: str, filters: Filters) -> None:
    """Recorded before anything leaves. Whose conversations were sought is a record of its own, without the number."""
    named = {"klient": "podany"} if "klient" in filters.values else {}
    texts = {field: labelled(filters.values[field]) for field in ("szukaj", "tag") if field in filters.values}
    subject = f"{name}?{filters.query_string(**named, **texts)}"[:LONGEST_SUBJECT]
    async with office.database.write() as session:
        office.members.acts.record(session, Did.EXPORTED, colleague.id, subject)


def _headers(office: Office, name: str) -> dict[str, str]:
    file = f"mojbok-{name}-{office.clock.today().isoformat()}.csv"
    return headers(office.settings) | {"Content-Disposition": f'attachment; filename="{file}"'}


def _at_first(request: Request, office: Office) -> str:
    """The address's filters, with the last days."""
    first = office.clock.today() - dt.timedelta(days=AT_FIRST - 1)
    given = {field.name: request.args.get(field.name) for field in FIELDS}
    return urlencode({name: value for name, value in given.items() if value} | {"od": first.isoformat()})


def _of_day(filters: Filters, day: dt.date) -> str:
    return f"/biuro/rozmowy?{filters.query_string(od=day.isoformat(), do=day.isoformat())}"
