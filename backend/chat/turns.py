"""Turns: one message at a time for each conversation, taken again from the state before it until it is answered.

Rasa's state of a running turn is held here and committed together with the answer. So a turn that is sent again, by
this process or by the next one, starts from where the dialogue stood before it.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.background import wind_down
from backend.chat import dialogue, doubts, mood, repository
from backend.chat.answers import Answer, compose
from backend.chat.dialogue import Understanding
from backend.chat.events import Events
from backend.chat.hub import Hub
from backend.chat.models import Choice, Conversation, InboxMessage, TurnRecord, VaultValue
from backend.chat.rasa import Rasa, RasaFault, Taken
from backend.chat.vault import Vault, holds_unkept, shown_number
from backend.clock import Clock
from backend.database import Database
from backend.settings import Settings
from backend.wording import Wording
from bot.placeholders import MARK, Kind, Placeholder

logger = logging.getLogger("mojbok.turns")

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
SETTLED_WITHIN = 2.0
"""Seconds."""

LATER = "later"
"""Beside the dialogue's state: further requests, which wait for the form of the first to end."""


@dataclass
class RunningTurn:
    """A turn in work: the state before it, and what its present attempt has brought so far.

    A message with several requests is answered in steps; `standing` is the state before the present one.
    """

    conversation_id: str
    channel: str
    seq: int
    state: dict[str, Any]
    standing: dict[str, Any] = field(default_factory=dict)
    attempt: int = 0
    saved: dict[str, Any] | None = None
    understood: list[Understanding] = field(default_factory=list)
    values: list[VaultValue] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def tag(self) -> str:
        """Names the attempt, so that what an abandoned one still does is told apart and refused."""
        return f"{self.seq}.{self.attempt}"

    def begin_attempt(self) -> None:
        self.attempt += 1
        self.standing, self.saved = self.state, None
        self.understood = []
        self.values = []


class Turns:
    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        wording: Wording,
        vault: Vault,
        events: Events,
        hub: Hub,
        rasa: Rasa,
    ) -> None:
        self._settings, self._database, self._clock, self._wording = settings, database, clock, wording
        self._vault, self._events, self._hub, self._rasa = vault, events, hub, rasa
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._running: dict[str, RunningTurn] = {}
        self._places = asyncio.Semaphore(settings.turns_at_once)

    # For the chat API

    async def resume(self) -> None:
        """Takes up what was accepted and not answered before this process began."""
        async with self._database.read() as session:
            waiting = await repository.conversations_with_work(session)
        for conversation_id in waiting:
            self.wake(conversation_id)

    def wake(self, conversation_id: str) -> None:
        """Sees to it that the conversation's messages are worked on."""
        self._woken.add(conversation_id)
        if conversation_id not in self._workers:
            worker = asyncio.create_task(self._work(conversation_id))
            self._workers[conversation_id] = worker
            worker.add_done_callback(lambda done: self._worker_ended(conversation_id, done))

    async def settle(self, conversation_id: str) -> None:
        """Lets the turn in work come to its end, if it does so within moments."""
        if worker := self._workers.get(conversation_id):
            await asyncio.wait([worker], timeout=SETTLED_WITHIN)

    async def drop(self, conversation_id: str | None = None) -> None:
        """Stops work on one conversation, or on all."""
        ids = [conversation_id] if conversation_id else list(self._workers)
        self._woken.difference_update(ids)
        await wind_down([worker for id_ in ids if (worker := self._workers.pop(id_, None))])

    @property
    def in_work(self) -> int:
        """The number of conversations that wait for an answer."""
        return len(self._workers)

    # For the internal API

    def running(self, conversation_id: str, tag: str | None = None) -> RunningTurn | None:
        """The turn in work; None if there is none or the tag names another attempt."""
        turn = self._running.get(conversation_id)
        return turn if turn and tag in (None, turn.tag) else None

    def show(self, turn: RunningTurn, kind: Kind, value: str, customer_id: int) -> str:
        """A placeholder for a value that this turn shows to `customer_id`; kept once the turn is answered."""
        placeholder = Placeholder(kind, shown_number(turn.seq, len(turn.values)))
        turn.values.append(self._vault.entry(turn.conversation_id, placeholder, value, customer_id))
        return str(placeholder)

    # The work

    def _worker_ended(self, conversation_id: str, worker: asyncio.Task[None]) -> None:
        if self._workers.get(conversation_id) is worker:
            del self._workers[conversation_id]
        if not worker.cancelled() and (error := worker.exception()):
            logger.error("Work on %s stopped: %s; it is taken up again", conversation_id, type(error).__name__)
            asyncio.get_running_loop().call_later(LONGEST_PAUSE, self.wake, conversation_id)

    async def _work(self, conversation_id: str) -> None:
        while conversation_id in self._woken:
            self._woken.discard(conversation_id)
            async with self._database.read() as session:
                messages = await repository.open_messages(session, conversation_id)
                state = await repository.state(session, conversation_id)
                conversation = await repository.conversation(session, conversation_id)
            channel = conversation.channel if conversation else ""
            for message in messages:
                turn = RunningTurn(conversation_id, channel, message.seq, state)
                self._running[conversation_id] = turn
                try:
                    state = await self._answer(turn, message)
                finally:
                    del self._running[conversation_id]
        # Nothing is awaited between the last look and here, so no message slips in between.
        self._workers.pop(conversation_id, None)

    async def _answer(self, turn: RunningTurn, message: InboxMessage) -> dict[str, Any]:
        """Answers a message; the state in which the dialogue stands afterwards."""
        work = asyncio.create_task(self._replies(turn, message))
        try:
            await asyncio.wait([work], timeout=self._settings.turn_wait_notice)
            if not work.done():
                await self._tell_to_wait(message)
            replies = await work
        finally:
            work.cancel()
        try:
            await self._store(turn, message, replies)
        except Exception as error:  # noqa: BLE001
            # An answer that cannot be stored would be tried for ever: an apology is an answer too.
            logger.error("The answer to %s of %s: %s", turn.tag, turn.conversation_id, type(error).__name__)
            replies = None
            await self._store(turn, message, replies)
        self._hub.publish(turn.conversation_id)
        return turn.state if replies is None else turn.saved or {}

    async def _replies(self, turn: RunningTurn, message: InboxMessage) -> list[dict[str, Any]] | None:
        """What Rasa says; None when patience has run out."""
        pause = FIRST_PAUSE
        while True:
            turn.begin_attempt()
            self._hub.publish(turn.conversation_id, typing=True)
            try:
                async with self._places:
                    return await self._attempt(turn, message)
            except RasaFault as fault:
                waited = time.monotonic() - turn.started
                logger.warning("Turn %s of %s: %s (%.1f s)", turn.tag, turn.conversation_id, fault, waited)
            if time.monotonic() - turn.started + pause > self._settings.turn_patience:
                return None
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - only spreads retries
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _attempt(self, turn: RunningTurn, message: InboxMessage) -> list[dict[str, Any]]:
        text = message.payload or f"{MARK}{message.text}"
        may_be_several = message.payload is None and dialogue.active_form(turn.state) is None
        taken = await self._step(turn, text, may_be_several=may_be_several)
        kept = [] if dialogue.is_dropped(turn.understood[-1], turn.saved or {}) else turn.state.get(LATER, [])
        replies, later = taken.replies, taken.later or kept
        while later and not dialogue.active_form(turn.saved or {}):
            replies += (await self._step(turn, later[0])).replies
            later = later[1:]
        if not later:
            return replies
        turn.saved = {**(turn.saved or {}), LATER: later}
        return replies if LATER in turn.state else [self._wording.sentence("say_one_by_one"), *replies]

    async def _step(self, turn: RunningTurn, text: str, *, may_be_several: bool = False) -> Taken:
        """Has Rasa answer one request; a failed one is a fault of the turn."""
        metadata = {"turn": turn.tag, "now": self._clock.now().isoformat(), "channel": turn.channel}
        turn.standing, turn.saved = turn.saved or turn.standing, None
        taken = await self._rasa.take_turn(turn.conversation_id, text, metadata, may_be_several=may_be_several)
        if turn.saved is None:
            raise RasaFault("the dialogue's state was not saved")
        understood = dialogue.understand(turn.saved)
        turn.understood.append(understood)
        if understood.fault:
            raise RasaFault(understood.fault)
        return taken

    async def _tell_to_wait(self, message: InboxMessage) -> None:
        """Says once that it takes a moment."""
        async with self._database.write() as session:
            conversation = await repository.conversation(session, message.conversation_id, lock=True)
            if conversation and await repository.tell_to_wait(session, message.id):
                self._events.say(session, conversation, "say_wait", message.seq)
        self._hub.publish(message.conversation_id)

    # The answer

    async def _store(self, turn: RunningTurn, message: InboxMessage, replies: list[dict[str, Any]] | None) -> None:
        async with self._database.write() as session:
            await self._store_in(session, turn, message, replies)

    async def _store_in(
        self, session: AsyncSession, turn: RunningTurn, message: InboxMessage, replies: list[dict[str, Any]] | None
    ) -> None:
        conversation = await repository.conversation(session, turn.conversation_id, lock=True)
        open_message = await repository.message_in_work(session, message.id)
        if conversation is None or open_message is None:
            return
        if holds_unkept(message.text):
            self._events.say(session, conversation, "say_no_secrets", message.seq)
        if replies is None:
            self._events.say(session, conversation, "say_apology", message.seq)
        else:
            if mood.calls_for_empathy(message.text, turn.state, dialogue.together(turn.understood)):
                self._events.say(session, conversation, "say_empathy", message.seq)
            await self._store_replies(session, conversation, turn, replies)
        await self._record(session, turn, message, gave_up=replies is None)
        self._events.append(session, conversation, "answered", {}, message.seq)
        open_message.answered_at = self._clock.now()

    async def _store_replies(
        self, session: AsyncSession, conversation: Conversation, turn: RunningTurn, replies: list[dict[str, Any]]
    ) -> None:
        state = turn.saved or {}
        team, form = dialogue.team(state), dialogue.active_form(state)
        await repository.close_choices_of_other_forms(session, conversation.id, form)
        answers = [compose(reply, self._wording, team) for reply in replies]
        for answer in answers:
            self.append_answer(session, conversation, answer, None if answer.lasts else form, turn.seq)
        conversation.expects = next((answer.expects for answer in reversed(answers) if answer.expects), None)
        session.add_all(turn.values)
        await repository.save_state(session, conversation.id, state)

    def append_answer(
        self,
        session: AsyncSession,
        conversation: Conversation,
        answer: Answer,
        form: str | None = None,
        in_reply_to: int | None = None,
    ) -> None:
        """Appends a message with its choices, and the handover it offers."""
        seq = self._events.append(session, conversation, "message", answer.body(), in_reply_to)
        for offer in answer.offers:
            session.add(
                Choice(
                    id=offer.id,
                    conversation_id=conversation.id,
                    seq=seq,
                    title=offer.title,
                    payload=offer.payload,
                    form=form,
                )
            )
        if answer.handoff:
            self._events.append(
                session, conversation, "handoff", {"state": "offered", "team": answer.handoff}, in_reply_to
            )

    async def _record(self, session: AsyncSession, turn: RunningTurn, message: InboxMessage, *, gave_up: bool) -> None:
        understanding = dialogue.together(turn.understood)
        in_form = dialogue.active_form(turn.state) is not None
        if not in_form:
            await doubts.note_correction(session, message, understanding)
        milliseconds = round((time.monotonic() - turn.started) * 1000)
        session.add(
            TurnRecord(
                conversation_id=turn.conversation_id,
                seq=turn.seq,
                intents=understanding.intents,
                actions=understanding.actions,
                fallback=understanding.fallback,
                doubt=None if gave_up else doubts.of_turn(message, understanding, in_form=in_form),
                attempts=turn.attempt,
                milliseconds=milliseconds,
            )
        )
        top = understanding.intents[0] if understanding.intents else {"name": None, "confidence": 0}
        logger.info(
            "%s turn %d: %s %.2f, %s, %d ms%s",
            turn.conversation_id,
            turn.seq,
            top["name"],
            top["confidence"],
            ", ".join(f"{entry['action']}={entry['result']}" for entry in understanding.actions) or "-",
            milliseconds,
            ", gave up" if gave_up else "",
        )
