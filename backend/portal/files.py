"""The public page, and the files of page and widget."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request, empty, raw, text
from sanic.exceptions import NotFound

from backend.portal.pages import page
from backend.portal.visitors import visitor_if_any
from backend.settings import ROOT

files = Blueprint("files")

WIDGET = ROOT / "widget"
STATIC = Path(__file__).parent / "static"
ENTRY = 'import "./widget/widget.js";\n'
"""`/widget.js` is the address that pages embed; it stays when the modules behind it change."""

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
FILE_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}


@files.get("/")
async def home(request: Request) -> HTTPResponse:
    return page(request, "home.html", await visitor_if_any(request))


@files.get("/widget.js")
async def entry(_request: Request) -> HTTPResponse:
    return text(ENTRY, content_type=TYPES[".js"], headers=FILE_HEADERS)


@files.get("/favicon.svg")
async def favicon(request: Request) -> HTTPResponse:
    return _file(request, STATIC, "favicon.svg")


@files.get("/widget/<name:str>")
async def widget_file(request: Request, name: str) -> HTTPResponse:
    return _file(request, WIDGET, name)


@files.get("/static/<name:str>")
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
