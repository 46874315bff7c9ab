"""Moje dane: what we know of the customer, and what the customer may change."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request, redirect
from sanic.exceptions import NotFound
from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts.schemas import ProofExpired
from backend.browsers import CUSTOMERS
from backend.customers.schemas import LoginTaken
from backend.forms import Form
from backend.portal.new_password import new_password
from backend.portal.pages import page
from backend.portal.visitors import Portal, Visitor, current_session, for_customers, origin, portal_of

my_data = Blueprint("my_data")


@dataclass(frozen=True)
class Change:
    title: str
    lead: str
    done: str


CHANGES = {
    "haslo": Change("Zmień hasło", "Po zmianie inne urządzenia zostaną wylogowane.", "zmiana-hasla"),
    "email": Change(
        "Zmień adres e-mail",
        "Na nowy adres wyślemy odnośnik. Zmiana obowiązuje po jego otwarciu. "
        "O zmianie napiszemy też na dotychczasowy adres.",
        "email-wyslany",
    ),
    "telefon": Change("Zmień numer telefonu", "", "telefon"),
    "login": Change("Zmień login", "Nowego loginu możesz używać zamiast numeru PESEL lub NIP.", "login"),
    "zgody": Change("Zmień zgody", "Zgody są dobrowolne i możesz je wycofać w każdej chwili.", "zgody"),
}


@my_data.get("/moje-dane")
@for_customers
async def show(request: Request, _session: AsyncSession, visitor: Visitor) -> HTTPResponse:
    return page(request, "my_data.html", visitor)


@my_data.get("/moje-dane/<what:str>")
@for_customers
async def change_page(request: Request, _session: AsyncSession, visitor: Visitor, what: str) -> HTTPResponse:
    me = visitor.customer
    values = {
        "login": me.login or "",
        "telefon": me.phone or "",
        "zgoda_email": "tak" if me.consent_email else "",
        "zgoda_telefon": "tak" if me.consent_phone else "",
    }
    return _page(request, visitor, what, {}, values)


@my_data.post("/moje-dane/<what:str>")
@for_customers
async def change(request: Request, _session: AsyncSession, visitor: Visitor, what: str) -> HTTPResponse:
    if what not in CHANGES:
        raise NotFound
    portal, form = portal_of(request), Form(request)
    typed = _read(form, what, visitor)
    password = form.password("haslo")
    if form.errors:
        return _page(request, visitor, what, form.errors, form.values)
    async with portal.database.read() as session:
        kept = await portal.accounts.changes.password_hash(session, visitor.id)
    if not await portal.accounts.passwords.verify(kept, password):
        return await _wrong_password(request, portal, visitor, what, form)
    try:
        await _change(request, portal, visitor, what, typed)
    except LoginTaken:
        return _page(request, visitor, what, {"login": "Ten login jest już zajęty. Wybierz inny."}, form.values)
    return redirect(f"/moje-dane?gotowe={CHANGES[what].done}", status=303)


@my_data.get("/nowy-email/<handle:str>")
async def email_page(request: Request, handle: str) -> HTTPResponse:
    portal = portal_of(request)
    try:
        async with portal.database.read() as session:
            await portal.accounts.changes.email_link_is_open(session, handle)
    except ProofExpired:
        return _email_expired(request)
    return page(request, "confirm_email.html", action=request.path)


@my_data.post("/nowy-email/<handle:str>")
async def confirm_email(request: Request, handle: str) -> HTTPResponse:
    portal = portal_of(request)
    try:
        async with portal.database.write() as session:
            row = await current_session(request, session)
            await portal.accounts.changes.confirm_email(session, handle, row, origin(request))
    except ProofExpired:
        return _email_expired(request)
    return redirect(f"/{'moje-dane' if row else 'logowanie'}?gotowe=email", status=303)


def _read(form: Form, what: str, visitor: Visitor) -> str | None:
    """The new value; what is wrong with it stands in the form."""
    if what == "haslo":
        return new_password(form, visitor.customer)[0]
    if what == "email":
        return form.email("email")
    if what == "telefon":
        return form.phone("telefon")
    if what == "login":
        return form.login("login")
    form.ticked("zgoda_email")
    form.ticked("zgoda_telefon")
    return None


async def _change(request: Request, portal: Portal, visitor: Visitor, what: str, typed: str | None) -> None:
    changes, where = portal.accounts.changes, origin(request)
    kept = await portal.accounts.passwords.hash(typed or "") if what == "haslo" else ""
    async with portal.database.write() as session:
        if what == "haslo":
            await changes.change_password(session, visitor.session, kept, where)
        elif what == "email":
            await changes.ask_email(session, visitor.customer, typed or "", where)
        elif what == "telefon":
            await changes.change_phone(session, visitor.id, typed, where)
        elif what == "login":
            await changes.change_login(session, visitor.customer, typed or "", where)
        else:
            form = Form(request)
            by_email, by_phone = form.ticked("zgoda_email"), form.ticked("zgoda_telefon")
            await changes.change_consents(session, visitor.id, where, by_email=by_email, by_phone=by_phone)


async def _wrong_password(request: Request, portal: Portal, visitor: Visitor, what: str, form: Form) -> HTTPResponse:
    async with portal.database.write() as session:
        ended = await portal.accounts.changes.password_was_wrong(session, visitor.session, origin(request))
    if not ended:
        return _page(request, visitor, what, {"haslo": "To nie jest Twoje obecne hasło."}, form.values)
    response = redirect("/logowanie?gotowe=bez-hasla", status=303)
    CUSTOMERS.clear(response, portal.settings)
    return response


def _page(
    request: Request, visitor: Visitor, what: str, errors: dict[str, str], values: dict[str, str]
) -> HTTPResponse:
    if what not in CHANGES:
        raise NotFound
    change_ = CHANGES[what]
    return page(
        request,
        "change.html",
        visitor,
        status=400 if errors else 200,
        errors=errors,
        values=values,
        what=what,
        title=change_.title,
        lead=change_.lead,
        request_path=f"/moje-dane/{what}",
    )


def _email_expired(request: Request) -> HTTPResponse:
    return page(
        request,
        "link_expired.html",
        status=410,
        title="Ten odnośnik nie jest już ważny",
        lead="Odnośnik działa raz i przez 24 godziny. Jeśli adres się nie zmienił, zmień go jeszcze raz.",
        again="/moje-dane",
        again_words="Moje dane",
    )
