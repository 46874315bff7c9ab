"""A whole turn, from sending a question to having its answer, for ours and for the stock server."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

QUESTIONS = (
    "jak założyć konto?",
    "ile kosztuje korzystanie z serwisu",
    "jak sie zalogowac",
    "gdzie znajdę faktury",
    "czy to bezpieczne",
    "co oznaczają kolory salda",
)

Ask = Callable[[str], Awaitable[None]]
Open = Callable[[httpx.AsyncClient], Awaitable[Ask]]


@dataclass(frozen=True)
class Times:
    """Milliseconds."""

    p50: float
    p95: float


def over_chat_api(url: str) -> Open:
    """Conversations over the chat API: post, then long poll until `answered`."""

    async def open_(http: httpx.AsyncClient) -> Ask:
        opened = (await http.post(f"{url}/api/chat/conversations", json={})).json()
        headers = {"Authorization": f"Bearer {opened['token']}"}
        place = f"{url}/api/chat/conversations/{opened['conversation']}"
        seq = opened["events"][-1]["seq"]

        async def ask(text: str) -> None:
            nonlocal seq
            body = {"client_id": str(uuid.uuid4()), "text": text}
            (await http.post(f"{place}/messages", json=body, headers=headers)).raise_for_status()
            while True:
                params = {"after": seq, "wait": 25}
                events = (await http.get(f"{place}/events", params=params, headers=headers)).json()["events"]
                seq = events[-1]["seq"] if events else seq
                if any(event["type"] == "answered" for event in events):
                    return

        return ask

    return open_


def over_rest(url: str) -> Open:
    """Conversations over Rasa's REST channel."""

    async def open_(http: httpx.AsyncClient) -> Ask:
        sender = str(uuid.uuid4())

        async def ask(text: str) -> None:
            answer = await http.post(f"{url}/webhooks/rest/webhook", json={"sender": sender, "message": text})
            answer.raise_for_status()
            if not answer.json():
                raise RuntimeError("the stock server said nothing")

        return ask

    return open_


async def at_once(open_: Open, conversations: int, questions: int) -> Times:
    """Many conversations at once, each asking one question after the other."""
    async with _client() as http:
        asks = [await open_(http) for _ in range(conversations)]
        taken: list[float] = []

        async def talk(ask: Ask) -> None:
            for number in range(questions):
                started = time.perf_counter()
                await ask(QUESTIONS[number % len(QUESTIONS)])
                taken.append((time.perf_counter() - started) * 1000)

        await asyncio.gather(*(talk(ask) for ask in asks))
    taken.sort()
    return Times(statistics.median(taken), taken[int(len(taken) * 0.95)])


async def long_conversation(open_: Open, turns: int = 305) -> tuple[float, float]:
    """Median milliseconds of the turns around the 3rd and around the 300th of one conversation."""
    async with _client() as http:
        ask = await open_(http)
        taken = []
        for _ in range(turns):
            started = time.perf_counter()
            await ask(QUESTIONS[0])
            taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken[1:6]), statistics.median(taken[-7:])


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=120, trust_env=False, limits=httpx.Limits(max_connections=120))
