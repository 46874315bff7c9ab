"""The page that sets a password, behind an activation link or a one-time password."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sanic import HTTPResponse, Request, redirect
from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts.passwords import WeakPassword
from backend.accounts.registration import check_for
from backend.accounts.schemas import ProofExpired
from backend.accounts.service import Accounts
from backend.customers.schemas import CustomerCard
from backend.forms import Form
from backend.portal.pages import page
from backend.portal.visitors import limited, origin, portal_of


@dataclass(frozen=True)
class PasswordPage:
    """What one of the two says and does. `owner` and `keep` raise ProofExpired."""

    title: str
    button: str
    done: str
    owner: Callable[[Accounts, AsyncSession, str], Awaitable[CustomerCard]]
    keep: Callable[[Accounts, AsyncSession, str, str, str], Awaitable[None]]
    expired: Callable[[Request], HTTPResponse]


async def show(request: Request, handle: str, words: PasswordPage) -> HTTPResponse:
    portal = portal_of(request)
    try:
        async with portal.database.read() as session:
            await words.owner(portal.accounts, session, handle)
    except ProofExpired:
        return words.expired(request)
    return _page(request, words, {})


async def take(request: Request, handle: str, words: PasswordPage) -> HTTPResponse:
    portal = portal_of(request)
    await limited(request, "code")
    try:
        async with portal.database.read() as session:
            customer = await words.owner(portal.accounts, session, handle)
        password, errors = new_password(Form(request), customer)
        if errors:
            return _page(request, words, errors)
        kept = await portal.accounts.passwords.hash(password)
        async with portal.database.write() as session:
            await words.keep(portal.accounts, session, handle, kept, origin(request))
    except ProofExpired:
        return words.expired(request)
    return redirect(f"/logowanie?gotowe={words.done}", status=303)


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


def _page(request: Request, words: PasswordPage, errors: dict[str, str]) -> HTTPResponse:
    return page(
        request,
        "set_password.html",
        status=400 if errors else 200,
        errors=errors,
        title=words.title,
        button=words.button,
        action=request.path,
    )
