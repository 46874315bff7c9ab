"""Who writes on a platform: an account, found by a keyed hash, and the conversation that goes on with it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels import repository
from backend.channels.models import ChannelAccount, ChannelArrival, ChannelLink, ChannelSent, ChannelTalk, Undelivered
from backend.channels.schemas import Arrival
from backend.chat import repository as chat
from backend.chat.events import Events
from backend.chat.models import Conversation
from backend.chat.service import Conversations
from backend.clock import Clock
from backend.identity import erasure as identity
from backend.secrecy import Cipher, Hasher

NEW_AFTER = dt.timedelta(hours=24)
"""So long a silence ends a conversation: what is said later begins another, with its greeting."""


class People:
    def __init__(
        self, clock: Clock, cipher: Cipher, hasher: Hasher, events: Events, conversations: Conversations, notice: str
    ) -> None:
        """`notice` is the address of the page on personal data."""
        self._clock, self._cipher, self._hasher = clock, cipher, hasher
        self._events, self._conversations, self._notice = events, conversations, notice

    def digest(self, channel: str, account: str) -> str:
        return self._hasher.digest("channel account", channel, account)

    def address(self, account: ChannelAccount) -> str:
        return self._cipher.decrypt(account.address)

    async def account(self, session: AsyncSession, channel: str, arrival: Arrival) -> ChannelAccount:
        """The account that did it, a new one where it was never heard of."""
        digest = self.digest(channel, arrival.account)
        account = await repository.account(session, channel, digest)
        if account is None:
            account = ChannelAccount(channel=channel, digest=digest, sent_seq=0, sent_part=0, tries=0)
            session.add(account)
        account.address = self._cipher.encrypt(arrival.address)
        account.heard_at = max(arrival.sent_at, account.heard_at or arrival.sent_at)
        account.blocked_at = None
        await session.flush()
        return account

    async def conversation(self, session: AsyncSession, account: ChannelAccount) -> Conversation:
        """The conversation that goes on, or a new one with its greeting and the notice on personal data."""
        if account.conversation_id:
            going_on = await chat.conversation(session, account.conversation_id, lock=True)
            if going_on and going_on.closed_at is None and self._is_fresh(going_on):
                return going_on
        conversation, _ = await self._conversations.open(session, account.channel)
        self._events.say(session, conversation, "say_channel_notice", url=self._notice)
        session.add(ChannelTalk(account_id=account.id, conversation_id=conversation.id))
        account.conversation_id, account.sent_seq, account.sent_part = conversation.id, 0, 0
        account.tries, account.next_try_at = 0, None
        await session.flush()
        return conversation

    async def tell(self, session: AsyncSession, account: ChannelAccount, sentence: str) -> str | None:
        """Says a sentence in the conversation that goes on; its id, or None where none does."""
        going_on = await chat.conversation(session, account.conversation_id or "", lock=True)
        if going_on is None or going_on.closed_at is not None:
            return None
        self._events.say(session, going_on, sentence)
        return going_on.id

    def _is_fresh(self, conversation: Conversation) -> bool:
        return self._clock.now() - conversation.last_activity_at < NEW_AFTER


async def forget(session: AsyncSession, customer_id: int, conversation_ids: set[str]) -> set[str]:
    """Removes the accounts of a customer and of these conversations; the ids of all their conversations."""
    accounts = select(ChannelAccount).outerjoin(ChannelTalk, ChannelTalk.account_id == ChannelAccount.id)
    chosen = (ChannelAccount.customer_id == customer_id) | ChannelTalk.conversation_id.in_(conversation_ids)
    talks: set[str] = set()
    for account in (await session.scalars(accounts.where(chosen).distinct())).all():
        arrived = (ChannelArrival.channel == account.channel) & (ChannelArrival.account_digest == account.digest)
        await session.execute(delete(ChannelArrival).where(arrived))
        talks |= await forget_account(session, account)
    return talks


async def forget_account(session: AsyncSession, account: ChannelAccount) -> set[str]:
    """Removes an account; the ids of its conversations, which are still there."""
    talks = await talks_of(session, account)
    await _forget_parts(session, talks)
    await session.execute(delete(ChannelLink).where(ChannelLink.account_id == account.id))
    await session.delete(account)
    await session.flush()
    return talks


async def forget_talks(session: AsyncSession, conversation_ids: set[str], before: dt.datetime) -> None:
    """Removes what is known of these conversations, and the accounts not heard of since that have no other left."""
    await _forget_parts(session, conversation_ids)
    going_on = update(ChannelAccount).where(ChannelAccount.conversation_id.in_(conversation_ids))
    await session.execute(going_on.values(conversation_id=None))
    has_talks = exists().where(ChannelTalk.account_id == ChannelAccount.id)
    silent = select(ChannelAccount.id).where(
        ChannelAccount.heard_at < before, ChannelAccount.customer_id.is_(None), ~has_talks
    )
    await session.execute(delete(ChannelLink).where(ChannelLink.account_id.in_(silent)))
    await session.execute(delete(ChannelAccount).where(ChannelAccount.id.in_(silent)))


async def _forget_parts(session: AsyncSession, conversation_ids: set[str]) -> None:
    for part in (ChannelSent, Undelivered, ChannelTalk):
        await session.execute(delete(part).where(part.conversation_id.in_(conversation_ids)))


async def customers_of(session: AsyncSession, account: ChannelAccount) -> set[int]:
    """The customer whose account it is, and those who were identified in its conversations."""
    identified = await identity.customers_of(session, await talks_of(session, account))
    return identified | ({account.customer_id} if account.customer_id else set())


async def talks_of(session: AsyncSession, account: ChannelAccount) -> set[str]:
    """The ids of the account's conversations."""
    return set(await session.scalars(select(ChannelTalk.conversation_id).where(ChannelTalk.account_id == account.id)))
