"""Registering and activating."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, redirect

from backend.accounts.passwords import WeakPassword
from backend.accounts.registration import check_for
from backend.accounts.schemas import ProofExpired
from backend.customers.schemas import CustomerCard
from backend.portal.forms import Form
from backend.portal.pages import page
from backend.portal.visitors import limited, origin, portal_of

registration = Blueprint("registration")

TITLE = "Ustaw hasło i aktywuj konto"


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
            "Jeśli podane dane zgadzają się z naszymi, na adres e-mail zapisany w umowie idzie wiadomość z odnośnikiem "
            "do aktywacji konta. Odnośnik jest ważny 24 godziny. Po tym czasie trzeba zarejestrować się ponownie."
        ),
        hints=["Sprawdź na fakturze numer klienta oraz PESEL lub NIP i zarejestruj się jeszcze raz."],
    )


@registration.get("/aktywacja/<handle:str>")
async def activation_page(request: Request, handle: str) -> HTTPResponse:
    portal = portal_of(request)
    try:
        async with portal.database.read() as session:
            await portal.accounts.registration.owner(session, handle)
    except ProofExpired:
        return _expired(request)
    return _form(request, {})


@registration.post("/aktywacja/<handle:str>")
async def activate(request: Request, handle: str) -> HTTPResponse:
    portal = portal_of(request)
    await limited(request, "code")
    try:
        async with portal.database.read() as session:
            customer = await portal.accounts.registration.owner(session, handle)
        password, errors = new_password(Form(request), customer)
        if errors:
            return _form(request, errors)
        kept = await portal.accounts.passwords.hash(password)
        async with portal.database.write() as session:
            await portal.accounts.registration.activate(session, handle, kept, origin(request))
    except ProofExpired:
        return _expired(request)
    return redirect("/logowanie?gotowe=konto", status=303)


def new_password(form: Form, customer: CustomerCard) -> tuple[str, dict[str, str]]:
    """The password that was typed twice, and what is wrong with it."""
    password, again = form.password("nowe"), form.password("powtorz")
    if not form.errors and password != again:
        form.errors["powtorz"] = "Hasła różnią się od siebie. Wpisz dwa razy to samo."
    if not form.errors:
        try:
            check_for(customer, password)
        except WeakPassword as weak:
            form.errors["nowe"] = str(weak)
    return password, form.errors


def _form(request: Request, errors: dict[str, str]) -> HTTPResponse:
    status = 400 if errors else 200
    return page(
        request,
        "set_password.html",
        status=status,
        errors=errors,
        title=TITLE,
        button="Aktywuj konto",
        action=request.path,
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
