"""The page with the assistant on it, and the widget's files."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request, html
from sanic.response import file

from backend.settings import ROOT, Settings

portal = Blueprint("portal")

WIDGET = ROOT / "widget"
STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

_PAGES = Environment(loader=PackageLoader("backend.portal"), autoescape=True, undefined=StrictUndefined)


@portal.get("/")
async def page(request: Request) -> HTTPResponse:
    settings: Settings = request.app.ctx.settings
    text = _PAGES.get_template("page.html").render(
        company=settings.company,
        phone=settings.phone,
        phone_link=settings.phone.replace(" ", ""),
        cok_email=settings.cok_email,
        bok_email=settings.bok_email,
    )
    return html(text, headers=HEADERS)


@portal.get("/widget.js")
async def widget(_request: Request) -> HTTPResponse:
    return await file(
        WIDGET / "widget.js", mime_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


portal.static("/widget", WIDGET, name="widget_files")
portal.static("/static", STATIC, name="page_files")
