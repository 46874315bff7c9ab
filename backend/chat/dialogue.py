"""What Rasa's saved state tells about a turn: what was understood, what was done, and whether it went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FALLBACK = "nlu_fallback"
RANKING = 3

LASTING = ("team", "language")
"""Slots that tell of the customer and not of what is being done."""

_LEAVING = frozenset(("cancel", "deny", "goodbye"))

_RASAS_OWN = frozenset(
    ("action_listen", "action_extract_slots", "action_session_start", "action_restart", "action_deactivate_loop")
)


@dataclass(frozen=True)
class Understanding:
    """The turn's three likeliest intents with confidence, and its actions with result and milliseconds.

    Where it was not understood the fallback stands before the three. A form also has the `step` it waits for, None once
    it has ended.
    """

    intents: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    fallback: bool
    fault: str | None


def understand(state: dict[str, Any]) -> Understanding:
    """Reads the last turn from a state that the tracker store saved."""
    events = _last_turn(state.get("events", []))
    parsed = events[0].get("parse_data", {}) if events else {}
    ranking = parsed.get("intent_ranking") or [parsed.get("intent") or {}]
    intents = [
        {"name": entry.get("name"), "confidence": round(float(entry.get("confidence", 0)), 3)}
        for entry in ranking[: RANKING + (ranking[0].get("name") == FALLBACK)]
    ]
    actions, fault = _actions(events)
    return Understanding(intents, actions, bool(intents) and intents[0]["name"] == FALLBACK, fault)


def together(steps: list[Understanding]) -> Understanding:
    """What is told of a turn as a whole: the understanding of its first step and the actions of all."""
    if not steps:
        return Understanding([], [], fallback=False, fault=None)
    actions = [action for step in steps for action in step.actions]
    return Understanding(steps[0].intents, actions, steps[0].fallback, steps[-1].fault)


def is_dropped(understanding: Understanding, state: dict[str, Any]) -> bool:
    """Whether the customer has left what was being done, and with it what was still to come.

    A "no" that leaves a form open is an answer to what the form asked.
    """
    went_to_person = any(entry["action"] == "action_ask_person" for entry in understanding.actions)
    return went_to_person or (understanding.intents[0]["name"] in _LEAVING and active_form(state) is None)


def active_form(state: dict[str, Any]) -> str | None:
    form = state.get("now", {}).get("active_loop")
    return str(form) if form else None


def left(state: dict[str, Any]) -> dict[str, Any]:
    """The state in which nothing is being done any more and only what lasts is remembered."""
    known = {**state.get("slots", {}), **state.get("now", {}).get("slots", {})}
    slots = {name: known[name] for name in LASTING if name in known}
    return {"slots": slots, "now": {"slots": slots, "active_loop": None}}


def said_last(state: dict[str, Any]) -> str:
    """What the customer said last, before this turn."""
    texts = [event.get("text") for event in state.get("events", []) if event["event"] == "user"]
    return str(texts[-1] or "") if texts else ""


def team(state: dict[str, Any]) -> str | None:
    known = state.get("now", {}).get("slots", {}).get("team")
    return str(known) if known else None


def _last_turn(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    starts = [index for index, event in enumerate(events) if event["event"] == "user"]
    return events[starts[-1] :] if starts else []


def _actions(events: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str | None]:
    """The actions of a turn. Rasa takes a failed action for a done one, so each must have left its outcome."""
    actions: list[dict[str, Any]] = []
    fault = None
    for event in events:
        if event["event"] == "action" and event["name"] not in _RASAS_OWN:
            actions.append({"action": event["name"], "result": "said" if _is_sentence(event["name"]) else "missing"})
        elif event["event"] == "slot" and event["name"] == "outcome" and actions and event["value"]:
            actions[-1] |= {"result": event["value"]["result"], "ms": event["value"]["ms"]}
        elif event["event"] == "slot" and event["name"] == "requested_slot" and _is_form(actions):
            actions[-1]["step"] = event["value"]
        elif event["event"] == "action_execution_rejected":
            fault = f"{event['name']} rejected"
    failed = [entry["action"] for entry in actions if entry["result"] in ("missing", "fault")]
    return actions, f"{failed[0]} failed" if failed else fault


def _is_form(actions: list[dict[str, Any]]) -> bool:
    return bool(actions) and actions[-1]["action"].endswith("_form")


def _is_sentence(action: str) -> bool:
    return action.startswith("utter_")
