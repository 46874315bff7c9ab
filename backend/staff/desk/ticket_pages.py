"""One zgłoszenie of the colleague's team: read, answered, handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sanic import Blueprint, HTTPResponse, Request, redirect
from sanic.request import File
from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat.vault import labelled
from backend.forms import Form
from backend.problems import Problem
from backend.staff.conversations import transcript
from backend.staff.desk import addresses, ticket_view
from backend.staff.guard import for_colleagues, office_of
from backend.staff.pages import page
from backend.staff.reasons import reason_in
from backend.staff.schemas import Colleague, Did, Right
from backend.tickets.files import received
from backend.tickets.schemas import (
    KINDS,
    OFFICE_STATUSES,
    FileRefused,
    Reply,
    Stale,
    TicketMissing,
)

tickets = Blueprint("staff_tickets", url_prefix="/zgloszenia")

LONGEST_TEXT, LONGEST_NOTE = 4000, 1000
AFTER_REPLY = {
    "waiting_for_customer": "Czekamy na odpowiedź klienta",
    "in_progress": "Sprawa jest dalej w toku",
    "closed": "Zamykamy zgłoszenie",
}


@dataclass(frozen=True)
class Read:
    """What the colleague had read when the page was made: a version, so many messages, and a status."""

    version: int
    messages: int
    status: str


@tickets.get("/zgloszenie")
@for_colleagues(Right.DESK)
async def ticket_page(request: Request, colleague: Colleague) -> HTTPResponse:
    return await _shown(request, colleague, Form(request))


@tickets.post("/odpowiedz")
@for_colleagues(Right.DESK)
async def reply(request: Request, colleague: Colleague) -> HTTPResponse:
    office, form, number = office_of(request), Form(request), addresses.number_in(request)
    text, status = form.text("tresc-odpowiedzi", LONGEST_TEXT, lines=True), form.text("dalej")
    file, read = _file(request), _read(form)
    if status and status not in AFTER_REPLY:
        form.errors["dalej"] = "Wybierz, co dalej."
    if form.errors:
        return await _shown(request, colleague, _without_file(form, file), status=400)
    try:
        upload = await received(file.name, file.body) if file else None
        answer = Reply(colleague.id, read.version, text, status, upload)
        async with office.database.write() as session:
            conversation_id = await office.replies.send(session, colleague, number, answer)
    except FileRefused as refused:
        form.errors["plik"] = str(refused)
        return await _shown(request, colleague, form, status=refused.status)
    except Stale:
        return await _shown(request, colleague, _without_file(form, file), read, status=409)
    except TicketMissing:
        raise Problem(404, addresses.NO_SUCH) from None
    if conversation_id:
        office.hub.publish(conversation_id)
    return redirect(addresses.of_ticket(number, gotowe="odpowiedziano"), status=303)


@tickets.post("/stan")
@for_colleagues(Right.DESK)
async def change_status(request: Request, colleague: Colleague) -> HTTPResponse:
    office, form, number = office_of(request), Form(request), addresses.number_in(request)
    status, read = form.text("stan"), _read(form)
    if status not in OFFICE_STATUSES:
        form.errors["stan"] = "Wybierz stan zgłoszenia."
        return await _shown(request, colleague, form, status=400)
    try:
        async with office.database.write() as session:
            await office.desk.change_status(session, colleague.team or "", number, read.version, status)
            office.members.acts.record(session, Did.CHANGED_STATUS, colleague.id, number, OFFICE_STATUSES[status])
    except Stale:
        return await _shown(request, colleague, form, read, status=409)
    except TicketMissing:
        raise Problem(404, addresses.NO_SUCH) from None
    return redirect(addresses.of_ticket(number, gotowe="stan-zgloszenia"), status=303)


@tickets.post("/przekaz")
@for_colleagues(Right.DESK)
async def hand_over(request: Request, colleague: Colleague) -> HTTPResponse:
    office, form, number = office_of(request), Form(request), addresses.number_in(request)
    note, read = form.text("uwagi", LONGEST_NOTE, required=False, lines=True), _read(form)
    if form.errors:
        return await _shown(request, colleague, form, status=400)
    try:
        async with office.database.write() as session:
            other = await office.desk.hand_over(session, colleague.team or "", number, read.version, note)
            office.members.acts.record(session, Did.HANDED_OVER, colleague.id, number, f"{colleague.team} → {other}")
    except Stale:
        return await _shown(request, colleague, form, read, status=409)
    except TicketMissing:
        raise Problem(404, addresses.NO_SUCH) from None
    return redirect("/biuro/zgloszenia?gotowe=przekazano", status=303)


@tickets.post("/pokaz")
@for_colleagues(Right.REVEAL)
async def reveal(request: Request, colleague: Colleague) -> HTTPResponse:
    """What was hidden stands on the answer to this post alone: no address leads to it."""
    form = Form(request)
    what, reason = form.text("co"), reason_in(form)
    if form.errors:
        return await _shown(request, colleague, form, status=400)
    return await _shown(request, colleague, form, reveal=(what, reason))


async def _shown(
    request: Request,
    colleague: Colleague,
    form: Form,
    late: Read | None = None,
    *,
    reveal: tuple[str, str] | None = None,
    status: int = 200,
) -> HTTPResponse:
    """The page of a ticket; `late` where somebody was quicker, `reveal` what is shown and why. Raises Problem 404."""
    office, number = office_of(request), addresses.number_in(request)
    try:
        async with office.database.write() as session:
            case = await office.desk.case(session, colleague.team or "", number)
            view = await ticket_view.of(session, case, late.messages if late else None, reveal[0] if reveal else None)
            if reveal:
                _record_reveal(request, session, colleague, view, reveal[1])
            office.members.acts.record(session, Did.VIEWED, colleague.id, number)
            talk = await _talk(request, session, colleague, case.card.conversation_id)
    except TicketMissing:
        raise Problem(404, addresses.NO_SUCH) from None
    return page(
        request,
        "desk_ticket.html",
        colleague,
        status=status,
        view=view,
        talk=talk,
        late=late,
        kinds=KINDS,
        statuses=OFFICE_STATUSES,
        after_reply=AFTER_REPLY,
        here=quote(number, safe=""),
        may_see_acts=colleague.may(Right.SEE_ACTS),
        values=form.values,
        errors=form.errors,
    )


def _record_reveal(
    request: Request, session: AsyncSession, colleague: Colleague, view: ticket_view.TicketView, reason: str
) -> None:
    """Raises Problem 404 where nothing of that name is hidden."""
    what = view.hidden.get(view.revealed or "")
    if what is None:
        raise Problem(404, "Nie ma tu takiej wartości.")
    acts, number = office_of(request).members.acts, view.case.card.ticket.ticket_no
    acts.record(session, Did.REVEALED, colleague.id, number, f"{what}: {labelled(reason)}")


async def _talk(
    request: Request, session: AsyncSession, colleague: Colleague, conversation_id: str | None
) -> transcript.Transcript | None:
    """The end of the conversation in which the ticket was written, while it is kept."""
    found = await transcript.read(session, conversation_id) if conversation_id else None
    if found:
        office_of(request).members.acts.record(session, Did.VIEWED, colleague.id, conversation_id)
    return found


def _read(form: Form) -> Read:
    """A page that was made by hand has read nothing: its version is none, and it is shown what there is."""
    number: Any = form.text("wersja", 9, required=False)
    messages: Any = form.text("widziane", 9, required=False)
    status = form.text("byl", 24, required=False)
    return Read(int(number) if number.isdecimal() else -1, int(messages) if messages.isdecimal() else 0, status)


def _without_file(form: Form, file: File | None) -> Form:
    """A page cannot give a file back to the form it came from."""
    if file:
        form.errors["plik"] = "Wybierz plik jeszcze raz."
    return form


def _file(request: Request) -> File | None:
    """The file of the form; none where the field was left empty."""
    found = request.files.get("plik") if request.files else None
    return found if isinstance(found, File) and found.body else None
