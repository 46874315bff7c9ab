"""Recovering the way into the portal on behalf of the actions; the answer is the same for everybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sanic import Blueprint, HTTPResponse, Request, json
from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat.effects import Result, once
from backend.internal.calls import Call, context, read, typed

recovery = Blueprint("recovery", url_prefix="/internal/recovery")


Work = Callable[[AsyncSession, str], Awaitable[None]]


class Recover(Call):
    identifier: str


@recovery.post("/login")
async def remind_login(request: Request) -> HTTPResponse:
    internal = context(request)

    async def work(session: AsyncSession, value: str) -> None:
        await internal.accounts.recovery.remind_login(session, value, None)

    return await _recover(request, "login", work)


@recovery.post("/password")
async def reset_password(request: Request) -> HTTPResponse:
    internal = context(request)

    async def work(session: AsyncSession, value: str) -> None:
        await internal.accounts.recovery.ask_reset(session, value, None)

    return await _recover(request, "password", work)


async def _recover(request: Request, what: str, work: Work) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, Recover)
    async with internal.database.write() as session:

        async def recover() -> Result:
            await work(session, await typed(internal, session, turn, call.identifier))
            return 200, {}

        status, result = await once(session, turn, call.action, f"{what} {call.identifier}", recover)
    return json(result, status=status)
