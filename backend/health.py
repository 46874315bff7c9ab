"""Whether the whole is ready to answer (for people and tests) and whether this process can take messages in."""

from __future__ import annotations

import asyncio

import httpx
from sanic import Blueprint, HTTPResponse, Request, json
from sqlalchemy import text

from backend.chat.rasa import Rasa
from backend.clock import Clock
from backend.database import Database

health = Blueprint("health")


class Health:
    def __init__(self, database: Database, clock: Clock, rasa: Rasa, actions_url: str) -> None:
        self._database, self._clock, self._rasa, self._actions_url = database, clock, rasa, actions_url
        self._http = httpx.AsyncClient(trust_env=False, timeout=2.0)

    async def parts(self) -> dict[str, bool]:
        data, model, actions = await asyncio.gather(self.can_write(), self._rasa.ready(), self._actions_ready())
        return {"data": data, "model": model, "actions": actions}

    async def can_write(self) -> bool:
        try:
            async with asyncio.timeout(5), self._database.write(hurry=True) as session:
                await session.execute(text("UPDATE clock_shift SET microseconds = microseconds WHERE id = 1"))
        except Exception:  # noqa: BLE001 - whatever stops a write makes the process unable to take messages
            return False
        return True

    async def _actions_ready(self) -> bool:
        try:
            return (await self._http.get(f"{self._actions_url}/health")).status_code == 200
        except httpx.HTTPError:
            return False


@health.get("/healthz")
async def healthz(request: Request) -> HTTPResponse:
    parts = await request.app.ctx.health.parts()
    status = {name: "ready" if ready else "not ready" for name, ready in parts.items()}
    return json(status, status=200 if all(parts.values()) else 503, headers={"Cache-Control": "no-store"})


@health.get("/livez")
async def livez(request: Request) -> HTTPResponse:
    alive = await request.app.ctx.health.can_write()
    return json({"inbox": "ready" if alive else "not ready"}, status=200 if alive else 503)
