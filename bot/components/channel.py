"""Rasa's only door: REST as Rasa has it, but a failed turn is an error and an answer's message stays whole."""

from __future__ import annotations

import hmac
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from bot.components.parts import requests_in
from bot.components.tracker_store import GatewayTrackerStore


class WholeMessages(CollectingOutputChannel):
    """Keeps each message as the assistant made it: text, buttons and metadata together."""

    @classmethod
    def name(cls) -> str:
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(message)


class GatewayChannel(InputChannel):
    """Takes turns from the backend alone: every call carries the secret that both know from their environment."""

    @classmethod
    def name(cls) -> str:
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        door = Blueprint("gateway", "gateway")
        expected = f"Bearer {os.environ.get('MOJBOK_INTERNAL_SECRET', '')}"

        def knows_secret(request: Request) -> bool:
            given = request.headers.get("authorization", "")
            return expected != "Bearer " and hmac.compare_digest(given.encode(), expected.encode())

        @door.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            store = getattr(agent, "tracker_store", None)
            kept = getattr(store, "_tracker_store", store)
            if agent is None or not agent.is_ready() or not isinstance(kept, GatewayTrackerStore) or not kept.gateway:
                return response.json({"ready": False}, status=503)
            return response.json({"ready": True})

        @door.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not knows_secret(request):
                return response.json({"error": "forbidden"}, status=403)
            collector = WholeMessages()
            body = request.json
            requests = [body["text"]]
            if body["may_be_several"]:
                agent = request.app.ctx.agent
                requests = await requests_in(body["text"], agent.parse_message, agent.domain)
            await on_new_message(
                UserMessage(
                    requests[0], collector, body["sender"], input_channel=self.name(), metadata=body["metadata"]
                )
            )
            return response.json({"replies": collector.messages, "later": requests[1:]})

        return door
