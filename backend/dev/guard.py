"""The development calls are for this machine alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic import Request

from backend.browsers import LOOPBACK
from backend.problems import Problem


async def only_from_this_machine(request: Request) -> None:
    """Refuses what came through a proxy, for another host, or from another site's page. Raises Problem 403."""
    forwarded = (
        any(name.lower().startswith("x-forwarded-") for name in request.headers) or "forwarded" in request.headers
    )
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if forwarded or foreign or host not in LOOPBACK:
        raise Problem(403, "To działa tylko na tym komputerze.")
