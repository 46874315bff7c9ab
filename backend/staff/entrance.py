"""Signing in and out of the console, and using an invitation."""

from __future__ import annotations

import re

import segno
from markupsafe import Markup
from sanic import Blueprint, HTTPResponse, Request, redirect

from backend.accounts.passwords import WeakPassword, check
from backend.browsers import STAFF
from backend.forms import Form
from backend.problems import Problem
from backend.staff.guard import colleague_if_any, office_of, origin
from backend.staff.members import CodeWrong, Invitation
from backend.staff.pages import page

entrance = Blueprint("staff_entrance")

_OUR_PAGE = re.compile(r"/biuro(?:/[\w-]+)*(?:\?[\w=&%.+/-]*)?", re.ASCII)
START = "/biuro/rozmowy"
WRONG = "Login lub hasło się nie zgadza. Sprawdź, czy nie jest włączony Caps Lock, i spróbuj ponownie."
WRONG_CODE = "Ten kod nie pasuje. Wpisz kod, który aplikacja pokazuje teraz; każdy działa tylko raz."
TOO_OFTEN = "Zbyt wiele prób z tego miejsca. Spróbuj ponownie za kwadrans."


@entrance.get("/")
async def start(_: Request) -> HTTPResponse:
    return redirect(START, status=303)


@entrance.get("/logowanie")
async def sign_in_page(request: Request) -> HTTPResponse:
    return page(request, "sign_in.html", there=_there(request.args.get("dalej", "")))


@entrance.post("/logowanie")
async def sign_in(request: Request) -> HTTPResponse:
    office, form = office_of(request), Form(request)
    await _limited(request)
    login, password = form.text("login"), form.password("haslo")
    there = _there(form.text("dalej", 2000, required=False))
    if form.errors:
        return page(request, "sign_in.html", status=400, errors=form.errors, values=form.values, there=there)
    async with office.database.read() as session:
        member = await office.members.whom(session, login)
    right = await office.members.passwords.verify(member.password_hash if member else None, password)
    async with office.database.write() as session:
        token = await office.members.begin(session, member, right=right)
    if token is None:
        return page(request, "sign_in.html", status=403, errors={"": WRONG}, values=form.values, there=there)
    response = page(request, "second_factor.html", there=there)
    STAFF.set(response, office.settings, token)
    return response


@entrance.get("/logowanie/kod")
async def code_page(request: Request) -> HTTPResponse:
    return page(request, "second_factor.html", there=_there(request.args.get("dalej", "")))


@entrance.post("/logowanie/kod")
async def enter_code(request: Request) -> HTTPResponse:
    office, form = office_of(request), Form(request)
    await _limited(request)
    code, there = form.text("kod-aplikacji", 12).replace(" ", ""), _there(form.text("dalej", 2000, required=False))
    if form.errors:
        return page(request, "second_factor.html", status=400, errors=form.errors, there=there)
    token, wrong = None, False
    async with office.database.write() as session:
        try:
            token = await office.members.finish(session, STAFF.token(request, office.settings), code)
        except CodeWrong:
            wrong = True
    if wrong:
        return page(request, "second_factor.html", status=403, errors={"kod-aplikacji": WRONG_CODE}, there=there)
    if token is None:
        return redirect("/biuro/logowanie", status=303)
    response = redirect(there, status=303)
    STAFF.set(response, office.settings, token)
    return response


@entrance.post("/wyloguj")
async def sign_out(request: Request) -> HTTPResponse:
    office = office_of(request)
    colleague = await colleague_if_any(request)
    if colleague:
        async with office.database.write() as session:
            await office.members.sign_out(session, colleague)
    response = redirect("/biuro/logowanie?gotowe=wylogowano", status=303)
    STAFF.clear(response, office.settings)
    return response


@entrance.get("/aktywacja/<token:str>")
async def activation_page(request: Request, token: str) -> HTTPResponse:
    return await _activation(request, token, {})


@entrance.post("/aktywacja/<token:str>")
async def activate(request: Request, token: str) -> HTTPResponse:
    office, form = office_of(request), Form(request)
    await _limited(request)
    new, again, code = form.password("nowe"), form.password("powtorz"), form.text("kod-aplikacji", 12).replace(" ", "")
    try:
        check(new)
    except WeakPassword as weak:
        form.errors["nowe"] = str(weak)
    if new and again and new != again:
        form.errors["powtorz"] = "Hasła się różnią. Wpisz to samo hasło dwa razy."
    if form.errors:
        return await _activation(request, token, form.errors)
    password_hash = await office.members.passwords.hash(new)
    try:
        async with office.database.write() as session:
            done = await office.members.activate(session, token, password_hash, code)
    except CodeWrong:
        return await _activation(request, token, {"kod-aplikacji": WRONG_CODE})
    if not done:
        return page(request, "invitation_over.html", status=404)
    return redirect("/biuro/logowanie?gotowe=konto", status=303)


async def _activation(request: Request, token: str, errors: dict[str, str]) -> HTTPResponse:
    office = office_of(request)
    async with office.database.read() as session:
        invitation = await office.members.invitation(session, token)
    if invitation is None:
        return page(request, "invitation_over.html", status=404)
    status = 400 if errors else 200
    return page(request, "activation.html", status=status, invitation=invitation, qr=_qr(invitation), errors=errors)


def _qr(invitation: Invitation) -> Markup:
    code = segno.make(invitation.address, error="m")
    title = "Kod QR dla aplikacji uwierzytelniającej; ten sam sekret stoi obok jako tekst"
    return Markup(code.svg_inline(scale=5, border=3, title=title, svgclass="qr", lineclass=None))  # noqa: S704 - ours


async def _limited(request: Request) -> None:
    """Raises Problem 429."""
    office = office_of(request)
    async with office.database.write() as session:
        allowed = await office.members.origin_may(session, origin(request))
    if not allowed:
        raise Problem(429, TOO_OFTEN, headers={"Retry-After": "900"})


def _there(wanted: str) -> str:
    """Where to go after signing in: a page of the console and nothing else."""
    return wanted if _OUR_PAGE.fullmatch(wanted) else START
