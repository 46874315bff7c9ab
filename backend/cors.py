"""Which other origins may use the chat API from a browser; never with credentials."""

from __future__ import annotations

from sanic import HTTPResponse, Request, Sanic, empty

_HEADERS = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": "600",
}


def allow_origins(app: Sanic, origins: list[str]) -> None:
    """Answers preflight requests and marks answers, for exactly these origins."""

    def allowed(request: Request) -> str | None:
        origin = request.headers.get("origin")
        return origin if origin in origins and request.path.startswith("/api/chat/") else None

    @app.on_request
    async def preflight(request: Request) -> HTTPResponse | None:
        asks = request.method == "OPTIONS" and "access-control-request-method" in request.headers
        return empty(headers=_HEADERS) if asks and allowed(request) else None

    @app.on_response
    async def mark(request: Request, response: HTTPResponse) -> None:
        if origin := allowed(request):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"
            response.headers["Vary"] = "Origin"
