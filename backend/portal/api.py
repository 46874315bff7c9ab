from __future__ import annotations

from sanic import Blueprint

portal = Blueprint("portal")
