"""Calls of the Send API."""

from __future__ import annotations

from backend.channels.messenger.parse import START
from backend.channels.meta import Graph
from backend.channels.schemas import Call


class SendApi:
    def __init__(self, base_url: str, token: str) -> None:
        self._graph = Graph(base_url, token)

    async def send(self, psid: str, call: Call) -> None:
        path = f"/me/{call.method}"
        body = {"recipient": {"id": psid}, "messaging_type": "RESPONSE", **call.body}
        if call.file is None:
            await self._graph.post(path, body)
        else:
            await self._graph.upload(path, body, "filedata", call.file)

    async def show_signs(self, psid: str) -> None:
        for action in ("mark_seen", "typing_on"):
            await self._graph.post("/me/messages", {"recipient": {"id": psid}, "sender_action": action})

    async def fetch(self, address: str) -> bytes:
        """The address is good for whoever has it, so the token stays here."""
        return await self._graph.download(address, with_token=False)

    async def ask(self) -> None:
        """Whether the token opens the page. Raises TryAgain and Refused."""
        await self._graph.get("/me", {"fields": "id,name"})

    async def offer_to_start(self) -> None:
        """A page without this button is not told of the link with which somebody new opens it."""
        await self._graph.post("/me/messenger_profile", {"get_started": {"payload": START}})

    async def close(self) -> None:
        await self._graph.close()
