"""Answers on their way to a platform: a conversation's events are the outbox, an account notes how far it got."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.background import wind_down
from backend.channels import repository, showing
from backend.channels.models import ChannelAccount, Undelivered
from backend.channels.people import People
from backend.channels.refusals import Refusals
from backend.channels.schemas import Call, Channel, Picture, Refused, Shown, TryAgain
from backend.chat.events import Events
from backend.chat.files import Files, opened_file
from backend.chat.hub import Hub
from backend.chat.schemas import EventBody
from backend.clock import Clock
from backend.database import Database
from backend.identity.links import PATH
from backend.identity.pickups import Pickups
from backend.printing.pictures import Pictures

logger = logging.getLogger("mojbok.channels")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
GOES_ON = dt.timedelta(days=2)
MOST_TRIES = 40
"""Some three hours."""


class Deliveries:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        people: People,
        refusals: Refusals,
        events: Events,
        files: Files,
        pickups: Pickups,
        pictures: Pictures,
        hub: Hub,
    ) -> None:
        self._database, self._clock, self._channels = database, clock, channels
        self._people, self._refusals = people, refusals
        self._events, self._files = events, files
        self._pickups, self._pictures = pickups, pictures
        self._accounts: dict[str, int] = {}
        self._conversations: dict[int, str] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        hub.follow(self.wake)

    def follow(self, conversation_id: str, account_id: int) -> None:
        """From now on what is said in the conversation goes to this account."""
        previous = self._conversations.get(account_id)
        if previous and previous != conversation_id:
            self._accounts.pop(previous, None)
        self._accounts[conversation_id], self._conversations[account_id] = account_id, conversation_id

    async def resume(self) -> None:
        async with self._database.read() as session:
            for account in await repository.accounts_heard_since(session, self._clock.now() - GOES_ON):
                if account.conversation_id:
                    self.follow(account.conversation_id, account.id)
        for conversation_id in list(self._accounts):
            self.wake(conversation_id)

    def wake(self, conversation_id: str) -> None:
        if conversation_id not in self._accounts:
            return
        self._woken.add(conversation_id)
        if conversation_id not in self._workers:
            worker = asyncio.create_task(self._work(conversation_id))
            self._workers[conversation_id] = worker
            worker.add_done_callback(lambda done: self._ended(conversation_id, done))

    def _ended(self, conversation_id: str, worker: asyncio.Task[None]) -> None:
        if self._workers.get(conversation_id) is worker:
            del self._workers[conversation_id]
        if not worker.cancelled() and (error := worker.exception()):
            logger.error("Answers of %s stopped: %s; taken up again", conversation_id, type(error).__name__)
            asyncio.get_running_loop().call_later(FIRST_PAUSE, self.wake, conversation_id)

    async def drop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._woken.clear()
        await wind_down(list(self._workers.values()))

    async def _work(self, conversation_id: str) -> None:
        while conversation_id in self._woken:
            self._woken.discard(conversation_id)
            await self._send_waiting(conversation_id)
        self._workers.pop(conversation_id, None)

    async def _send_waiting(self, conversation_id: str) -> None:
        """Sends what was said, in order, until something must wait or another conversation has begun."""
        async with self._database.read() as session:
            account = await session.get(ChannelAccount, self._accounts.get(conversation_id, 0))
            if account is None or account.conversation_id != conversation_id:
                self._accounts.pop(conversation_id, None)
                return
            channel = self._channels.get(account.channel)
            if channel is None or self._must_wait(account):
                return
            events = await self._events.read(session, conversation_id, account.sent_seq)
            waiting = [
                (event, await self._calls(session, channel, event)) for event in events if _is_for_customer(event)
            ]
        for event, calls in waiting:
            if not await self._send(channel, account, event, calls):
                return

    def _must_wait(self, account: ChannelAccount) -> bool:
        """Whether the platform asked to wait; then it is tried again by itself."""
        left = (account.next_try_at - self._clock.now()).total_seconds() if account.next_try_at else 0
        if left > 0:
            self._wake_after(left, str(account.conversation_id))
        return left > 0

    def _wake_after(self, seconds: float, conversation_id: str) -> None:
        if timer := self._timers.pop(conversation_id, None):
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers[conversation_id] = loop.call_later(seconds + 0.01, self._timed, conversation_id)

    def _timed(self, conversation_id: str) -> None:
        self._timers.pop(conversation_id, None)
        self.wake(conversation_id)

    async def _send(
        self, channel: Channel, account: ChannelAccount, event: EventBody, calls: list[Call] | None
    ) -> bool:
        """False where what follows must not be sent now."""
        address, seq, platform_id = self._people.address(account), event["seq"], ""
        try:
            self._check_reach(channel, account)
            if calls is None:
                raise Refused("unshown")
            for number in range(account.sent_part, len(calls)):
                platform_id = await self._send_part(channel, address, calls[number])
                if number + 1 < len(calls) and not await self._move(account, seq, number + 1, platform_id):
                    return False
        except TryAgain as later:
            return await self._wait(channel, account, seq, later.after)
        except Refused as refused:
            return await self._give_up(channel, account, seq, refused.reason)
        return await self._move(account, seq, 0, platform_id)

    async def _send_part(self, channel: Channel, address: str, call: Call) -> str:
        """The platform's id of it. A picture has none, and is left out if it is refused: the text says the same."""
        try:
            platform_id = await channel.send(address, call)
        except Refused as refused:
            if call.file is None or refused.reason != "refused":
                raise
            logger.warning("%s does not take a picture", channel.name)
        return platform_id if call.file is None else ""

    def _check_reach(self, channel: Channel, account: ChannelAccount) -> None:
        """Raises Refused where the platform would not take it: what it refuses too often it holds against us."""
        window = channel.capabilities.window
        if account.blocked_at is not None:
            raise Refused("blocked")
        if window is not None and self._clock.now() - account.heard_at > window:
            raise Refused("window")

    async def _wait(self, channel: Channel, account: ChannelAccount, seq: int, after: float) -> bool:
        tries = account.tries + 1
        if tries >= MOST_TRIES:
            return await self._give_up(channel, account, seq, "unreachable")
        pause = max(after, min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE))
        logger.warning("%s: message %d of %s waits %g s", channel.name, seq, account.conversation_id, pause)
        async with self._database.write() as session:
            kept = await session.get(ChannelAccount, account.id)
            if kept and kept.conversation_id == account.conversation_id:
                kept.tries = tries
                kept.next_try_at = self._clock.now() + dt.timedelta(seconds=pause)
        self._wake_after(pause, str(account.conversation_id))
        return False

    async def _give_up(self, channel: Channel, account: ChannelAccount, seq: int, reason: str) -> bool:
        logger.error("%s: message %d of %s is not delivered: %s", channel.name, seq, account.conversation_id, reason)
        async with self._database.write() as session:
            row = Undelivered(
                conversation_id=str(account.conversation_id), seq=seq, reason=reason, at=self._clock.now()
            )
            await session.merge(row)
            kept = await session.get(ChannelAccount, account.id)
            if kept and reason == "blocked":
                account.blocked_at = kept.blocked_at = kept.blocked_at or self._clock.now()
        return await self._move(account, seq, 0)

    async def _move(self, account: ChannelAccount, seq: int, part: int, platform_id: str = "") -> bool:
        """Notes how many parts of a message were sent, 0 once it is done, and the platform's id of the last of them;
        False where another conversation has begun meanwhile.
        """
        async with self._database.write() as session:
            is_same = await repository.note_sent(session, account, seq, part)
            if is_same and platform_id:
                talk = str(account.conversation_id)
                await self._refusals.remember(session, account.channel, platform_id, talk, seq)
        account.sent_part, account.tries = part, 0
        return is_same

    # What is shown

    async def _calls(self, session: AsyncSession, channel: Channel, event: EventBody) -> list[Call] | None:
        """How it is sent; None where it cannot be shown at all."""
        try:
            return channel.render(await self._shown(session, event))
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 - one message that cannot be shown must not stop all that follow
            logger.error("%s: message %d cannot be shown: %s", channel.name, event["seq"], type(error).__name__)
            return None

    async def _shown(self, session: AsyncSession, event: EventBody) -> Shown:
        links = [await self._link(session, link) for link in event.get("links", [])]
        return showing.shown(event, links, await self._picture(session, event.get("image")))

    async def _link(self, session: AsyncSession, link: dict[str, str]) -> dict[str, str]:
        """A document's own link opens it for who holds it: through a platform goes one that asks who is there."""
        _, is_ours, token = link["url"].rpartition(f"{PATH}/")
        opened = await self._files.links.open(session, token) if is_ours else None
        return link | {"url": self._pickups.make(opened.customer_id, opened.subject)} if opened else link

    async def _picture(self, session: AsyncSession, image: dict[str, str] | None) -> Picture | None:
        """The drawing itself: a link to it would be worth nothing to a platform, and too much to others."""
        if image is None:
            return None
        file = await opened_file(self._files, session, image["url"].rpartition(f"{PATH}/")[2])
        return Picture(await self._pictures.png(file.content.decode()), image["alt"]) if file else None


def _is_for_customer(event: EventBody) -> bool:
    return bool(event["type"] == "message" and event["from"] != "customer")
