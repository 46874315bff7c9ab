"""The running conversations, and the page on which a colleague speaks in one."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from sanic import Blueprint, HTTPResponse, Request, empty, redirect
from sanic.exceptions import NotFound
from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository as chat
from backend.chat.models import Conversation
from backend.forms import Form
from backend.pages import download
from backend.staff.conversations import belonging, lines
from backend.staff.guard import Office, for_colleagues, office_of
from backend.staff.live import repository, work
from backend.staff.live.service import NotTaken
from backend.staff.pages import page
from backend.staff.schemas import Colleague, Did, Right
from backend.tickets.schemas import TicketMissing

live = Blueprint("staff_live", url_prefix="/na-zywo")

SHOWN = 200
"""The latest events on the page; the whole conversation has a page of its own."""

LONGEST_TEXT = 2000
LONGEST_WAIT = 20.0
RECHECK = 2.0
"""Seconds that the page's script waits for what is new, and after which it is looked again."""


@live.get("/")
@for_colleagues(Right.TAKE_OVER)
async def running(request: Request, colleague: Colleague) -> HTTPResponse:
    return await _list(request, colleague, "live.html")


@live.get("/lista")
@for_colleagues(Right.TAKE_OVER, by_itself=True)
async def running_now(request: Request, colleague: Colleague) -> HTTPResponse:
    """The list alone, for the page's script."""
    return await _list(request, colleague, "live_list.html")


async def _list(request: Request, colleague: Colleague, template: str) -> HTTPResponse:
    office = office_of(request)
    async with office.database.read() as session:
        talks = await office.live.running(session, colleague)
    return page(request, template, colleague, talks=talks)


@live.get("/<conversation_id:str>")
@for_colleagues(Right.TAKE_OVER)
async def conversation(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    return await _talk(request, colleague, conversation_id)


@live.get("/<conversation_id:str>/dalej")
@for_colleagues(Right.TAKE_OVER, by_itself=True)
async def what_is_new(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    """The lines after a seq as soon as there are some, for the script of who has the conversation; 204 for none,
    409 once the colleague does not have it any more. That it was taken is on record, so this is no new view.
    """
    office, after = office_of(request), request.args.get("po", "")
    if not (after.isdecimal() and len(after) < 10):
        return empty(status=400)
    deadline = time.monotonic() + LONGEST_WAIT
    with office.hub.listen(conversation_id) as bell:
        while True:
            async with office.database.read() as session:
                found = await office.live.conversation(session, colleague, conversation_id)
                if found.taken_by != colleague.id:
                    return empty(status=409)
                shown = await _lines(office, session, conversation_id, after=int(after))
            if shown["lines"]:
                return page(request, "live_lines.html", colleague, conversation=found, **shown)
            left = deadline - time.monotonic()
            if left <= 0:
                return empty(status=204)
            await bell.wait(min(left, RECHECK))


@live.post("/<conversation_id:str>/przejmij")
@for_colleagues(Right.TAKE_OVER)
async def take_over(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    try:
        await work.take_over(office_of(request), colleague, conversation_id)
    except NotTaken as refused:
        return await _talk(request, colleague, conversation_id, status=409, errors={"": str(refused)})
    return redirect(f"/biuro/na-zywo/{conversation_id}?gotowe=przejeto", status=303)


@live.post("/<conversation_id:str>/wiadomosc")
@for_colleagues(Right.TAKE_OVER)
async def write(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    office, form = office_of(request), Form(request)
    text, key = form.text("wiadomosc", LONGEST_TEXT, lines=True), form.text("klucz", 36)
    if form.errors:
        return await _talk(request, colleague, conversation_id, status=400, errors=form.errors, values=form.values)
    try:
        async with office.database.write() as session:
            await office.live.write(session, colleague, conversation_id, text, key)
    except NotTaken as refused:
        errors = {"": str(refused)}
        return await _talk(request, colleague, conversation_id, status=409, errors=errors, values=form.values)
    office.hub.publish(conversation_id)
    return redirect(f"/biuro/na-zywo/{conversation_id}", status=303)


@live.post("/<conversation_id:str>/oddaj")
@for_colleagues(Right.TAKE_OVER)
async def give_back(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    office, form = office_of(request), Form(request)
    summary = form.text("podsumowanie", LONGEST_TEXT, lines=True)
    if form.errors:
        return await _talk(request, colleague, conversation_id, status=400, errors=form.errors, values=form.values)
    try:
        async with office.database.write() as session:
            await office.live.give_back(session, colleague, conversation_id, summary)
    except NotTaken as refused:
        errors = {"": str(refused)}
        return await _talk(request, colleague, conversation_id, status=409, errors=errors, values=form.values)
    office.hub.publish(conversation_id)
    return redirect("/biuro/na-zywo?gotowe=oddano", status=303)


@live.get("/<conversation_id:str>/pliki/<file_id:[0-9]{1,9}>")
@for_colleagues(Right.TAKE_OVER)
async def file(request: Request, colleague: Colleague, conversation_id: str, file_id: str) -> HTTPResponse:
    """A file that the customer sent into the conversation: saved and never opened here."""
    office = office_of(request)
    async with office.database.write() as session:
        await office.live.conversation(session, colleague, conversation_id)
        try:
            card, content = await office.tickets.waiting_file(session, conversation_id, int(file_id))
        except TicketMissing:
            raise NotFound from None
        office.members.acts.record(session, Did.DOWNLOADED, colleague.id, conversation_id)
    return download(card.name, content, card.mime)


async def _talk(
    request: Request, colleague: Colleague, conversation_id: str, *, status: int = 200, **values: Any
) -> HTTPResponse:
    """The page of one conversation; to see it is on record."""
    office = office_of(request)
    async with office.database.write() as session:
        found = await office.live.conversation(session, colleague, conversation_id)
        office.members.acts.record(session, Did.VIEWED, colleague.id, conversation_id)
        values |= await _facts(office, session, colleague, found)
    return page(request, "live_talk.html", colleague, status=status, **values)


async def _facts(office: Office, session: AsyncSession, colleague: Colleague, found: Conversation) -> dict[str, Any]:
    return {
        "conversation": found,
        "belonging": await belonging.of(session, found.id),
        "holder": await office.live.holder(session, found),
        "mine": found.taken_by == colleague.id,
        "runs": office.live.runs(found),
        "key": str(uuid4()),
        **await _lines(office, session, found.id),
    }


async def _lines(
    office: Office, session: AsyncSession, conversation_id: str, after: int | None = None
) -> dict[str, Any]:
    """The latest lines, or those after a seq, and the files that their messages brought."""
    events = await chat.shown_events(session, conversation_id, after=after, most=SHOWN)
    kept = await office.tickets.waiting(session, conversation_id) if events else {}
    brought = await repository.attachments(session, conversation_id) if kept else {}
    return {
        "lines": await lines.of(session, conversation_id, events),
        "files": {seq: kept[file_id] for seq, file_id in brought.items() if file_id in kept},
    }
