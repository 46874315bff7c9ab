"""The page with the assistant on it, and the files of page and widget."""

from __future__ import annotations

import hashlib
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request, empty, html, raw, text
from sanic.exceptions import NotFound

from backend.settings import ROOT, Settings

portal = Blueprint("portal")

WIDGET = ROOT / "widget"
STATIC = Path(__file__).parent / "static"
ENTRY = 'import "./widget/widget.js";\n'
"""`/widget.js` is the address that pages embed; it stays when the modules behind it change."""

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
FILE_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
PAGE_HEADERS = FILE_HEADERS | {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Referrer-Policy": "no-referrer",
}

_PAGES = Environment(loader=PackageLoader("backend.portal"), autoescape=True, undefined=StrictUndefined)


@portal.get("/")
async def page(request: Request) -> HTTPResponse:
    settings: Settings = request.app.ctx.settings
    return html(
        _PAGES.get_template("page.html").render(
            company=settings.company,
            phone=settings.phone,
            phone_link=settings.phone.replace(" ", ""),
            cok_email=settings.cok_email,
            bok_email=settings.bok_email,
        ),
        headers=PAGE_HEADERS,
    )


@portal.get("/widget.js")
async def entry(_request: Request) -> HTTPResponse:
    return text(ENTRY, content_type=TYPES[".js"], headers=FILE_HEADERS)


@portal.get("/favicon.svg")
async def favicon(request: Request) -> HTTPResponse:
    return _file(request, STATIC, "favicon.svg")


@portal.get("/widget/<name:str>")
async def widget_file(request: Request, name: str) -> HTTPResponse:
    return _file(request, WIDGET, name)


@portal.get("/static/<name:str>")
async def page_file(request: Request, name: str) -> HTTPResponse:
    return _file(request, STATIC, name)


def _file(request: Request, folder: Path, name: str) -> HTTPResponse:
    """A file that lies directly in the folder; 304 when the browser has it as it is. Raises NotFound."""
    path = next((path for path in folder.iterdir() if path.name == name and path.suffix in TYPES), None)
    if path is None:
        raise NotFound
    content = path.read_bytes()
    headers = FILE_HEADERS | {"ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return empty(status=304, headers=headers)
    return raw(content, content_type=TYPES[path.suffix], headers=headers)
