"""Telephone calls that customers of the colleague's team wait for."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request, redirect

from backend.callbacks.schemas import CallbackMissing, Place, Stale
from backend.chat.vault import labelled
from backend.clock import YEARS
from backend.customers import service as customers
from backend.forms import Form
from backend.problems import Problem
from backend.staff.desk import addresses
from backend.staff.guard import for_colleagues, office_of
from backend.staff.pages import page
from backend.staff.schemas import Colleague, Did, Right

calls = Blueprint("staff_calls", url_prefix="/telefony")

LONGEST_NOTE = 300
NO_SUCH = "Nie ma takiej prośby o telefon."
AFTER_CALL = {
    "zadzwonione": "Rozmowa odbyta, sprawa załatwiona",
    "ponownie": "Nie udało się, trzeba zadzwonić ponownie",
}

_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2}T[\d:.]{5,15}\+\d{2}:\d{2})_(.{1,40})")


@calls.get("/")
@for_colleagues(Right.DESK)
async def call_list(request: Request, colleague: Colleague) -> HTTPResponse:
    office, team = office_of(request), colleague.team or ""
    done, late = request.args.get("stan") == "zadzwonione", request.args.get("po-terminie") == "tak"
    after = _place(request.args.get("po", ""))
    async with office.database.read() as session:
        found, following = await office.callbacks.page(session, team, done=done, overdue=late and not done, after=after)
        overdue = await office.callbacks.overdue(session, team)
        ids = {card.customer_id for card in found if card.customer_id is not None}
        names = {card.id: card.name for card in await customers.cards(session, list(ids))}
    return page(
        request,
        "desk_calls.html",
        colleague,
        found=found,
        names=names,
        overdue=overdue,
        is_done=done,
        late=late,
        next_page=_next_page(request, following) if following else None,
        address=addresses.of_callback,
    )


@calls.get("/telefon")
@for_colleagues(Right.DESK)
async def call_page(request: Request, colleague: Colleague) -> HTTPResponse:
    return await _shown(request, colleague, Form(request))


@calls.post("/numer")
@for_colleagues(Right.DESK)
async def show_number(request: Request, colleague: Colleague) -> HTTPResponse:
    """It was given to be dialled, so no reason is asked for; the act is on record, and no address leads to it."""
    return await _shown(request, colleague, Form(request), reveal=True)


@calls.post("/wynik")
@for_colleagues(Right.DESK)
async def note(request: Request, colleague: Colleague) -> HTTPResponse:
    office, form, number = office_of(request), Form(request), addresses.number_in(request)
    text, then = form.text("wynik", LONGEST_NOTE, lines=True), form.text("dalej")
    version = form.text("wersja", 9, required=False)
    if then and then not in AFTER_CALL:
        form.errors["dalej"] = "Wybierz, co dalej."
    if form.errors:
        return await _shown(request, colleague, form, status=400)
    try:
        async with office.database.write() as session:
            read = int(version) if version.isdecimal() else -1
            done = then == "zadzwonione"
            await office.callbacks.note(session, colleague.team or "", number, read, labelled(text), done=done)
            office.members.acts.record(session, Did.CALLED, colleague.id, number, AFTER_CALL[then])
    except Stale:
        return await _shown(request, colleague, form, late=True, status=409)
    except CallbackMissing:
        raise Problem(404, NO_SUCH) from None
    return redirect(addresses.of_callback(number, gotowe="telefon"), status=303)


async def _shown(
    request: Request,
    colleague: Colleague,
    form: Form,
    *,
    reveal: bool = False,
    late: bool = False,
    status: int = 200,
) -> HTTPResponse:
    """The page of one call; `late` where somebody was quicker. Raises Problem 404."""
    office, number, team = office_of(request), addresses.number_in(request), colleague.team or ""
    acts, phone = office.members.acts, None
    try:
        async with office.database.write() as session:
            card = await office.callbacks.one(session, team, number)
            acts.record(session, Did.VIEWED, colleague.id, number)
            if reveal:
                phone = await office.callbacks.phone(session, team, number)
                acts.record(session, Did.REVEALED, colleague.id, number, "Numer telefonu")
            known = await customers.cards(session, [card.customer_id]) if card.customer_id is not None else []
    except CallbackMissing:
        raise Problem(404, NO_SUCH) from None
    return page(
        request,
        "desk_call.html",
        colleague,
        status=status,
        card=card,
        customer=known[0] if known else None,
        phone=phone,
        late=late,
        after_call=AFTER_CALL,
        here=urlencode({"numer": number}),
        may_see_acts=colleague.may(Right.SEE_ACTS),
        values=form.values,
        errors=form.errors,
    )


def _next_page(request: Request, place: Place) -> str:
    told = {name: value for name in ("stan", "po-terminie") if (value := request.args.get(name))}
    begins = place.begins.astimezone(dt.UTC).isoformat()
    return f"/biuro/telefony?{urlencode(told | {'po': f'{begins}_{place.callback_no}'})}"


def _place(written: str) -> Place | None:
    match = _PLACE.fullmatch(written)
    if match is None or not written.isprintable():
        return None
    try:
        begins = dt.datetime.fromisoformat(match[1])
    except ValueError:
        return None
    return Place(begins, match[2]) if begins.year in YEARS else None
