"""What platforms tell: kept at once, each thing once, and taken into conversations afterwards, in order."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import uuid
from collections.abc import Mapping

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.background import wind_down
from backend.channels import repository
from backend.channels.binding import Binding
from backend.channels.deliveries import Deliveries
from backend.channels.models import ChannelArrival
from backend.channels.people import People
from backend.channels.schemas import Arrival, Channel, Deed, Refused, Shown, TryAgain
from backend.channels.wishes import Wishes
from backend.chat.events import Events
from backend.chat.hub import Hub
from backend.chat.models import Conversation
from backend.chat.schemas import SaidMessage
from backend.chat.service import RETRY_AFTER, Came, Conversations
from backend.chat.turns import Turns
from backend.clock import Clock
from backend.database import Database
from backend.problems import Problem
from backend.secrecy import Cipher, Hasher
from backend.tickets.files import received
from backend.tickets.schemas import FileRefused, Upload
from backend.wording import Wording

logger = logging.getLogger("mojbok.channels")

SETTLE = 0.3
"""Seconds in which what was said earlier and arrives later still finds its place."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
MOST_TRIES, FEW_TRIES = 200, 4
"""Of what a platform cannot give us now, some three hours; and of what fails for a reason that we do not foresee."""

TOO_MANY = 429
"""The status of what is asked to come again later."""

A_DAY = dt.timedelta(days=1)
REMEMBERED = dt.timedelta(days=8)
"""Platforms tell again what was not acknowledged, for a week at most."""

Key = tuple[str, str]
"""A channel's name and an account's digest."""


class Arrivals:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        cipher: Cipher,
        hasher: Hasher,
        wording: Wording,
        channels: Mapping[str, Channel],
        people: People,
        wishes: Wishes,
        binding: Binding,
        conversations: Conversations,
        events: Events,
        turns: Turns,
        hub: Hub,
        deliveries: Deliveries,
    ) -> None:
        self._database, self._clock, self._cipher, self._hasher = database, clock, cipher, hasher
        self._wording, self._channels, self._people, self._wishes = wording, channels, people, wishes
        self._binding = binding
        self._conversations, self._events, self._turns, self._hub = conversations, events, turns, hub
        self._deliveries = deliveries
        self._workers: dict[Key, asyncio.Task[None]] = {}
        self._woken: set[Key] = set()
        self._signs: set[asyncio.Task[None]] = set()

    async def keep(self, channel: str, arrivals: list[Arrival]) -> None:
        """Keeps what came, in one transaction; what was kept before changes nothing."""
        rows = [self._row(channel, arrival) for arrival in arrivals]
        if rows:
            async with self._database.write(hurry=True) as session:
                await repository.add_arrivals(session, rows)
        for row in rows:
            self.wake((channel, str(row["account_digest"])))

    def _row(self, channel: str, arrival: Arrival) -> dict[str, object]:
        told = vars(arrival) | {"sent_at": arrival.sent_at.isoformat()}
        return {
            "channel": channel,
            "platform_digest": self._hasher.digest("channel message", channel, arrival.platform_id),
            "account_digest": self._people.digest(channel, arrival.account),
            "sent_at": arrival.sent_at,
            "arrived_at": self._clock.now(),
            "content": self._cipher.encrypt(json.dumps(told)),
            "tries": 0,
        }

    async def resume(self) -> None:
        """Takes up what was kept and not taken before this process began."""
        async with self._database.read() as session:
            waiting = await repository.accounts_with_arrivals(session)
        for key in waiting:
            self.wake(key)

    def wake(self, key: Key) -> None:
        self._woken.add(key)
        if key not in self._workers:
            worker = asyncio.create_task(self._work(key))
            self._workers[key] = worker
            worker.add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: Key, worker: asyncio.Task[None]) -> None:
        if self._workers.get(key) is worker:
            del self._workers[key]
        if not worker.cancelled() and (error := worker.exception()):
            logger.error("Arrivals of %s stopped: %s; taken up again", key[0], type(error).__name__)
            asyncio.get_running_loop().call_later(FIRST_PAUSE, self.wake, key)

    async def drop(self) -> None:
        self._woken.clear()
        await wind_down([*self._workers.values(), *self._signs])

    async def _work(self, key: Key) -> None:
        pause = SETTLE
        while key in self._woken:
            await asyncio.sleep(pause)
            self._woken.discard(key)
            async with self._database.read() as session:
                rows = await repository.waiting(session, *key)
            pause = await self._take_all(rows) or SETTLE
            if pause != SETTLE:
                self._woken.add(key)
        # Nothing is awaited between the last look and here, so nothing slips in between.
        self._workers.pop(key, None)

    async def _take_all(self, rows: list[ChannelArrival]) -> float:
        """Takes what came, in order; the seconds after which the first that must wait is tried again, or 0."""
        for row in rows:
            channel = self._channels.get(row.channel)
            if channel is None:
                return 0
            try:
                await self._understand(channel, self._arrival(row), row)
            except Problem as busy:
                if busy.status != TOO_MANY:
                    raise
                return RETRY_AFTER
            except TryAgain as later:
                if pause := await self._wait(channel, row, later, MOST_TRIES):
                    return max(pause, later.after)
            except Exception as error:  # noqa: BLE001 - one thing that cannot be taken must not stop all that follow
                if pause := await self._wait(channel, row, error, FEW_TRIES):
                    return pause
        return 0

    def _arrival(self, row: ChannelArrival) -> Arrival:
        told = json.loads(self._cipher.decrypt(row.content or b""))
        return Arrival(**told | {"sent_at": dt.datetime.fromisoformat(told["sent_at"]), "deed": Deed(told["deed"])})

    async def _wait(self, channel: Channel, row: ChannelArrival, waits: Exception, most: int) -> float:
        """The seconds until it is tried again; 0 once it is given up."""
        async with self._database.write() as session:
            tries = await repository.count_try(session, row)
        if tries >= most:
            logger.error("Arrival %d of %s is given up: %s", row.id, row.channel, type(waits).__name__)
            await self._apologise(channel, row)
            return 0
        pause: float = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
        logger.warning("Arrival %d of %s waits %g s: %s", row.id, row.channel, pause, type(waits).__name__)
        return pause

    async def _apologise(self, channel: Channel, row: ChannelArrival) -> None:
        """What could not be taken is answered all the same, if we know by whom it came."""
        conversation_id = None
        try:
            async with self._database.write() as session:
                account = await self._people.account(session, channel.name, self._arrival(row))
                conversation = await self._people.conversation(session, account)
                self._events.say(session, conversation, "say_apology")
                await self._done(session, row)
            self._deliveries.follow(conversation.id, account.id)
            conversation_id = conversation.id
        except Exception as error:  # noqa: BLE001 - it must not come again, whatever is wrong with it
            logger.error("Arrival %d of %s is unanswered: %s", row.id, row.channel, type(error).__name__)
            async with self._database.write() as session:
                await self._done(session, row)
        if conversation_id:
            self._hub.publish(conversation_id)

    async def _done(self, session: AsyncSession, row: ChannelArrival) -> bool:
        """False if it was taken meanwhile."""
        found = await repository.arrival(session, row)
        if found is None:
            return False
        found.content, found.done_at = None, self._clock.now()
        return True

    # What is done with it

    async def _understand(self, channel: Channel, arrival: Arrival, row: ChannelArrival) -> None:
        if arrival.deed is Deed.GROUP:
            await self._answer_group(channel, arrival, row)
        elif arrival.deed in (Deed.BLOCKED, Deed.UNBLOCKED):
            await self._note_blocked(channel, arrival, row)
        elif arrival.deed is Deed.SAID and self._wishes.is_erasure(arrival.value):
            await self._erase(channel, arrival, row)
        else:
            await self._talk(channel, arrival, row)

    async def _answer_group(self, channel: Channel, arrival: Arrival, row: ChannelArrival) -> None:
        """Asks to be written to privately, once a day."""
        async with self._database.write() as session:
            answered = await repository.was_heard_since(session, row, self._clock.now() - A_DAY)
            await self._done(session, row)
        if not answered:
            await self._say_directly(channel, arrival, "say_write_privately")

    async def _say_directly(self, channel: Channel, arrival: Arrival, sentence: str) -> None:
        """Outside any conversation."""
        text = self._wording.fill(self._wording.sentence(sentence)["text"], team=None)
        for call in channel.render(Shown(text)):
            try:
                await channel.send(arrival.address, call)
            except (Refused, TryAgain) as failed:
                logger.warning("%s does not take a sentence: %s", channel.name, type(failed).__name__)

    async def _note_blocked(self, channel: Channel, arrival: Arrival, row: ChannelArrival) -> None:
        async with self._database.write() as session:
            account = await self._people.account(session, channel.name, arrival)
            account.blocked_at = self._clock.now() if arrival.deed is Deed.BLOCKED else None
            await self._done(session, row)

    async def _erase(self, channel: Channel, arrival: Arrival, row: ChannelArrival) -> None:
        async with self._database.write() as session:
            if not await self._done(session, row):
                return
            account = await self._people.account(session, channel.name, arrival)
            talks = await self._wishes.erase(session, account)
        for conversation_id in talks or ():
            await self._turns.drop(conversation_id)
        await self._say_directly(channel, arrival, "say_channel_held" if talks is None else "say_channel_forgotten")

    async def _talk(self, channel: Channel, arrival: Arrival, row: ChannelArrival) -> None:
        file = await self._file(channel, arrival) if arrival.deed is Deed.SENT_FILE else None
        async with self._database.write() as session:
            if not await self._done(session, row):
                return
            account = await self._people.account(session, channel.name, arrival)
            conversation = await self._people.conversation(session, account)
            if arrival.link:
                claimed = await self._binding.claim(session, account, arrival.link, arrival.name)
                self._events.say(session, conversation, "say_link_opened" if claimed else "say_link_expired")
            try:
                await self._take_in(session, conversation, arrival, file, row.platform_digest)
            except FileRefused as refused:
                self._events.append(session, conversation, "message", {"from": "bot", "text": str(refused)})
            except Problem as problem:
                if problem.status == TOO_MANY:
                    raise
                self._events.append(session, conversation, "message", {"from": "bot", "text": problem.detail})
            conversation_id = conversation.id
        self._deliveries.follow(conversation_id, account.id)
        self._hub.publish(conversation_id)
        self._turns.wake(conversation_id)
        self._show_signs(channel, arrival)

    async def _file(self, channel: Channel, arrival: Arrival) -> Upload | str:
        """The file, or a sentence why it is not taken."""
        try:
            return await received(arrival.file_name or "plik", await channel.fetch(arrival.value))
        except FileRefused as refused:
            return str(refused)
        except Refused:
            return "Nie udało się pobrać tego pliku. Może mieć najwyżej 10 MB. Spróbuj wysłać go jeszcze raz."

    async def _take_in(
        self,
        session: AsyncSession,
        conversation: Conversation,
        arrival: Arrival,
        file: Upload | str | None,
        platform_digest: str,
    ) -> None:
        client_id = str(uuid.uuid5(uuid.NAMESPACE_OID, platform_digest))
        if isinstance(file, Upload):
            await self._conversations.attach(session, conversation, Came(client_id, platform_digest), file)
        elif isinstance(file, str):
            self._events.append(session, conversation, "message", {"from": "bot", "text": file})
        elif arrival.deed is Deed.SENT_OTHER:
            self._events.say(session, conversation, "say_other_kind")
        elif arrival.deed is Deed.SAID and self._wishes.is_stop(arrival.value):
            self._events.say(session, conversation, "say_channel_stopped")
            await self._conversations.end(session, conversation)
        elif arrival.deed in (Deed.SAID, Deed.CHOSE):
            await self._say(session, conversation, arrival, client_id)

    async def _say(self, session: AsyncSession, conversation: Conversation, arrival: Arrival, client_id: str) -> None:
        key = "choice" if arrival.deed is Deed.CHOSE else "text"
        try:
            said = SaidMessage(client_id=uuid.UUID(client_id), **{key: arrival.value.replace("\0", "")})
        except ValidationError:
            self._events.say(session, conversation, "say_other_kind")
            return
        await self._conversations.accept(session, conversation, said)

    def _show_signs(self, channel: Channel, arrival: Arrival) -> None:
        """Beside the work: signs are a courtesy, and their failure no matter."""

        async def show() -> None:
            try:
                await channel.show_signs(arrival)
            except (TryAgain, Refused) as failed:
                logger.debug("%s shows no signs: %s", channel.name, type(failed).__name__)

        task = asyncio.create_task(show())
        self._signs.add(task)
        task.add_done_callback(self._signs.discard)
