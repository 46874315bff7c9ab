"""How a page of the console is made, and its words."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from sanic import HTTPResponse, Request, html, redirect

from backend.clock import WARSAW
from backend.pages import environment, headers
from backend.quantities import long_date
from backend.staff import titles
from backend.staff.figures.tables import written
from backend.staff.guard import Office
from backend.staff.schemas import ROLE_NAMES, Colleague, Right

SECTIONS = {
    "rozmowy": ("Rozmowy", Right.READ),
    "na-zywo": ("Na żywo", Right.TAKE_OVER),
    "zgloszenia": ("Zgłoszenia", Right.DESK),
    "telefony": ("Telefony", Right.DESK),
    "nauka": ("Nauka", Right.TEACH),
    "liczby": ("Liczby", Right.READ),
    "dziennik": ("Dziennik", Right.SEE_ACTS),
}
"""The console's parts by their address, and who sees them."""

DONE = {
    "konto": "Konto jest gotowe. Możesz się zalogować.",
    "wylogowano": "Wylogowano.",
    "przejeto": "Od teraz rozmawiasz z klientem. Asystent powiedział, kto tu jest, i milczy.",
    "oddano": "Rozmowa wróciła do asystenta. Podsumowanie jest zapisane jako notatka.",
    "nauczono": "Zapisano. Asystent nauczy się tego przy najbliższym uczeniu.",
    "do-oceny": "Zapisano wśród zdań do oceny.",
    "pominieto": "Pominięto.",
    "zdecydowano": "Ktoś już o tym zdecydował. Nic nie zmieniono.",
    "cofnieto": "Cofnięto. Wiadomość znów czeka na decyzję.",
    "odpowiedziano": "Odpowiedź jest wysłana.",
    "stan-zgloszenia": "Zmieniono stan zgłoszenia.",
    "przekazano": "Zgłoszenie ma teraz drugi zespół.",
    "telefon": "Zapisano.",
    "notatka": "Zapisano notatkę.",
    "tag": "Dodano tag.",
    "bez-taga": "Usunięto tag.",
    "stan": "Zmieniono stan rozmowy.",
    "zatrzymano": "Rozmowa jest zatrzymana i nie zostanie usunięta.",
    "zwolniono": "Rozmowa jest zwolniona.",
}
"""What a page says after something was done; only these words ever come from an address."""

_TEMPLATES = environment("backend.staff")
_TEMPLATES.globals |= {"sections": SECTIONS, "role_names": ROLE_NAMES}
_TEMPLATES.filters |= {
    "channel": titles.channel,
    "team": titles.team,
    "iso": lambda time: time.astimezone(WARSAW).isoformat(timespec="seconds"),
    "hour": lambda time: f"{time.astimezone(WARSAW):%-H:%M}",
    "local_day": lambda time: long_date(time.astimezone(WARSAW).date()),
    "local_date": lambda time: time.astimezone(WARSAW).date(),
    "figure": written,
    "share": lambda share: f"{round(share * 100)}%",
}


def without_empty(request: Request) -> HTTPResponse | None:
    """To the same address without its empty parameters: a form sends all its fields, and addresses are handed on."""
    given = parse_qsl(request.query_string, keep_blank_values=True)
    filled = [(name, value) for name, value in given if value]
    if filled == given:
        return None
    return redirect(f"{request.path}?{urlencode(filled)}" if filled else request.path, status=303)


def page(
    request: Request, template: str, colleague: Colleague | None = None, *, status: int = 200, **values: Any
) -> HTTPResponse:
    office: Office = request.app.ctx.office
    parts = request.path.strip("/").split("/")
    body = _TEMPLATES.get_template(template).render(
        settings=office.settings,
        colleague=colleague,
        section=parts[1] if len(parts) > 1 else "",
        done=DONE.get(request.args.get("gotowe", "")),
        errors=values.pop("errors", {}),
        values=values.pop("values", {}),
        today=office.clock.today(),
        **values,
    )
    return html(body, status=status, headers=headers(office.settings))


def error_page(request: Request, status: int, detail: str) -> HTTPResponse:
    title = "Nie ma takiej strony" if status == 404 else "Coś się nie udało"
    colleague = getattr(request.ctx, "colleague", None)
    return page(request, "error.html", colleague, status=status, title=title, detail=detail)
