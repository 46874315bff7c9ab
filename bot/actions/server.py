"""The action server: rasa-sdk's executor behind one route, on loopback."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import Request, Sanic, json
from sanic.response import JSONResponse

import bot.actions
from bot.actions.task import place_of

HOST = "127.0.0.1"
THREADS = 64

logger = logging.getLogger("mojbok.actions")


def create_app(executor: ActionExecutor) -> Sanic:
    """The executor over HTTP. Unlike rasa-sdk's own server it tells nothing of a request when something fails."""
    app = Sanic("mojbok-actions", configure_logging=False)
    app.config.ACCESS_LOG = False

    @app.before_server_start
    async def prepare(_app: Sanic) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "action"))

    @app.get("/health")
    async def health(_request: Request) -> JSONResponse:
        return json({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request) -> JSONResponse:
        try:
            result = await executor.run(request.json)
        except ActionNotFoundException as error:
            return json({"error": "unknown action", "action_name": error.action_name}, status=404)
        return json(result.model_dump() if result else {"events": [], "responses": []})

    @app.exception(Exception)
    async def failed(_request: Request, error: Exception) -> JSONResponse:
        logger.error("A call failed: %s at %s", type(error).__name__, place_of(error))
        return json({"error": "failed"}, status=500)

    return app


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stdout)
    for quiet in ("rasa_sdk", "sanic.root"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    executor = ActionExecutor()
    executor.register_package(bot.actions)
    app = create_app(executor)
    port = int(os.environ.get("MOJBOK_ACTIONS_PORT", "5055"))
    app.run(host=HOST, port=port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
