"""Asking Rasa for a turn, over the channel that `credentials.yml` names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx


class RasaFault(Exception):
    """Rasa did not answer sensibly; the turn will be taken again. The message names the kind of fault, no content."""


@dataclass(frozen=True)
class Taken:
    """The replies to a message, in order, and further requests in it that are still to be answered."""

    replies: list[dict[str, Any]]
    later: list[str]


class Rasa:
    def __init__(self, url: str, secret: str, timeout: float) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{url}/webhooks/gateway",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=httpx.Timeout(timeout, connect=1.0),
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
            trust_env=False,
        )

    async def take_turn(
        self, conversation_id: str, text: str, metadata: dict[str, Any], *, may_be_several: bool = False
    ) -> Taken:
        """Answers a text or payload. Raises RasaFault; no reply at all is a fault too."""
        body = {"sender": conversation_id, "text": text, "metadata": metadata, "may_be_several": may_be_several}
        try:
            response = await self._http.post("/turn", json=body)
            answer = response.json() if response.status_code == 200 else None
        except (httpx.HTTPError, ValueError) as error:
            raise RasaFault(type(error).__name__) from None
        if answer is None:
            raise RasaFault(f"status {response.status_code}")
        spoken = [reply for reply in answer["replies"] if reply.get("text")]
        if not spoken:
            raise RasaFault("empty reply")
        return Taken(spoken, answer["later"])

    async def ready(self) -> bool:
        """Whether the model is loaded and its memory is the backend."""
        try:
            return (await self._http.get("/ready", timeout=2.0)).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._http.aclose()
