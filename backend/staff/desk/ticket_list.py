"""The zgłoszenia of the colleague's team, and their files."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from backend.chat.vault import labelled
from backend.customers import service as customers
from backend.pages import download
from backend.problems import Problem
from backend.staff.desk import addresses
from backend.staff.guard import for_colleagues, office_of
from backend.staff.pages import page
from backend.staff.schemas import Colleague, Did, Right
from backend.tickets.schemas import ALL, KINDS, OFFICE_STATUSES, OPEN, TicketMissing

ticket_lists = Blueprint("staff_ticket_list", url_prefix="/zgloszenia")

LISTS = {OPEN: "Otwarte", **OFFICE_STATUSES, ALL: "Wszystkie"}
LARGEST_ID = 2**31


@ticket_lists.get("/")
@for_colleagues(Right.DESK)
async def ticket_list(request: Request, colleague: Colleague) -> HTTPResponse:
    office, wanted, team = office_of(request), addresses.wanted_in(request), colleague.team or ""
    async with office.database.read() as session:
        found = await office.desk.page(session, team, wanted)
        overdue = await office.desk.overdue(session, team)
        ids = {card.customer_id for card in found.cards if card.customer_id is not None}
        names = {card.id: card.name for card in await customers.cards(session, list(ids))}
    return page(
        request,
        "desk_tickets.html",
        colleague,
        found=found,
        names=names,
        overdue=overdue,
        wanted=wanted,
        search=addresses.search_in(request),
        first_page=addresses.from_place(request, None),
        next_page=addresses.from_place(request, found.next) if found.next else None,
        kinds=KINDS,
        statuses=OFFICE_STATUSES,
        lists=LISTS,
        address=addresses.of_ticket,
        masked=labelled,
    )


@ticket_lists.get("/plik/<file_id:int>")
@for_colleagues(Right.DESK)
async def file(request: Request, colleague: Colleague, file_id: int) -> HTTPResponse:
    """A download only: whatever a customer sent, it never runs as a page of ours."""
    office = office_of(request)
    if not 0 < file_id < LARGEST_ID:
        raise Problem(404, "Nie ma takiego pliku.")
    try:
        async with office.database.write() as session:
            card, content, number = await office.desk.file(session, colleague.team or "", file_id)
            office.members.acts.record(session, Did.DOWNLOADED, colleague.id, number, f"plik {file_id}")
    except TicketMissing:
        raise Problem(404, "Nie ma takiego pliku.") from None
    return download(card.name, content, card.mime)
