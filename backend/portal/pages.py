"""How a page of the portal is made, and its words."""

from __future__ import annotations

from typing import Any

from sanic import HTTPResponse, Request, html

from backend.billing import schemas as billing
from backend.consumption.chart import bars
from backend.pages import environment, headers
from backend.portal.visitors import Portal, Visitor
from backend.tickets.schemas import KINDS, STATUSES

TABS = {
    "pulpit": "Pulpit",
    "faktury": "Faktury",
    "umowy": "Umowy",
    "punkty-poboru": "Punkty poboru",
    "zuzycie": "Zużycie",
    "moje-dane": "Moje dane",
    "zgloszenia": "Zgłoszenia",
}
CONTRACT_STATES = {"active": "Aktywna", "ended": "Zakończona"}

DONE = {
    "haslo": "Nowe hasło jest ustawione. Możesz się zalogować.",
    "zmiana-hasla": "Hasło zostało zmienione. Inne urządzenia zostały wylogowane.",
    "konto": "Konto jest aktywne. Możesz się zalogować.",
    "polaczone": "Konto jest połączone.",
    "nie-polaczone": "Ten odnośnik stracił ważność. Utwórz nowy.",
    "odlaczone": "Konto jest odłączone.",
    "email-wyslany": "Na nowy adres wysłaliśmy odnośnik. Do jego otwarcia obowiązuje dotychczasowy adres.",
    "email": "Nowy adres e-mail obowiązuje od teraz.",
    "telefon": "Numer telefonu został zmieniony.",
    "login": "Login został zmieniony.",
    "zgody": "Zgody zostały zapisane.",
    "wylogowano": "Wylogowano. Do zobaczenia.",
    "zgloszenie": "Zgłoszenie zostało przyjęte.",
    "odpowiedz": "Wiadomość została dodana do zgłoszenia.",
    "plik": "Plik został dołączony.",
    "bez-hasla": "Zbyt wiele błędnych haseł. Dla bezpieczeństwa nastąpiło wylogowanie.",
}
"""What a page says after something was done; only these words ever come from an address."""

_TEMPLATES = environment("backend.portal")
_TEMPLATES.globals |= {
    "tabs": TABS,
    "document_kinds": billing.KINDS,
    "document_states": billing.STATES,
    "contract_states": CONTRACT_STATES,
    "ticket_kinds": KINDS,
    "ticket_statuses": STATUSES,
    "bars": bars,
}


def page(
    request: Request, template: str, visitor: Visitor | None = None, *, status: int = 200, **values: Any
) -> HTTPResponse:
    """A page of the portal, for whoever is signed in or for everybody."""
    portal: Portal = request.app.ctx.portal
    settings = portal.settings
    body = _TEMPLATES.get_template(template).render(
        settings=settings,
        phone_link=settings.phone.replace(" ", ""),
        visitor=visitor,
        tab=request.path.strip("/").partition("/")[0],
        done=DONE.get(request.args.get("gotowe", "")),
        errors=values.pop("errors", {}),
        values=values.pop("values", {}),
        today=portal.clock.today(),
        **values,
    )
    return html(body, status=status, headers=headers(settings))


def error_page(request: Request, status: int, detail: str) -> HTTPResponse:
    """An error as people read it; nothing of the request is shown."""
    title = "Nie ma takiej strony" if status == 404 else "Coś się nie udało"
    visitor = getattr(request.ctx, "visitor", None)
    return page(request, "error.html", visitor, status=status, title=title, detail=detail)
