"""What Messenger and WhatsApp share: the webhook's signature and handshake, its batches, and the Graph API."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import httpx

from backend.channels.schemas import Refused, TryAgain

Json = dict[str, Any]
Told = TypeVar("Told")
Found = TypeVar("Found")

SIGNATURE = "x-hub-signature-256"
WELL_FORMED = re.compile(r"sha256=[0-9a-f]{64}")
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, OSError)

TIMEOUT = 20.0
DOWNLOAD_TIMEOUT = 60.0
LARGEST_FILE = 10_000_000
FILE_HOSTS = re.compile(r"[a-z0-9.-]+\.(fbcdn\.net|fbsbx\.com|facebook\.com)")

TOKEN_PROBLEM = 190
BUSY = frozenset({2, 4, 17, 32, 613, 1200, 80007, 130429, 131056})
"""Codes of rate limits and of what the platform calls temporary."""
REFUSALS: dict[tuple[int, int | None], str] = {
    (10, 2018278): "window",
    (131047, None): "window",
    (100, 2018001): "blocked",
    (551, None): "blocked",
    (131026, None): "blocked",
    (131030, None): "blocked",
}
"""Reasons by code and subcode; where the subcode is None, any has it."""


def is_genuine(secrets: list[str], headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the raw body is signed with one of the app's secrets. Constant in time."""
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE), "")
    if not WELL_FORMED.fullmatch(given):
        return False
    fitting = [hmac.compare_digest(given, _signature(secret, body)) for secret in secrets if secret]
    return any(fitting)


def _signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def challenge(verify_token: str, args: Mapping[str, str]) -> str | None:
    """What the handshake wants to hear; None where it is not the platform that asks."""
    given, answer = args.get("hub.verify_token") or "", args.get("hub.challenge") or ""
    known = hmac.compare_digest(given.encode("utf-8", "replace"), verify_token.encode())
    if not verify_token or not known or args.get("hub.mode") != "subscribe":
        return None
    return answer if re.fullmatch(r"[A-Za-z0-9_-]{1,200}", answer) else None


def events(told: Any, topic: str, edge: str) -> list[Json]:
    """The events of all entries of a webhook call about that topic."""
    if not isinstance(told, dict) or told.get("object") != topic:
        return []
    return [event for entry in objects(told.get("entry")) for event in objects(entry.get(edge))]


def objects(told: Any) -> list[Json]:
    """The objects in a list; none where there is no list."""
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def read(told: Iterable[Told], reader: Callable[[Told], list[Found]]) -> list[Found]:
    """What is found in all that can be read."""
    found: list[Found] = []
    for one in told:
        with suppress(*UNREADABLE):
            found += reader(one)
    return found


def string(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("no text")
    return value


def moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


class Graph:
    """Calls of the Graph API with one token. What is raised names neither addresses nor what the platform said."""

    def __init__(self, base_url: str, token: str) -> None:
        self._base = httpx.URL(base_url)
        self._token = {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT)

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        return await self._call("GET", path, params=query)

    async def post(self, path: str, body: Json) -> Json:
        return await self._call("POST", path, json=body)

    async def upload(self, path: str, body: Json, field: str, png: bytes) -> Json:
        """A body in a form, with a picture in one of its fields."""
        fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
        return await self._call("POST", path, data=fields, files={field: ("obraz.png", png, "image/png")})

    async def download(self, address: str, *, with_token: bool) -> bytes:
        """A file of one of Meta's hosts; refused as `file` where it is too large, gone, or elsewhere."""
        if not is_trusted(address, self._base):
            raise Refused("file")
        headers = {"Accept-Encoding": "identity", **(self._token if with_token else {})}
        try:
            async with asyncio.timeout(DOWNLOAD_TIMEOUT), self._http.stream("GET", address, headers=headers) as answer:
                return await _content(answer)
        except (httpx.HTTPError, TimeoutError):
            raise TryAgain from None

    async def close(self) -> None:
        await self._http.aclose()

    async def _call(self, verb: str, path: str, **more: Any) -> Json:
        try:
            answer = await self._http.request(verb, path, headers=self._token, **more)
            told = answer.json()
        except (httpx.HTTPError, ValueError):
            raise TryAgain from None
        if not isinstance(told, dict):
            raise TryAgain
        if answer.is_success and "error" not in told:
            return told
        raise _problem(answer, told.get("error"))


def is_trusted(address: str, base: httpx.URL) -> bool:
    """Whether a file may be fetched from there: from Meta, or from where the API itself is."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return False
    if (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port):
        return True
    return url.scheme == "https" and url.port is None and FILE_HOSTS.fullmatch(url.host) is not None


async def _content(answer: httpx.Response) -> bytes:
    if _is_busy(answer):
        raise TryAgain(_wait(answer))
    if answer.status_code != httpx.codes.OK:
        raise Refused("file")
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > LARGEST_FILE:
            raise Refused("file")
    return bytes(content)


def _problem(answer: httpx.Response, error: Any) -> TryAgain | Refused:
    """An answer without a Graph error comes from something between the platform and us."""
    if not isinstance(error, dict):
        return TryAgain(_wait(answer))
    code, subcode = _code(error.get("code")), _code(error.get("error_subcode"))
    if reason := known_reason(code, subcode):
        return Refused(reason)
    # A token that is wrong is mended by people: until then nothing may be lost.
    if code == TOKEN_PROBLEM or answer.status_code == httpx.codes.UNAUTHORIZED:
        return TryAgain(60)
    if code in BUSY or error.get("is_transient") is True or _is_busy(answer):
        return TryAgain(_wait(answer))
    return Refused("refused")


def known_reason(code: int, subcode: int | None = None) -> str | None:
    return REFUSALS.get((code, subcode)) or REFUSALS.get((code, None))


def _code(told: Any) -> int:
    return told if isinstance(told, int) else 0


def _is_busy(answer: httpx.Response) -> bool:
    return answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error


def _wait(answer: httpx.Response) -> float:
    told = answer.headers.get("Retry-After", "")
    return float(told) if re.fullmatch(r"[0-9]{1,6}", told) else 0
