"""Calls of the Cloud API."""

from __future__ import annotations

import re

from backend.channels.meta import LARGEST_FILE, Graph, Json, objects
from backend.channels.schemas import Call, Refused, TryAgain

ADDRESSES = frozenset({"to", "recipient"})
"""What an address begins with: `to` a phone, or `recipient` for the user id of somebody who hides theirs."""

MEDIA_ID = re.compile(r"[A-Za-z0-9_-]+")


class CloudApi:
    def __init__(self, base_url: str, token: str, phone_number_id: str) -> None:
        self._graph = Graph(base_url, token)
        self._number = f"/{phone_number_id}"

    async def send(self, address: str, call: Call) -> str:
        """The message's id. Raises TryAgain and Refused."""
        kind, _, who = address.partition(":")
        if kind not in ADDRESSES or not who:
            raise Refused("refused")
        body = call.body if call.file is None else await self._picture(call.file, call.body)
        told = await self._post({"recipient_type": "individual", kind: who, **body})
        ids = [message.get("id") for message in objects(told.get("messages"))]
        return ids[0] if ids and isinstance(ids[0], str) else ""

    async def show_signs(self, message_id: str) -> None:
        await self._post({"status": "read", "message_id": message_id, "typing_indicator": {"type": "text"}})

    async def fetch(self, media_id: str) -> bytes:
        if not MEDIA_ID.fullmatch(media_id):
            raise Refused("file")
        told = await self._graph.get(f"/{media_id}")
        address, size = told.get("url"), told.get("file_size", 0)
        if not isinstance(address, str) or not isinstance(size, int) or size > LARGEST_FILE:
            raise Refused("file")
        return await self._graph.download(address, with_token=True)

    async def ask(self) -> None:
        """Whether the token opens the number. Raises TryAgain and Refused."""
        await self._graph.get(self._number)

    async def close(self) -> None:
        await self._graph.close()

    async def _picture(self, png: bytes, body: Json) -> Json:
        """A message with a picture, which is uploaded first."""
        form = {"messaging_product": "whatsapp", "type": "image/png"}
        told = await self._graph.upload(f"{self._number}/media", form, "file", png)
        if not told.get("id"):
            raise TryAgain
        return {"type": "image", "image": {"id": told["id"], **body}}

    async def _post(self, body: Json) -> Json:
        return await self._graph.post(f"{self._number}/messages", {"messaging_product": "whatsapp", **body})
