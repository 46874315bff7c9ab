"""Komunikatory: the accounts on platforms that a customer has joined to mojBOK, and joining another."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, redirect
from sanic.exceptions import NotFound
from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels.service import NAMES
from backend.forms import Form
from backend.portal.pages import page
from backend.portal.visitors import Visitor, for_customers, portal_of

messengers = Blueprint("messengers", url_prefix="/komunikatory")


@messengers.get("/")
@for_customers
async def show(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    portal = portal_of(request)
    claims = await portal.binding.claims(session, visitor.id)
    bound = await portal.binding.bound(session, visitor.id)
    return page(request, "messengers.html", visitor, claims=claims, bound=bound, channels=portal.channels, names=NAMES)


@messengers.post("/polacz")
@for_customers
async def make_link(request: Request, _session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    """The link stands on this page alone: it is not kept, so it cannot be shown again."""
    portal, name = portal_of(request), Form(request).text("kanal")
    channel = portal.channels.get(name)
    if channel is None:
        raise NotFound
    async with portal.database.write() as session:
        token = await portal.binding.make(session, visitor.id, name)
    return page(request, "messenger_link.html", visitor, link=channel.deep_link(token), name=NAMES[name])


@messengers.post("/potwierdz")
@for_customers
async def confirm(request: Request, _session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    portal, claim = portal_of(request), Form(request).text("konto")
    told = None
    async with portal.database.write() as session:
        account = await portal.binding.confirm(session, visitor.id, claim)
        if account:
            told = await portal.people.tell(session, account, "say_account_joined")
    if told:
        portal.hub.publish(told)
    return redirect(f"/komunikatory?gotowe={'polaczone' if account else 'nie-polaczone'}", status=303)


@messengers.post("/odlacz")
@for_customers
async def unbind(request: Request, _session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    portal, number = portal_of(request), Form(request).text("konto")
    async with portal.database.write() as session:
        await portal.binding.unbind(session, visitor.id, int(number) if number.isdecimal() and len(number) < 10 else 0)
    return redirect("/komunikatory?gotowe=odlaczone", status=303)
