"""How the tasks of a conversation went, read from what its turns recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from backend.chat.models import Effect, TurnRecord

BEGUN, DONE, REFUSED, GIVEN_UP = "begun", "done", "refused", "given_up"

OUTCOMES = {
    DONE: "załatwione",
    BEGUN: "niedokończone",
    GIVEN_UP: "porzucone",
    REFUSED: "odmowa",
}

TASKS = (
    "ask_balance",
    "show_documents",
    "pay_document",
    "show_payments",
    "show_consumption",
    "show_points",
    "show_contracts",
    "show_my_data",
    "new_ticket",
    "add_to_ticket",
    "attach_file",
    "show_tickets",
    "ask_callback",
    "ask_person",
    "forgotten_login",
    "forgotten_password",
)

STEPS = {
    "identifier": "e-mail lub login",
    "code": "kod",
    "customer": "wybór klienta",
    "kind": "rodzaj zgłoszenia",
    "team": "zespół",
    "contact": "adres e-mail",
    "ticket": "wybór zgłoszenia",
    "text": "opis",
    "about": "wybór dokumentu",
    "confirm": "potwierdzenie",
    "phone": "numer telefonu",
    "day": "dzień",
    "hours": "godziny",
}
"""What forms wait for, as people call it."""

_CHANGING = frozenset(("ticket_form", "callback_form", "login_recovery_form", "password_recovery_form"))
"""Forms that end in a change, which leaves an effect."""

_TO_PERSON = frozenset(("ask_person", "i_am_individual", "i_am_business"))
"""What answers the question for the team."""

Tasks = dict[str, dict[str, str | None]]
"""Each task's `outcome`, and the `step` at which it stands or was left."""


@dataclass
class _Progress:
    outcome: str
    step: str | None = None


def tasks_of(records: Iterable[TurnRecord], effects: Iterable[Effect], *, closed: bool) -> Tasks:
    """How each task went the last time it was begun.

    - `done`: it was answered; where something had to be changed, the change was made.
    - `refused`: the rules of the backend did not allow it.
    - `given_up`: its form was left for something else, cancelled, or open when the customer ended the conversation.
    - `begun`: its form is open and waits at `step`. Most of these customers have gone, without a word.
    """
    reader = _Reader(_statuses(effects))
    for record in records:
        for entry in record.actions:
            reader.read(record, entry)
    if closed:
        reader.leave()
    return {task: {"outcome": one.outcome, "step": one.step} for task, one in reader.found.items()}


class _Reader:
    def __init__(self, statuses: dict[tuple[int, str], int]) -> None:
        self._statuses = statuses
        self._current: str | None = None
        self.found: dict[str, _Progress] = {}

    def read(self, record: TurnRecord, entry: dict[str, Any]) -> None:
        name = entry["action"]
        if name.endswith("_form"):
            self._form(record, name, entry)
        elif (task := name.removeprefix("action_")) in TASKS:
            self._task(task, entry["result"])

    def leave(self) -> None:
        """Whatever is open is open no more."""
        progress = self.found.get(self._current or "")
        if progress and progress.outcome == BEGUN:
            progress.outcome = GIVEN_UP

    def _task(self, task: str, result: str) -> None:
        """What an action did at once; a form that follows it knows better."""
        if task != self._current:
            self.leave()
        self._current = task
        waits = result == "refused: identity_required"
        self.found[task] = _Progress(BEGUN if waits else REFUSED if result.startswith("refused") else DONE)

    def _form(self, record: TurnRecord, form: str, entry: dict[str, Any]) -> None:
        progress = self.found.get(self._current or "")
        if progress is None:
            return
        if step := entry.get("step"):
            progress.outcome, progress.step = BEGUN, step
        else:
            progress.outcome = self._end(record, form)
            progress.step = None if progress.outcome == DONE else progress.step

    def _end(self, record: TurnRecord, form: str) -> str:
        """How it ended. The identity form leads back to the task, which then tells itself that it was done."""
        if form in _CHANGING:
            status = self._statuses.get((record.seq, f"validate_{form}"))
            return GIVEN_UP if status is None else DONE if status == 200 else REFUSED
        intent = record.intents[0]["name"] if record.intents else None
        return DONE if form == "person_form" and intent in _TO_PERSON else GIVEN_UP


def _statuses(effects: Iterable[Effect]) -> dict[tuple[int, str], int]:
    """By the turn and the action that caused them; what the office did belongs to no turn."""
    parts = ((effect.key.split("/", 3), effect.status) for effect in effects)
    return {(int(key[1]), key[2]): status for key, status in parts if len(key) == 4 and key[1].isdecimal()}
