"""Umowy, Punkty poboru and Zużycie."""

from __future__ import annotations

import datetime as dt

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sqlalchemy.ext.asyncio import AsyncSession

from backend.consumption import service as consumption
from backend.customers import service as customers
from backend.portal.pages import page
from backend.portal.visitors import Visitor, for_customers, portal_of

energy = Blueprint("energy")


@energy.get("/umowy")
@for_customers
async def contracts(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    return page(request, "contracts.html", visitor, contracts=await customers.contracts(session, visitor.id))


@energy.get("/umowy/umowa")
@for_customers
async def contract(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    found = await customers.contract(session, visitor.id, request.args.get("numer", ""))
    if found is None:
        raise NotFound
    points = [p for p in await consumption.points(session, visitor.id) if p.contract_no == found.contract_no]
    return page(request, "contract.html", visitor, contract=found, points=points)


@energy.get("/punkty-poboru")
@for_customers
async def points(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    return page(request, "points.html", visitor, points=await consumption.points(session, visitor.id))


@energy.get("/punkty-poboru/punkt")
@for_customers
async def point(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    found = await consumption.point(session, visitor.id, request.args.get("ppe", ""))
    if found is None:
        raise NotFound
    return page(request, "point.html", visitor, point=found)


@energy.get("/zuzycie")
@for_customers
async def history(request: Request, session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    portal = portal_of(request)
    cutover, today = portal.settings.cutover, portal.clock.today()
    known = await consumption.points(session, visitor.id)
    ppe = request.args.get("ppe") or None
    if ppe and ppe not in {point.ppe for point in known}:
        raise NotFound
    years = await consumption.years(session, visitor.id, cutover)
    asked = request.args.get("rok", "")
    year = next((year for year in years if str(year) == asked), years[0] if years else today.year)
    return page(
        request,
        "consumption.html",
        visitor,
        points=known,
        ppe=ppe,
        years=years,
        comparison=await consumption.year(session, visitor.id, ppe, year, cutover, today),
        ebok_until=cutover - dt.timedelta(days=1),
    )
