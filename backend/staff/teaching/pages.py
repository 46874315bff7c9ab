"""The teaching: the queue, what was decided, and both taken away as files."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Iterable
from itertools import groupby

from sanic import Blueprint, HTTPResponse, Request, redirect, text

from backend.clock import WARSAW, YEARS
from backend.forms import Form
from backend.problems import Problem
from backend.staff import titles
from backend.staff.guard import Office, for_colleagues, office_of
from backend.staff.pages import page
from backend.staff.schemas import Colleague, Did, Right
from backend.staff.teaching import examples, export, lessons, queue, repository
from backend.staff.teaching.schemas import OUT_OF_SCOPE, PURPOSE_NAMES, Place, Purpose

teaching = Blueprint("staff_teaching", url_prefix="/nauka")

SKIP, FROM_LIST = "pomin", "z-listy"
BY_BUTTON_ALONE = ("attach_file", "choose_customer", "nlu_fallback")
LESSONS = 50
WHERE = "Nauka"
"""How the record of acts tells these views from those of whole conversations."""

PURPOSES = {"nauka": Purpose.TRAINING, "ocena": Purpose.EVALUATION}
DONE = {Purpose.TRAINING: "nauczono", Purpose.EVALUATION: "do-oceny"}
NO_CHOICE = "Wybierz temat albo zadanie z listy."
NO_DATE = "Podaj dzień, na przykład 2026-11-05."
NOTHING_CHOSEN = "Tej decyzji nie da się odczytać. Otwórz stronę ponownie i spróbuj jeszcze raz."


@teaching.get("/")
@for_colleagues(Right.TEACH)
async def queue_page(request: Request, colleague: Colleague) -> HTTPResponse:
    return await _queue(request, colleague, {})


@teaching.post("/")
@for_colleagues(Right.TEACH)
async def decide(request: Request, colleague: Colleague) -> HTTPResponse:
    office, form = office_of(request), Form(request)
    places = _places(request)
    chosen, place_on_page = form.text("wybor", 60), form.text("miejsce", 3)
    purpose = Purpose.EVALUATION if form.ticked("ocena") else Purpose.TRAINING
    if chosen == FROM_LIST:
        chosen = form.text("temat", 60, required=False)
        if not chosen:
            return await _queue(request, colleague, {f"temat-{place_on_page}": NO_CHOICE})
    if not places or not re.fullmatch("[0-9]+", place_on_page) or not (chosen == SKIP or chosen in _teachable()):
        raise Problem(400, NOTHING_CHOSEN)
    intent = None if chosen == SKIP else chosen
    async with office.database.write() as session:
        decided = await lessons.decide(session, places, intent, purpose, colleague, office.clock.now())
        for conversation_id in dict.fromkeys(place.conversation_id for place in decided):
            office.members.acts.record(session, Did.TAUGHT, colleague.id, conversation_id, intent)
    done = "zdecydowano" if not decided else "pominieto" if intent is None else DONE[purpose]
    return redirect(f"/biuro/nauka?gotowe={done}#grupa-{place_on_page}", status=303)


@teaching.get("/decyzje")
@for_colleagues(Right.TEACH)
async def lessons_page(request: Request, colleague: Colleague) -> HTTPResponse:
    office = office_of(request)
    before = _before(request.args.get("przed", ""))
    async with office.database.read() as session:
        found = await repository.lessons(session, before, LESSONS + 1)
        counts = {purpose: await repository.count_taught(session, purpose) for purpose in Purpose}
    shown = found[:LESSONS]
    await _record_views(office, colleague, (lesson.conversation_id for lesson, _ in shown))
    last = shown[-1][0] if len(found) > LESSONS else None
    return page(
        request,
        "teaching_lessons.html",
        colleague,
        days=[
            (day, list(of_day)) for day, of_day in groupby(shown, key=lambda row: row[0].at.astimezone(WARSAW).date())
        ],
        older=f"{last.at.isoformat()}|{Place(last.conversation_id, last.seq)}" if last else None,
        counts=counts,
        names=PURPOSE_NAMES,
        title_of=titles.intent,
    )


@teaching.post("/decyzje")
@for_colleagues(Right.TEACH)
async def take_back(request: Request, colleague: Colleague) -> HTTPResponse:
    office, places = office_of(request), _places(request)
    if len(places) != 1:
        raise Problem(400, NOTHING_CHOSEN)
    async with office.database.write() as session:
        removed = await lessons.take_back(session, places[0])
        if removed:
            office.members.acts.record(session, Did.LESSON_TAKEN_BACK, colleague.id, places[0].conversation_id)
    return redirect(f"/biuro/nauka/decyzje?gotowe={'cofnieto' if removed else 'zdecydowano'}", status=303)


@teaching.get("/eksport")
@for_colleagues(Right.TEACH)
async def export_page(request: Request, colleague: Colleague) -> HTTPResponse:
    """The form; with a purpose the file."""
    office, wanted, day = office_of(request), request.args.get("cel", ""), request.args.get("od", "")
    values = {"cel": wanted, "od": day}
    if not wanted:
        return page(request, "teaching_export.html", colleague, values=values)
    purpose, since = PURPOSES.get(wanted), _start_of(day)
    if purpose is None or (day and since is None):
        errors = {} if purpose else {"cel": "Wybierz, do czego ma być plik."}
        errors |= {"od": NO_DATE} if day and since is None else {}
        return page(request, "teaching_export.html", colleague, status=400, values=values, errors=errors)
    known = await asyncio.to_thread(examples.known)
    async with office.database.write() as session:
        collected = await export.collect(session, purpose, since, known)
        subject = f"/biuro/nauka/eksport?cel={wanted}" + (f"&od={day}" if since else "")
        office.members.acts.record(session, Did.LESSONS_EXPORTED, colleague.id, subject)
    name = f"{office.clock.today().isoformat()}-{wanted}.yml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return text(export.as_yaml(collected, purpose), headers=headers, content_type="application/yaml; charset=utf-8")


async def _queue(request: Request, colleague: Colleague, errors: dict[str, str]) -> HTTPResponse:
    office = office_of(request)
    known = await asyncio.to_thread(examples.known)
    async with office.database.read() as session:
        groups, count = await queue.worst(session, known)
    shown = (message.place.conversation_id for group in groups for message in group.messages)
    await _record_views(office, colleague, shown)
    topics = {name: title for name, title in titles.intents().items() if name not in (*BY_BUTTON_ALONE, OUT_OF_SCOPE)}
    return page(
        request,
        "teaching.html",
        colleague,
        status=400 if errors else 200,
        groups=groups,
        count=count,
        topics=topics,
        title_of=titles.intent,
        names=PURPOSE_NAMES,
        errors=errors,
    )


async def _record_views(office: Office, colleague: Colleague, conversation_ids: Iterable[str]) -> None:
    async with office.database.write() as session:
        for conversation_id in dict.fromkeys(conversation_ids):
            office.members.acts.record(session, Did.VIEWED, colleague.id, conversation_id, WHERE)


def _teachable() -> set[str]:
    return titles.intents().keys() - set(BY_BUTTON_ALONE)


def _places(request: Request) -> list[Place]:
    """The messages that a form names. Raises Problem 400 for what is none."""
    written = request.form.getlist("wiadomosc", []) if request.form else []
    places = [Place.parse(one) for one in written]
    if len(places) > queue.BATCH or None in places:
        raise Problem(400, NOTHING_CHOSEN)
    return [place for place in places if place]


def _before(written: str) -> tuple[dt.datetime, Place] | None:
    """Where a page of decisions begins; None for the first, and for what is no such place."""
    at, _, place = written.partition("|")
    found = Place.parse(place)
    try:
        time = dt.datetime.fromisoformat(at)
    except ValueError:
        return None
    return (time, found) if found and time.tzinfo and time.year in YEARS else None


def _start_of(day: str) -> dt.datetime | None:
    try:
        found = dt.date.fromisoformat(day)
    except ValueError:
        return None
    return dt.datetime.combine(found, dt.time(), WARSAW) if found.year in YEARS else None
