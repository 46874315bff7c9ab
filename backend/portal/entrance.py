"""Signing in and out, and the Regulamin."""

from __future__ import annotations

import re

from sanic import Blueprint, HTTPResponse, Request, redirect

from backend.browsers import CUSTOMERS
from backend.forms import Form
from backend.portal.pages import page
from backend.portal.visitors import current_session, limited, origin, portal_of, visitor_if_any

entrance = Blueprint("entrance")

_OUR_PAGE = re.compile(r"/[a-z][a-z-]*(?:/[a-z-]+)?(?:\?[\w=&%.+/-]*)?")
WRONG = "Login lub hasło się nie zgadza. Sprawdź, czy nie jest włączony Caps Lock, i spróbuj ponownie."


@entrance.get("/logowanie")
async def sign_in_page(request: Request) -> HTTPResponse:
    return page(request, "sign_in.html", there=_there(request.args.get("dalej", "")))


@entrance.post("/logowanie")
async def sign_in(request: Request) -> HTTPResponse:
    portal, form = portal_of(request), Form(request)
    await limited(request, "sign-in")
    login, password = form.text("login"), form.password("haslo")
    there = _there(form.text("dalej", 2000, required=False))
    if form.errors:
        return page(request, "sign_in.html", status=400, errors=form.errors, values=form.values, there=there)
    async with portal.database.read() as session:
        before = await current_session(request, session)
        who = await portal.accounts.whom(session, login)
    right = await portal.accounts.passwords.verify(who.password_hash, password)
    async with portal.database.write() as session:
        token = await portal.accounts.sign_in(session, who, before, origin(request), right=right)
    if token is None:
        return page(request, "sign_in.html", status=403, errors={"": WRONG}, values=form.values, there=there)
    response = redirect(there, status=303)
    CUSTOMERS.set(response, portal.settings, token)
    return response


@entrance.post("/wyloguj")
async def sign_out(request: Request) -> HTTPResponse:
    portal = portal_of(request)
    async with portal.database.write() as session:
        row = await current_session(request, session)
        if row:
            await portal.accounts.sign_out(session, row, origin(request))
    response = redirect("/logowanie?gotowe=wylogowano", status=303)
    CUSTOMERS.clear(response, portal.settings)
    return response


@entrance.get("/regulamin")
async def terms(request: Request) -> HTTPResponse:
    return page(request, "terms.html", await visitor_if_any(request), asks=False)


@entrance.get("/regulamin/zgoda")
async def terms_page(request: Request) -> HTTPResponse:
    return page(request, "terms.html", asks=True)


@entrance.post("/regulamin/zgoda")
async def accept_terms(request: Request) -> HTTPResponse:
    portal, form = portal_of(request), Form(request)
    if not form.ticked("regulamin"):
        errors = {"regulamin": "Bez akceptacji Regulaminu nie można korzystać z serwisu."}
        return page(request, "terms.html", status=400, asks=True, errors=errors)
    async with portal.database.write() as session:
        row = await current_session(request, session)
        if row is None:
            return redirect("/logowanie", status=303)
        await portal.accounts.accept_terms(session, row.customer_id, origin(request))
    return redirect("/pulpit", status=303)


def _there(wanted: str) -> str:
    """Where to go after signing in: a page of ours and nothing else."""
    return wanted if _OUR_PAGE.fullmatch(wanted) else "/pulpit"
