"""Who is talking: one-time codes and the grants they make (design: Grants; OWASP ASVS 5.0, NIST SP 800-63B-4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.service import Audit, Kind
from backend.clock import Clock
from backend.customers import service as customers
from backend.customers.schemas import CustomerCard
from backend.identity import repository
from backend.identity.models import Grant, IdentityCode, PortalSession
from backend.identity.schemas import CodeRefused, Confirmation, IdentityRequired, Refusal
from backend.identity.sessions import Sessions
from backend.limits.service import Limits, Rule
from backend.mail.letters import identity_code
from backend.mail.service import Outbox
from backend.secrecy import Hasher, new_code
from backend.settings import Settings


class Identity:
    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        hasher: Hasher,
        outbox: Outbox,
        limits: Limits,
        audit: Audit,
        sessions: Sessions,
    ) -> None:
        self._settings, self._clock, self._hasher, self._outbox = settings, clock, hasher, outbox
        self._limits, self._audit, self._sessions = limits, audit, sessions

    async def send_code(self, session: AsyncSession, conversation_id: str, identifier: str) -> None:
        """Makes a code and puts its letter into the outbox.

        `identifier` is an e-mail address or a login as it was typed. For an unknown one, and beyond the limits, the
        same rows are written and the letter has no recipient, so that neither the answer nor its time tells.
        """
        now = self._clock.now()
        address = self._hasher.digest("address", customers.folded_identifier(identifier))
        allowed = await self._limits.take(session, "code", address, letter_rules(self._settings))
        known = await _find(session, identifier)
        current = await repository.latest_code(session, conversation_id)
        # Beyond the limits no newer letter will come, so the last code for the same address stays good.
        stands = not allowed and current is not None and current.address_digest == address
        if not stands:
            await repository.replace_codes(session, conversation_id, now)
        code = new_code()
        made = IdentityCode(
            conversation_id=conversation_id,
            address_digest=address,
            customer_ids=[customer.id for customer in known] if allowed else [],
            code_digest=self._hasher.digest("code", conversation_id, address, code),
            made_at=now,
            expires_at=now + self._settings.code_lifetime,
            replaced_at=now if stands else None,
        )
        session.add(made)
        minutes = self._settings.code_lifetime // dt.timedelta(minutes=1)
        recipient = known[0].email if known and allowed else None
        letter = identity_code(code, minutes, self._settings.company)
        customer_id = known[0].id if recipient else None
        await self._outbox.put(session, recipient, letter, customer_id=customer_id, good_until=made.expires_at)
        self._audit.record(session, Kind.CODE_SENT, customer_id, detail=None if allowed else "limited")

    async def confirm(self, session: AsyncSession, conversation_id: str, typed: str) -> Confirmation:
        """Turns the right code into a grant.

        Raises:
            CodeRefused: wrong, expired (or none was asked for), or locked after too many tries. The try is counted
                all the same, so the caller must commit.
        """
        now = self._clock.now()
        code = await repository.latest_code(session, conversation_id)
        if code is None or code.expires_at <= now:
            raise CodeRefused(Refusal.EXPIRED)
        tries = await repository.count_try(session, code.id, self._settings.code_tries)
        if tries is None:
            self._audit.record(session, Kind.CODE_FAILED, _only(code.customer_ids), detail="locked")
            raise CodeRefused(Refusal.LOCKED)
        digits = "".join(character for character in typed if character.isdigit())
        right = self._hasher.matches(code.code_digest, "code", conversation_id, code.address_digest, digits)
        if not right or not code.customer_ids:
            self._audit.record(session, Kind.CODE_FAILED, _only(code.customer_ids), detail="wrong")
            raise CodeRefused(Refusal.LOCKED if tries >= self._settings.code_tries else Refusal.WRONG)
        if not await repository.consume(session, code.id, now):
            raise CodeRefused(Refusal.EXPIRED)
        self._audit.record(session, Kind.CODE_CONFIRMED, _only(code.customer_ids))
        return await self._grant(session, conversation_id, code.customer_ids, now)

    async def choose(self, session: AsyncSession, conversation_id: str, candidate: int) -> Confirmation:
        """Settles which of several customers the grant is for. Raises IdentityRequired when there is no such choice."""
        grant = await repository.live_grant(session, conversation_id, self._clock.now())
        if grant is None or grant.customer_id is not None or not 0 <= candidate < len(grant.candidates):
            raise IdentityRequired
        grant.customer_id = grant.candidates[candidate]
        return Confirmation(grant, await customers.cards(session, [grant.customer_id]))

    async def live_grant(self, session: AsyncSession, conversation_id: str) -> Grant | None:
        return await repository.live_grant(session, conversation_id, self._clock.now())

    async def customer_id(self, session: AsyncSession, conversation_id: str) -> int:
        """The customer whose data this conversation may read. Raises IdentityRequired."""
        grant = await self.live_grant(session, conversation_id)
        if grant is None or grant.customer_id is None:
            raise IdentityRequired
        return grant.customer_id

    async def touch(self, session: AsyncSession, conversation_id: str) -> bool:
        """An accepted message ends grants whose time has passed and keeps a live one alive, up to its longest time.

        True if a chosen customer's grant ended.
        """
        now = self._clock.now()
        grants = await repository.open_grants(session, conversation_id)
        past = [grant for grant in grants if grant.until <= now]
        for grant in grants:
            if grant in past:
                grant.ended_at = now
            elif grant.session_id is not None:
                await self._sessions.extend(session, grant.session_id)
            else:
                grant.until = min(now + self._settings.grant_idle, grant.confirmed_at + self._settings.grant_longest)
        return any(grant.customer_id is not None for grant in past)

    async def end(self, session: AsyncSession, conversation_id: str, *, only_past: bool = False) -> bool:
        """Ends the conversation's grants, or only those whose time has passed. True if a chosen customer's ended."""
        now = self._clock.now()
        ended = [g for g in await repository.open_grants(session, conversation_id) if not only_past or g.until <= now]
        for grant in ended:
            grant.ended_at = now
        return any(grant.customer_id is not None for grant in ended)

    async def conversations_past_grant(self, session: AsyncSession) -> list[str]:
        return await repository.conversations_past_grant(session, self._clock.now())

    async def identified(self, session: AsyncSession, conversation_ids: Collection[str]) -> dict[str, set[int]]:
        """The customers whose identity was ever confirmed, by conversation."""
        found: dict[str, set[int]] = {}
        for conversation_id, customer_id in await repository.identified(session, conversation_ids):
            found.setdefault(conversation_id, set()).add(customer_id)
        return found

    async def grant_to_session(self, session: AsyncSession, conversation_id: str, row: PortalSession) -> Confirmation:
        """A conversation opened by who is signed in: the grant lives as long as the portal's session."""
        grant = Grant(
            conversation_id=conversation_id,
            customer_id=row.customer_id,
            session_id=row.id,
            candidates=[row.customer_id],
            confirmed_at=row.began_at,
            until=row.until,
        )
        session.add(grant)
        return Confirmation(grant, await customers.cards(session, [row.customer_id]))

    async def _grant(
        self, session: AsyncSession, conversation_id: str, customer_ids: list[int], now: dt.datetime
    ) -> Confirmation:
        await self.end(session, conversation_id)
        grant = Grant(
            conversation_id=conversation_id,
            customer_id=customer_ids[0] if len(customer_ids) == 1 else None,
            candidates=customer_ids,
            confirmed_at=now,
            until=now + self._settings.grant_idle,
        )
        session.add(grant)
        return Confirmation(grant, await customers.cards(session, customer_ids))


async def customers_shown(session: AsyncSession, conversation_id: str) -> list[int]:
    """The customers who were identified in a conversation, the last one at the end."""
    return await repository.customers_shown(session, conversation_id)


def letter_rules(settings: Settings) -> list[Rule]:
    """How many letters one typed address or login may cause, known or not."""
    return [
        Rule(settings.codes_per_quarter_hour, dt.timedelta(minutes=15)),
        Rule(settings.codes_per_day, dt.timedelta(days=1)),
    ]


def _only(customer_ids: list[int]) -> int | None:
    return customer_ids[0] if len(customer_ids) == 1 else None


async def _find(session: AsyncSession, identifier: str) -> list[CustomerCard]:
    """Both ways are always looked up, so that an address and a login, known or not, take the same queries."""
    by_email = await customers.find_by_email(session, identifier)
    by_login = await customers.find_by_login(session, identifier)
    return by_email or by_login
