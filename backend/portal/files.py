"""The public pages that ask for nothing, and the files of pages and widget."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

import rjsmin
from sanic import Blueprint, HTTPResponse, Request, empty, raw
from sanic.exceptions import NotFound

from backend.portal.modules import bundle
from backend.portal.pages import page
from backend.portal.visitors import visitor_if_any
from backend.settings import ROOT

files = Blueprint("files")

WIDGET = ROOT / "widget"
MODULES = WIDGET / "widget.js"
"""Served together with all that it imports."""

STATIC = Path(__file__).parent / "static"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
FILE_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
EVERYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Any page may embed the widget: its files are the same for everybody."""


@files.get("/")
async def home(request: Request) -> HTTPResponse:
    return page(request, "home.html", await visitor_if_any(request))


@files.get("/dane-osobowe")
async def personal_data(request: Request) -> HTTPResponse:
    """What the assistant tells of personal data; its window links it."""
    return page(request, "personal_data.html", await visitor_if_any(request))


@files.get("/widget.js")
async def entry(request: Request) -> HTTPResponse:
    """The address that pages embed; it stays when the modules behind it change."""
    return _file(request, WIDGET, "entry.js", EVERYWHERE)


@files.get("/favicon.svg")
async def favicon(request: Request) -> HTTPResponse:
    return _file(request, STATIC, "favicon.svg")


@files.get("/widget/<name:str>")
async def widget_file(request: Request, name: str) -> HTTPResponse:
    return _file(request, WIDGET, name, EVERYWHERE)


@files.get("/static/<name:str>")
async def page_file(request: Request, name: str) -> HTTPResponse:
    return _file(request, STATIC, name)


def _file(request: Request, folder: Path, name: str, more: dict[str, str] | None = None) -> HTTPResponse:
    """A file that lies directly in the folder; 304 when the browser has it as it is. Raises NotFound."""
    path = next((path for path in folder.iterdir() if path.name == name and path.suffix in TYPES), None)
    if path is None:
        raise NotFound
    encoding = "gzip" if "gzip" in request.headers.get("accept-encoding", "") else "identity"
    changed = max(each.stat().st_mtime_ns for each in (folder.iterdir() if path == MODULES else [path]))
    content = _content(path, changed, encoding)
    headers = FILE_HEADERS | (more or {}) | {"ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return empty(status=304, headers=headers)
    if encoding == "gzip":
        headers["Content-Encoding"] = encoding
    return raw(content, content_type=TYPES[path.suffix], headers=headers)


@lru_cache(maxsize=200)
def _content(path: Path, _changed: int, encoding: str) -> bytes:
    """What goes over the wire; scripts without their comments."""
    if path == MODULES:
        content = bundle(path).encode()
    elif path.suffix == ".js":
        content = rjsmin.jsmin(path.read_bytes())
    else:
        content = path.read_bytes()
    return gzip.compress(content, mtime=0) if encoding == "gzip" else content
