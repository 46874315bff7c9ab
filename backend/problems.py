"""Errors as `application/problem+json` (RFC 9457), with a Polish sentence that a widget can show."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sanic import HTTPResponse, Request, Sanic, json
from sanic.exceptions import (
    BadRequest,
    Forbidden,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    RequestTimeout,
    SanicException,
)
from sanic.http import Http
from sanic.response import JSONResponse

logger = logging.getLogger("mojbok.backend")

MOST_IGNORED = 200_000_000
"""Bytes of a body that is too large and read to its end all the same, without being kept."""

LONGEST_IGNORED = 30.0

TITLES = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

DETAILS = {
    400: "Nie udało się odczytać tego zapytania.",
    403: "Tego nie można tutaj zrobić.",
    404: "Nie ma takiej strony ani rozmowy.",
    405: "Tego nie można zrobić w ten sposób.",
    408: "Zapytanie trwało zbyt długo. Spróbuj ponownie.",
    413: "To jest za duże, aby je przyjąć.",
    500: "Coś poszło nie tak po naszej stronie. Spróbuj ponownie za chwilę.",
    503: "Usługa jest chwilowo niedostępna. Spróbuj ponownie za chwilę.",
}


class Problem(Exception):
    """A refusal with its status and sentence. `extra` joins the body, `headers` the answer."""

    def __init__(self, status: int, detail: str, *, headers: dict[str, str] | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.headers, self.extra = headers or {}, extra


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **extra: Any) -> JSONResponse:
    body = {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status, "detail": detail, **extra}
    return json(body, status=status, headers=headers, content_type="application/problem+json")


Page = Callable[[Request, int, str], HTTPResponse]


def answer_with_problems(app: Sanic, page: Page | None = None) -> None:
    """Every error of this app becomes a problem, or a `page` for who asks for one with a browser.

    Nothing of a request is shown back or logged.
    """

    def answer(request: Request, status: int, detail: str, headers: dict[str, str], **extra: Any) -> HTTPResponse:
        if page and "text/html" in request.headers.get("accept", "") and not request.path.startswith("/api/"):
            made = page(request, status, detail)
            made.headers.update(headers)
            return made
        return problem(status, detail, headers, **extra)

    @app.exception(Problem)
    async def refused(request: Request, error: Problem) -> HTTPResponse:
        return answer(request, error.status, error.detail, error.headers, **error.extra)

    @app.exception(NotFound, MethodNotAllowed, BadRequest, Forbidden, PayloadTooLarge, RequestTimeout)
    async def rejected(request: Request, error: SanicException) -> HTTPResponse:
        if isinstance(error, PayloadTooLarge):
            await _read_to_the_end(request)
        headers = {name: str(value) for name, value in (error.headers or {}).items()}
        return answer(request, error.status_code, DETAILS.get(error.status_code, DETAILS[400]), headers)

    @app.exception(Exception)
    async def failed(request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, SanicException):
            return answer(request, error.status_code, DETAILS.get(error.status_code, DETAILS[400]), {})
        route = request.route.path if request.route else "?"
        logger.error("%s /%s failed: %s", request.method, route, type(error).__name__, exc_info=_without_values(error))
        return answer(request, 500, DETAILS[500], {})


async def _read_to_the_end(request: Request) -> None:
    """Lets a client finish that is still sending: it would see a broken connection instead of the answer."""
    stream = request.stream
    if not isinstance(stream, Http):
        return
    stream.request_max_size = MOST_IGNORED
    with suppress(SanicException, TimeoutError):
        async with asyncio.timeout(LONGEST_IGNORED):
            while stream.request_body:
                await stream.read()


def _without_values(error: Exception) -> Any:
    """The trace without the error's own words, which may quote a row or a message."""
    bare = RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
    return (RuntimeError, bare, error.__traceback__)
