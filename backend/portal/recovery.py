"""„Nie pamiętasz hasła?” and „Nie pamiętasz nazwy użytkownika?”."""

from __future__ import annotations

import datetime as dt

from sanic import Blueprint, HTTPResponse, Request, redirect

from backend.accounts.schemas import ProofExpired, ProofRefused
from backend.forms import Form
from backend.portal import new_password
from backend.portal.new_password import PasswordPage
from backend.portal.pages import page
from backend.portal.visitors import limited, origin, portal_of
from backend.quantities import plural

recovery = Blueprint("recovery")


@recovery.get("/nie-pamietam-hasla")
async def forgotten_password_page(request: Request) -> HTTPResponse:
    return _forgotten_password(request, Form(request))


@recovery.post("/nie-pamietam-hasla")
async def forgotten_password(request: Request) -> HTTPResponse:
    portal, form = portal_of(request), Form(request)
    await limited(request, "letter")
    login = form.text("login")
    if form.errors:
        return _forgotten_password(request, form)
    async with portal.database.write() as session:
        handle = await portal.accounts.recovery.ask_reset(session, login, origin(request))
    return redirect(f"/haslo-jednorazowe/{handle}", status=303)


@recovery.get("/haslo-jednorazowe/<handle:str>")
async def one_time_password_page(request: Request, handle: str) -> HTTPResponse:
    portal = portal_of(request)
    try:
        async with portal.database.read() as session:
            await portal.accounts.recovery.is_open(session, handle)
    except ProofExpired:
        return _expired(request)
    return _one_time_password(request, {})


@recovery.post("/haslo-jednorazowe/<handle:str>")
async def one_time_password(request: Request, handle: str) -> HTTPResponse:
    portal, form = portal_of(request), Form(request)
    await limited(request, "code")
    typed = form.text("kod", 40)
    if form.errors:
        return _one_time_password(request, form.errors)
    try:
        async with portal.database.write() as session:
            try:
                following = await portal.accounts.recovery.enter(session, handle, typed, origin(request))
            except ProofRefused as refused:
                left = refused.left
                following = None
    except ProofExpired:
        return _expired(request)
    if following:
        return redirect(f"/nowe-haslo/{following}", status=303)
    tries = plural(left, "próba", "próby", "prób")
    words = f"To hasło jednorazowe nie pasuje. Pozostało: {tries}."
    return _one_time_password(request, {"kod": words}) if left else _expired(request)


@recovery.get("/nie-pamietam-loginu")
async def forgotten_login_page(request: Request) -> HTTPResponse:
    return _forgotten_login(request, Form(request))


@recovery.post("/nie-pamietam-loginu")
async def forgotten_login(request: Request) -> HTTPResponse:
    portal, form = portal_of(request), Form(request)
    await limited(request, "letter")
    email = form.email("email")
    if form.errors:
        return _forgotten_login(request, form)
    async with portal.database.write() as session:
        await portal.accounts.recovery.remind_login(session, email, origin(request))
    return redirect("/nie-pamietam-loginu/wyslano", status=303)


@recovery.get("/nie-pamietam-loginu/wyslano")
async def reminded(request: Request) -> HTTPResponse:
    return page(
        request,
        "asked.html",
        title="Sprawdź skrzynkę e-mail",
        lead="Jeśli z podanym adresem jest związane konto w mojBOK, wysyłamy tam wiadomość z loginem.",
        hints=[
            "Loginem jest PESEL (klient indywidualny), NIP (klient biznesowy) albo login wybrany w serwisie.",
            "Konta jeszcze nie ma? Zarejestruj się.",
        ],
    )


def _forgotten_password(request: Request, form: Form) -> HTTPResponse:
    return page(
        request,
        "forgotten.html",
        status=400 if form.errors else 200,
        errors=form.errors,
        values=form.values,
        title="Nie pamiętasz hasła?",
        lead="Podaj login. Na adres e-mail konta wyślemy hasło jednorazowe, dzięki któremu ustawisz nowe.",
        action="/nie-pamietam-hasla",
        name="login",
        label="Login",
        type="text",
        autocomplete="username",
        hint="PESEL, NIP albo login wybrany w serwisie.",
        button="Resetuj hasło",
    )


def _forgotten_login(request: Request, form: Form) -> HTTPResponse:
    return page(
        request,
        "forgotten.html",
        status=400 if form.errors else 200,
        errors=form.errors,
        values=form.values,
        title="Nie pamiętasz nazwy użytkownika?",
        lead="Podaj adres e-mail z rejestracji. Wyślemy tam wiadomość z loginem.",
        action="/nie-pamietam-loginu",
        name="email",
        label="Adres e-mail",
        type="email",
        autocomplete="email",
        hint="",
        button="Przypomnij login",
    )


def _one_time_password(request: Request, errors: dict[str, str]) -> HTTPResponse:
    minutes = portal_of(request).settings.code_lifetime // dt.timedelta(minutes=1)
    status = 400 if errors else 200
    return page(request, "one_time_password.html", status=status, errors=errors, minutes=minutes, action=request.path)


def _expired(request: Request) -> HTTPResponse:
    return page(
        request,
        "link_expired.html",
        status=410,
        title="To hasło jednorazowe nie jest już ważne",
        lead="Hasła jednorazowego można użyć raz, w wyznaczonym czasie i po najwyżej 5 próbach. Poproś o nowe.",
        again="/nie-pamietam-hasla",
        again_words="Poproś o nowe",
    )


_PAGE = PasswordPage(
    title="Ustaw nowe hasło",
    button="Zapisz hasło",
    done="haslo",
    owner=lambda accounts, session, handle: accounts.recovery.owner(session, handle),
    keep=lambda accounts, session, handle, kept, where: accounts.recovery.set_password(session, handle, kept, where),
    expired=_expired,
)


@recovery.get("/nowe-haslo/<handle:str>")
async def new_password_page(request: Request, handle: str) -> HTTPResponse:
    return await new_password.show(request, handle, _PAGE)


@recovery.post("/nowe-haslo/<handle:str>")
async def set_new_password(request: Request, handle: str) -> HTTPResponse:
    return await new_password.take(request, handle, _PAGE)
