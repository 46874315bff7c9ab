"""Calls of the Bot API. Its addresses hold the bot's token, so none of them is ever logged."""

from __future__ import annotations

import json
from typing import Any

import httpx

from backend.channels.schemas import Call, Refused, TryAgain

TIMEOUT = 20.0
LARGEST_FILE = 10_000_000
REFUSALS = {401: "token", 403: "blocked", 404: "token"}


class BotApi:
    def __init__(self, base_url: str, token: str) -> None:
        self._token = token
        self._http = httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT)

    async def call(self, method: str, body: dict[str, Any], file: bytes | None = None) -> Any:
        """What the method gives back. Raises TryAgain and Refused."""
        path = f"/bot{self._token}/{method}"
        try:
            if file is None:
                answer = await self._http.post(path, json=body)
            else:
                fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
                answer = await self._http.post(path, data=fields, files={"photo": ("obraz.png", file, "image/png")})
            told = answer.json()
        except (httpx.HTTPError, ValueError):
            raise TryAgain from None
        return _result(answer.status_code, told)

    async def send(self, chat_id: str, call: Call) -> None:
        await self.call(call.method, {"chat_id": int(chat_id), **call.body}, call.file)

    async def fetch(self, file_id: str) -> bytes:
        """Raises TryAgain and Refused; `file` where it is too large."""
        found = await self.call("getFile", {"file_id": file_id})
        if int(found.get("file_size", 0)) > LARGEST_FILE:
            raise Refused("file")
        try:
            answer = await self._http.get(f"/file/bot{self._token}/{found['file_path']}")
        except httpx.HTTPError:
            raise TryAgain from None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise TryAgain
        if answer.status_code != httpx.codes.OK or len(answer.content) > LARGEST_FILE:
            raise Refused("file")
        return answer.content

    async def close(self) -> None:
        await self._http.aclose()


def _result(status: int, told: Any) -> Any:
    if not isinstance(told, dict):
        raise TryAgain
    if told.get("ok"):
        return told.get("result")
    after = float(told.get("parameters", {}).get("retry_after", 0))
    # A token that is wrong is mended by people: until then nothing may be lost.
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise TryAgain(after)
    if REFUSALS.get(status) == "token":
        raise TryAgain(60)
    raise Refused(REFUSALS.get(status, "refused"))
