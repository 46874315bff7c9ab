"""Made-up conversations for measuring the office's console: ten messages each, over two years.

Summaries are made by the code that makes them in the system, from sentences of the training data, made-up rare words
and what happens in conversations in about the shares of real ones; events and turn records are written in the database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

from backend import training_data
from backend.staff.conversations.lemmas import Lemmas
from backend.staff.conversations.search import joined
from backend.staff.conversations.summaries import Told
from backend.staff.conversations.tasks import DONE, STEPS, TASKS, Tasks

LAST_DAY = dt.datetime(2026, 11, 25, 20, tzinfo=dt.UTC)
SPAN = dt.timedelta(days=730)
MESSAGES = 10
OLD_TOPIC = "ksef"
"""A topic that nobody has asked for during the last year."""

CHANNELS = {"web": 70, "whatsapp": 12, "messenger": 10, "telegram": 8}
HANDOVERS: dict[tuple[str, ...], int] = {
    (): 85,
    ("offered",): 10,
    ("offered", "taken"): 2,
    ("offered", "taken", "returned"): 3,
}
OUTCOMES = {"done": 70, "begun": 15, "given_up": 10, "refused": 5}
TEAMS = {"cok": 65, "bok": 15, None: 20}
STATES = {"new": 88, "reviewed": 10, "flagged": 2}
SCORES: dict[tuple[str, ...], int] = {(): 92, ("up",): 5, ("down",): 3}
TAGS = [f"tag {n}" for n in range(30)]
RARE_WORDS = 200_000
CUSTOMERS = 300_000
SYLLABLES = "ba be bo da de do ga ka ko la le lo ma me mo na ne no pa po ra ro sa so ta to wa wo za zo".split()


class Conversations:
    """The first `count` conversations; the same numbers make the same ones."""

    def __init__(self, count: int) -> None:
        self.count, self._lemmas = count, Lemmas.open()
        self._sentences = training_data.sentences(training_data.files())
        self._intents = list(self._sentences)
        # A few topics make most of the messages.
        self._weights = [1 / (place + 1) for place in range(len(self._intents))]
        self._known: dict[str, list[str]] = {}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Summaries as columns, in the order of time."""
        for number in range(self.count):
            random = Random(number)
            told = self._told(number, random)
            words = [*told.facets(), *(word for text in told.texts() for word in self._of(text))]
            row = {"id": number + 1, "conversation_id": told.conversation.id, **told.values()}
            yield row | {"words": joined(words)}

    def _told(self, number: int, random: Random) -> Told:
        last = LAST_DAY - SPAN * (1 - number / self.count)
        old = number < self.count / 2
        conversation = SimpleNamespace(
            id=f"k_{hashlib.sha256(b'%d' % number).hexdigest()[:24]}",
            channel=_one(random, CHANNELS),
            opened_at=last - dt.timedelta(minutes=random.randint(1, 30)),
            last_activity_at=last,
        )
        events, records = [], []
        for seq in range(1, 3 * MESSAGES // 2, 3):
            intent = random.choices(self._intents, self._weights)[0]
            intent = intent if intent != OLD_TOPIC or old else self._intents[0]
            events.append(_message(self._text(intent, random)))
            records.append(_record(seq, intent, random))
        events += [SimpleNamespace(type="handoff", body={"state": state}) for state in _one(random, HANDOVERS)]
        return Told(
            conversation,  # type: ignore[arg-type]
            events,
            records,
            {record.seq for record in records},
            _one(random, SCORES),
            _task(random) if random.random() < 0.5 else {},
            [random.randint(1, CUSTOMERS)] if random.random() < 0.4 else [],
            _one(random, TEAMS),
            _one(random, STATES),
            [TAGS[int(random.random() ** 3 * len(TAGS))]] if random.random() < 0.02 else [],
        )

    def _text(self, intent: str, random: Random) -> str:
        text = random.choice(self._sentences[intent])
        return f"{text} {rare_word(int(random.random() ** 2 * RARE_WORDS))}" if random.random() < 0.2 else text

    def _of(self, text: str) -> list[str]:
        if text not in self._known:
            self._known[text] = self._lemmas.of(text)
        return self._known[text]


def rare_word(number: int) -> str:
    """A word of five syllables."""
    parts = []
    for _ in range(5):
        number, place = divmod(number * 7 + 3, len(SYLLABLES))
        parts.append(SYLLABLES[place])
    return "".join(parts)


def as_json(row: dict[str, Any]) -> dict[str, Any]:
    """The row as PostgreSQL's COPY takes it."""
    return row | {name: json.dumps(row[name]) for name in ("intents", "tasks")}


def _one(random: Random, shares: dict[Any, int]) -> Any:
    return random.choices(list(shares), list(shares.values()))[0]


def _task(random: Random) -> Tasks:
    outcome = _one(random, OUTCOMES)
    return {random.choice(TASKS): {"outcome": outcome, "step": None if outcome == DONE else random.choice(list(STEPS))}}


def _message(text: str) -> SimpleNamespace:
    return SimpleNamespace(type="message", body={"from": "customer", "text": text})


def _record(seq: int, intent: str, random: Random) -> SimpleNamespace:
    confidence, fallback = round(1 - random.random() ** 3, 3), random.random() < 0.03
    names = ["nlu_fallback", intent] if fallback else [intent]
    return SimpleNamespace(
        seq=seq,
        intents=[{"name": name, "confidence": confidence} for name in names],
        fallback=fallback,
        milliseconds=random.randint(80, 400),
    )
