"""What somebody wants of the assistant itself and not of the office: silence, or to be forgotten."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.service import Audit, Kind
from backend.channels import people
from backend.channels.models import ChannelAccount
from backend.chat import erasure as chat
from backend.customers import erasure as customers
from backend.identity import erasure as identity
from bot.folding import words

STOP = {"stop", "stop stop", "koniec stop", "zatrzymaj", "wypisz mnie", "nie pisz do mnie", "nie piszcie do mnie"}
ERASURE = {"usun moje dane", "usuncie moje dane", "prosze usunac moje dane", "prosze usun moje dane"}

NOBODY = 0
"""No customer has this number."""

Forget = Callable[[AsyncSession, int, set[str]], Awaitable[None]]


class Wishes:
    def __init__(self, audit: Audit, forget: list[Forget]) -> None:
        """`forget` removes what else was made in conversations."""
        self._audit, self._forget = audit, forget

    def is_stop(self, text: str) -> bool:
        return " ".join(words(text)) in STOP

    def is_erasure(self, text: str) -> bool:
        return " ".join(words(text)) in ERASURE

    async def erase(self, session: AsyncSession, account: ChannelAccount) -> set[str] | None:
        """Removes the account and its conversations, and what was written in them but belongs to no customer.

        The ids of the conversations; None, and nothing is removed, while one of them or a customer who spoke there is
        under legal hold.
        """
        for customer_id in await people.customers_of(session, account):
            if await customers.hold(session, customer_id):
                return None
        if await people.talks_of(session, account) & await chat.held(session):
            return None
        talks = await people.forget_account(session, account)
        await identity.forget(session, NOBODY, talks)
        for forget in self._forget:
            await forget(session, NOBODY, talks)
        await chat.forget(session, talks)
        self._audit.record(session, Kind.ERASED, None, detail=account.channel)
        return talks
