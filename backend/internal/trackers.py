"""Rasa's memory: given out as it stands in the turn, taken in and kept with the turn's answer."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, empty, json

from backend.internal.calls import context
from backend.problems import Problem

trackers = Blueprint("trackers", url_prefix="/internal/trackers")


@trackers.get("/<conversation_id:str>")
async def give(request: Request, conversation_id: str) -> HTTPResponse:
    turn = context(request).turns.running(conversation_id)
    if turn is None:
        raise Problem(409, "No turn of this conversation is in work.")
    return json(turn.standing)


@trackers.put("/<conversation_id:str>")
async def take(request: Request, conversation_id: str) -> HTTPResponse:
    """Keeps the state for the attempt that is named in it; one that was given up is refused."""
    state = request.json
    turn = context(request).turns.running(conversation_id, str(state.get("turn")))
    if turn is None:
        raise Problem(409, "This attempt is not in work.")
    turn.saved = state
    return empty()
