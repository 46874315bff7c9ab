"""What a browser shows of itself: the session's cookie, the origin of a request, its network address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from sanic import HTTPResponse, Request

from backend.problems import Problem
from backend.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class SessionCookie:
    """A cookie of the browser's session; its time is kept on the server."""

    name: str
    samesite: Literal["Lax", "Strict"]

    def token(self, request: Request, settings: Settings) -> str | None:
        token: str | None = request.cookies.get(self._full_name(settings))
        return token

    def set(self, response: HTTPResponse, settings: Settings, token: str) -> None:
        self._add(response, settings, token, None)

    def clear(self, response: HTTPResponse, settings: Settings) -> None:
        self._add(response, settings, "", 0)

    def _add(self, response: HTTPResponse, settings: Settings, token: str, seconds: int | None) -> None:
        secure, name = not settings.development, self._full_name(settings)
        response.add_cookie(
            name, token, path="/", secure=secure, httponly=True, samesite=self.samesite, max_age=seconds
        )

    def _full_name(self, settings: Settings) -> str:
        return self.name if settings.development else f"__Host-{self.name}"


CUSTOMERS = SessionCookie("mojbok_session", "Lax")
STAFF = SessionCookie("mojbok_office", "Strict")


def is_same_origin(request: Request, settings: Settings) -> bool:
    """Whether a page of ours sent this: browsers name the origin of every request that is no plain reading."""
    origin = request.headers.get("origin")
    if settings.development and urlsplit(origin or "").hostname in LOOPBACK:
        return urlsplit(origin or "").netloc == request.headers.get("host")
    parts = urlsplit(settings.base_url)
    return origin == f"{parts.scheme}://{parts.netloc}"


async def only_our_forms(request: Request) -> None:
    """Refuses posts that another site's page caused (ASVS 5.0, 3.5). Raises Problem 403 or 415."""
    if request.method != "POST":
        return
    if not is_same_origin(request, request.app.ctx.settings):
        raise Problem(403, "Ten formularz nie pochodzi z naszej strony. Otwórz stronę mojBOK i spróbuj ponownie.")
    if request.body and request.content_type.partition(";")[0].strip().lower() not in FORMS:
        raise Problem(415, "Tego formularza nie da się odczytać.")


def network_address(request: Request, settings: Settings) -> str:
    """The address of who asks. Only what our own proxies added to X-Forwarded-For is believed: the last ones."""
    forwarded = [part.strip() for part in ",".join(request.headers.getall("x-forwarded-for", [])).split(",")]
    if settings.proxies and len(forwarded) >= settings.proxies:
        return forwarded[-settings.proxies] or str(request.ip)
    return str(request.ip)
