"""Zgłoszenia: list, new, thread, files."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from sanic import Blueprint, HTTPResponse, Request, redirect
from sanic.exceptions import NotFound
from sanic.request import File
from sqlalchemy.ext.asyncio import AsyncSession

from backend.forms import EMPTY, Form
from backend.pages import download
from backend.portal.pages import page
from backend.portal.visitors import Visitor, for_customers, portal_of
from backend.tickets.files import received
from backend.tickets.schemas import KINDS, Draft, FileRefused, Kind, TicketMissing, TooMany

tickets = Blueprint("tickets", url_prefix="/zgloszenia")

LONGEST_SUBJECT, LONGEST_TEXT = 120, 4000
TOO_MANY = "Dziś jest już od Ciebie bardzo dużo zgłoszeń. Dopisz to, proszę, do jednego z nich."


@tickets.get("/")
@for_customers
async def all_tickets(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    return page(request, "tickets.html", visitor, tickets=await portal_of(request).tickets.all(session, visitor.id))


@tickets.get("/nowe")
@for_customers
async def new_page(request: Request, _session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    return page(request, "ticket_new.html", visitor)


@tickets.post("/nowe")
@for_customers
async def new(request: Request, _session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    portal, form = portal_of(request), Form(request)
    kind, subject = form.text("rodzaj"), form.text("temat", LONGEST_SUBJECT)
    text, file = form.text("tresc-zgloszenia", LONGEST_TEXT, lines=True), _file(request)
    if kind not in KINDS:
        form.errors["rodzaj"] = "Wybierz, czego dotyczy zgłoszenie."
    if not form.errors:
        try:
            upload = await received(file.name, file.body) if file else None
            async with portal.database.write() as session:
                draft = Draft(cast(Kind, kind), text, subject)
                number = await portal.tickets.open(session, visitor.customer, draft)
                if upload:
                    await portal.tickets.attach(session, visitor.id, number, upload)
            return redirect(f"{_address(number)}&gotowe=zgloszenie", status=303)
        except FileRefused as refused:
            form.errors["plik"] = str(refused)
        except TooMany:
            form.errors["tresc-zgloszenia"] = TOO_MANY
    return page(request, "ticket_new.html", visitor, status=400, errors=form.errors, values=form.values)


@tickets.get("/zgloszenie")
@for_customers
async def thread(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    return await _thread(request, session, visitor, Form(request))


@tickets.post("/zgloszenie")
@for_customers
async def answer(request: Request, reading: AsyncSession, visitor: Visitor) -> HTTPResponse:
    portal, form, number = portal_of(request), Form(request), request.args.get("numer", "")
    text, file = form.text("odpowiedz", LONGEST_TEXT, required=False, lines=True), _file(request)
    if not text and not file and not form.errors:
        form.errors["odpowiedz"] = EMPTY["odpowiedz"]
    if not form.errors:
        try:
            upload = await received(file.name, file.body) if file else None
            async with portal.database.write() as session:
                if text:
                    await portal.tickets.answer(session, visitor.id, number, text)
                if upload:
                    await portal.tickets.attach(session, visitor.id, number, upload)
            return redirect(f"{_address(number)}&gotowe={'odpowiedz' if text else 'plik'}", status=303)
        except FileRefused as refused:
            form.errors["plik"] = str(refused)
        except TicketMissing:
            raise NotFound from None
    return await _thread(request, reading, visitor, form)


@tickets.get("/plik/<file_id:int>")
@for_customers
async def file(request: Request, session: AsyncSession, visitor: Visitor, file_id: int) -> HTTPResponse:
    try:
        card, content = await portal_of(request).tickets.file(session, visitor.id, file_id)
    except TicketMissing:
        raise NotFound from None
    return download(card.name, content, card.mime)


async def _thread(request: Request, session: AsyncSession, visitor: Visitor, form: Form) -> HTTPResponse:
    try:
        found = await portal_of(request).tickets.thread(session, visitor.id, request.args.get("numer", ""))
    except TicketMissing:
        raise NotFound from None
    status = 400 if form.errors else 200
    return page(request, "ticket.html", visitor, status=status, thread=found, errors=form.errors, values=form.values)


def _file(request: Request) -> File | None:
    """The file of the form; none where the field was left empty."""
    found = request.files.get("plik") if request.files else None
    return found if isinstance(found, File) and found.body else None


def _address(number: str) -> str:
    return f"/zgloszenia/zgloszenie?numer={quote(number, safe='')}"
