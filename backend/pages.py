"""What pages for people have in common: templates with their formats, and the headers that every page carries."""

from __future__ import annotations

from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from sanic import HTTPResponse, raw

from backend import quantities
from backend.clock import WARSAW
from backend.settings import Settings

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types mojbok-chat"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    # With no referrer at all browsers would hide the origin of our own forms too.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_YEAR_OF_HTTPS = "max-age=31536000; includeSubDomains"


def environment(package: str) -> Environment:
    """The templates of a package, and those that all share."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("backend")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "amount": quantities.amount,
        "day": quantities.long_date,
        "moment": lambda time: quantities.moment(time.astimezone(WARSAW)),
        "month": quantities.month,
        "kwh": quantities.energy,
        "quantity": quantities.number,
        "percent": quantities.percent,
        "account": quantities.account,
        "plural": quantities.plural,
        "size": quantities.size,
    }
    return made


def headers(settings: Settings) -> dict[str, str]:
    return HEADERS if settings.development else HEADERS | {"Strict-Transport-Security": _YEAR_OF_HTTPS}


def download(name: str, content: bytes, mime: str) -> HTTPResponse:
    """A file that somebody sent: saved and never opened as a page of ours."""
    told = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
    }
    return raw(content, content_type=mime, headers=told)
