"""What a browser shows of itself: the session's cookie, the origin of a request, its network address."""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic import HTTPResponse, Request

from backend.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost")


def session_token(request: Request, settings: Settings) -> str | None:
    token: str | None = request.cookies.get(_cookie(settings))
    return token


def set_session(response: HTTPResponse, settings: Settings, token: str) -> None:
    """A cookie of the browser's session; its time is kept on the server."""
    _set(response, settings, token, None)


def clear_session(response: HTTPResponse, settings: Settings) -> None:
    _set(response, settings, "", 0)


def _set(response: HTTPResponse, settings: Settings, token: str, seconds: int | None) -> None:
    secure = not settings.development
    response.add_cookie(
        _cookie(settings), token, path="/", secure=secure, httponly=True, samesite="Lax", max_age=seconds
    )


def is_same_origin(request: Request, settings: Settings) -> bool:
    """Whether a page of ours sent this: browsers name the origin of every request that is no plain reading."""
    origin = request.headers.get("origin")
    if settings.development and urlsplit(origin or "").hostname in LOOPBACK:
        return urlsplit(origin or "").netloc == request.headers.get("host")
    parts = urlsplit(settings.base_url)
    return origin == f"{parts.scheme}://{parts.netloc}"


def network_address(request: Request, settings: Settings) -> str:
    """The address of who asks. Only what our own proxies added to X-Forwarded-For is believed: the last ones."""
    forwarded = [part.strip() for part in ",".join(request.headers.getall("x-forwarded-for", [])).split(",")]
    if settings.proxies and len(forwarded) >= settings.proxies:
        return forwarded[-settings.proxies] or str(request.ip)
    return str(request.ip)


def _cookie(settings: Settings) -> str:
    return "mojbok_session" if settings.development else "__Host-mojbok_session"
