"""Registering and activating."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, redirect

from backend.forms import Form
from backend.portal import new_password
from backend.portal.new_password import PasswordPage
from backend.portal.pages import page
from backend.portal.visitors import limited, origin, portal_of

registration = Blueprint("registration")


@registration.get("/rejestracja")
async def register_page(request: Request) -> HTTPResponse:
    return page(request, "register.html")


@registration.post("/rejestracja")
async def register(request: Request) -> HTTPResponse:
    portal, form = portal_of(request), Form(request)
    await limited(request, "letter")
    number, customer_no, email = form.text("numer", 20), form.text("klient", 40), form.email("email")
    if not form.ticked("regulamin"):
        form.errors["regulamin"] = "Aby założyć konto, zaakceptuj Regulamin."
    if form.errors:
        return page(request, "register.html", status=400, errors=form.errors, values=form.values)
    async with portal.database.write() as session:
        await portal.accounts.registration.ask(session, number, customer_no, email, origin(request))
    return redirect("/rejestracja/wyslano", status=303)


@registration.get("/rejestracja/wyslano")
async def asked(request: Request) -> HTTPResponse:
    return page(
        request,
        "asked.html",
        title="Sprawdź skrzynkę e-mail",
        lead=(
            "Jeśli podane dane zgadzają się z naszymi, na adres e-mail zapisany w umowie wysyłamy wiadomość "
            "z odnośnikiem do aktywacji konta. Odnośnik jest ważny 24 godziny. Po tym czasie trzeba zarejestrować "
            "się ponownie."
        ),
        hints=["Sprawdź na fakturze numer klienta oraz PESEL lub NIP i zarejestruj się jeszcze raz."],
    )


def _expired(request: Request) -> HTTPResponse:
    return page(
        request,
        "link_expired.html",
        status=410,
        title="Ten odnośnik nie jest już ważny",
        lead=(
            "Odnośnik działa raz i przez 24 godziny. Jeśli konto jest już aktywne, zaloguj się. "
            "Jeśli nie, zarejestruj się ponownie."
        ),
        again="/rejestracja",
        again_words="Zarejestruj się ponownie",
    )


_PAGE = PasswordPage(
    title="Ustaw hasło i aktywuj konto",
    button="Aktywuj konto",
    done="konto",
    owner=lambda accounts, session, handle: accounts.registration.owner(session, handle),
    keep=lambda accounts, session, handle, kept, where: accounts.registration.activate(session, handle, kept, where),
    expired=_expired,
)


@registration.get("/aktywacja/<handle:str>")
async def activation_page(request: Request, handle: str) -> HTTPResponse:
    return await new_password.show(request, handle, _PAGE)


@registration.post("/aktywacja/<handle:str>")
async def activate(request: Request, handle: str) -> HTTPResponse:
    return await new_password.take(request, handle, _PAGE)
