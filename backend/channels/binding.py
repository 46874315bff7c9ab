"""Joining a platform's account to a customer: a link made in the portal, opened there, confirmed in the portal.

It spares naming an address and is no proof of identity: the code is asked for all the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.service import Audit, Kind
from backend.channels.models import ChannelAccount, ChannelLink
from backend.clock import Clock
from backend.secrecy import Cipher, new_token, token_digest

LIFETIME = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Claim:
    """Who opened a link, as the platform names them; `id` tells it from another claim."""

    id: str
    channel: str
    name: str


@dataclass(frozen=True)
class Bound:
    account_id: int
    channel: str


class Binding:
    def __init__(self, clock: Clock, cipher: Cipher, audit: Audit) -> None:
        self._clock, self._cipher, self._audit = clock, cipher, audit

    async def make(self, session: AsyncSession, customer_id: int, channel: str) -> str:
        """A token that lives ten minutes and works once; an earlier one of this customer and channel dies."""
        of_both = (ChannelLink.customer_id == customer_id) & (ChannelLink.channel == channel)
        await session.execute(delete(ChannelLink).where(of_both))
        token = new_token()
        link = ChannelLink(
            token_digest=token_digest(token), channel=channel, customer_id=customer_id, made_at=self._clock.now()
        )
        session.add(link)
        return token

    async def claim(self, session: AsyncSession, account: ChannelAccount, token: str, name: str) -> bool:
        """Somebody came with a token; False for one that is unknown, old, used, or made for another platform."""
        taken = await session.execute(
            update(ChannelLink)
            .where(
                ChannelLink.token_digest == token_digest(token),
                ChannelLink.channel == account.channel,
                ChannelLink.account_id.is_(None),
                ChannelLink.made_at > self._clock.now() - LIFETIME,
            )
            .values(account_id=account.id, name=self._cipher.encrypt(name))
            .returning(ChannelLink.token_digest)
            .execution_options(synchronize_session=False)
        )
        return taken.scalar() is not None

    async def claims(self, session: AsyncSession, customer_id: int) -> list[Claim]:
        """Who waits for this customer's word."""
        query = select(ChannelLink).where(
            ChannelLink.customer_id == customer_id,
            ChannelLink.account_id.is_not(None),
            ChannelLink.made_at > self._clock.now() - LIFETIME,
        )
        return [
            Claim(link.token_digest, link.channel, self._cipher.decrypt(link.name or b""))
            for link in await session.scalars(query)
        ]

    async def confirm(self, session: AsyncSession, customer_id: int, claim_id: str) -> ChannelAccount | None:
        """Binds the account that opened the link; None where there is no such claim (any more)."""
        link = await session.get(ChannelLink, claim_id)
        is_own = link and link.customer_id == customer_id and link.account_id is not None
        if link is None or not is_own or link.made_at <= self._clock.now() - LIFETIME:
            return None
        account = await session.get(ChannelAccount, link.account_id)
        await session.delete(link)
        if account:
            account.customer_id = customer_id
            self._audit.record(session, Kind.ACCOUNT_BOUND, customer_id, detail=account.channel)
        return account

    async def bound(self, session: AsyncSession, customer_id: int) -> list[Bound]:
        query = select(ChannelAccount).where(ChannelAccount.customer_id == customer_id).order_by(ChannelAccount.id)
        return [Bound(account.id, account.channel) for account in await session.scalars(query)]

    async def unbind(self, session: AsyncSession, customer_id: int, account_id: int) -> None:
        own = (ChannelAccount.id == account_id) & (ChannelAccount.customer_id == customer_id)
        ended = update(ChannelAccount).where(own).values(customer_id=None).returning(ChannelAccount.id)
        if await session.scalar(ended) is not None:
            self._audit.record(session, Kind.ACCOUNT_UNBOUND, customer_id)

    async def customer_of(self, session: AsyncSession, conversation_id: str) -> int | None:
        """Whose account talks in this conversation, as far as it was said in the portal."""
        query = select(ChannelAccount.customer_id).where(ChannelAccount.conversation_id == conversation_id)
        return await session.scalar(query)

    async def forget_old(self, session: AsyncSession) -> None:
        await session.execute(delete(ChannelLink).where(ChannelLink.made_at <= self._clock.now() - LIFETIME))


async def forget(session: AsyncSession, customer_id: int) -> None:
    await session.execute(delete(ChannelLink).where(ChannelLink.customer_id == customer_id))
