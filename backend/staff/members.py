"""The office's people: invited by the command line, let in by password and authenticator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts.passwords import Passwords
from backend.clock import Clock
from backend.limits.service import Limits, Rule
from backend.secrecy import Cipher, new_token, token_digest
from backend.settings import Settings
from backend.staff import repository, second_factor
from backend.staff.acts import Acts
from backend.staff.models import Member, StaffSession
from backend.staff.schemas import Colleague, Did, NotMember, Role

INVITED_FOR = dt.timedelta(hours=48)
TIME_FOR_CODE = dt.timedelta(minutes=5)
TRIES = 5
BY_ORIGIN = [Rule(20, dt.timedelta(minutes=15))]
CODES_OF_ONE = [Rule(10, dt.timedelta(minutes=15)), Rule(50, dt.timedelta(days=1))]
"""Only who has the password gets as far, so this locks nobody else out."""

MOVES_BY = dt.timedelta(seconds=30)


class CodeWrong(Exception):
    """The code of the authenticator is wrong, too old, or was used before."""


@dataclass(frozen=True)
class Invitation:
    """Who is invited, and what their authenticator needs."""

    member: Member
    secret: str
    address: str


class Members:
    def __init__(self, settings: Settings, clock: Clock, cipher: Cipher, limits: Limits, passwords: Passwords) -> None:
        self._settings, self._clock, self._cipher, self._limits = settings, clock, cipher, limits
        self.passwords = passwords
        self.acts = Acts(clock)

    # For the command line

    async def add(self, session: AsyncSession, login: str, name: str, roles: Sequence[Role], team: str | None) -> str:
        """A new member; the address of their invitation. Raises NotMember where the login is taken."""
        if await repository.member_by_login(session, login):
            raise NotMember(f"There is a member {login} already: see mojbok staff invite.")
        if not name.strip():
            raise NotMember("A member has a name, which customers read.")
        if Role.AGENT in roles and team is None:
            raise NotMember("An agent belongs to a team: say --team cok or --team bok.")
        member = Member(login=login, name=name, roles=[role.value for role in roles], team=team, second_factor=b"")
        session.add(member)
        return self._invite(member)

    async def invite(self, session: AsyncSession, login: str) -> str:
        """A new invitation with a new secret; what the member had is good no more. Raises NotMember."""
        member = await self._member(session, login)
        await self._shut(session, member)
        member.closed_at = None
        return self._invite(member)

    async def close(self, session: AsyncSession, login: str) -> None:
        """The member can sign in no more; what they did stays on record. Raises NotMember."""
        member = await self._member(session, login)
        await self._shut(session, member)
        member.closed_at = self._clock.now()

    # The invitation

    async def invitation(self, session: AsyncSession, token: str) -> Invitation | None:
        """None for one that was used, has run out, or never was."""
        member = await self._invited(session, token)
        if member is None:
            return None
        secret = self._cipher.decrypt(member.second_factor)
        return Invitation(member, secret, second_factor.address(secret, member.login, "mojBOK Biuro"))

    async def activate(self, session: AsyncSession, token: str, password_hash: str, code: str) -> bool:
        """Sets the first password; False where the invitation is none any more. Raises CodeWrong."""
        member = await self._invited(session, token, lock=True)
        if member is None:
            return False
        self._use(member, code)
        member.password_hash = password_hash
        member.invitation_digest = member.invited_until = None
        self.acts.record(session, Did.ACTIVATED, member.id)
        return True

    # Signing in

    async def origin_may(self, session: AsyncSession, origin: str) -> bool:
        """Counts one more try of a network address (a digest)."""
        return await self._limits.take(session, "origin staff", origin, BY_ORIGIN)

    async def whom(self, session: AsyncSession, login: str) -> Member | None:
        """Who may sign in under this login."""
        member = await repository.member_by_login(session, login)
        return member if member and member.closed_at is None else None

    async def begin(self, session: AsyncSession, member: Member | None, *, right: bool) -> str | None:
        """A session that waits for the second factor, where the password was right; its token."""
        if member is None or not right:
            self.acts.record(session, Did.SIGN_IN_FAILED, member.id if member else None)
            return None
        return self._session(session, member.id, TIME_FOR_CODE, whole=False)

    async def finish(self, session: AsyncSession, token: str | None, code: str) -> str | None:
        """The token of a whole session; the one before is good no more. None where there is none to finish.

        Raises CodeWrong; after five the password has to be given again.
        """
        row = await repository.session_by_digest(session, token_digest(token), lock=True) if token else None
        if row is None or row.whole or row.until <= self._clock.now() or row.tries >= TRIES:
            return None
        member = await repository.member(session, row.member_id, lock=True)
        if member is None or member.closed_at:
            return None
        row.tries += 1
        try:
            if not await self._limits.take(session, "staff code", str(member.id), CODES_OF_ONE):
                raise CodeWrong
            self._use(member, code)
        except CodeWrong:
            self.acts.record(session, Did.CODE_FAILED, member.id)
            raise
        row.until = self._clock.now()
        self.acts.record(session, Did.SIGNED_IN, member.id)
        return self._session(session, member.id, self._settings.staff_session_idle, whole=True)

    async def sign_out(self, session: AsyncSession, colleague: Colleague) -> None:
        await repository.end_session(session, colleague.session_id, self._clock.now())
        self.acts.record(session, Did.SIGNED_OUT, colleague.id)

    # Being signed in

    async def signed_in(self, session: AsyncSession, token: str | None) -> tuple[Colleague, StaffSession] | None:
        row = await repository.session_by_digest(session, token_digest(token)) if token else None
        if row is None or not row.whole or row.until <= self._clock.now():
            return None
        member = await repository.member(session, row.member_id)
        if member is None or member.closed_at:
            return None
        return Colleague(member.id, row.id, member.name, frozenset(map(Role, member.roles)), member.team), row

    def is_due(self, row: StaffSession) -> bool:
        """Whether activity now would move the session's end."""
        return self._end(row) - row.until > MOVES_BY

    async def extend(self, session: AsyncSession, row: StaffSession) -> None:
        kept = await repository.session_by_digest(session, row.token_digest, lock=True)
        if kept and kept.until > self._clock.now():
            kept.until = self._end(kept)

    def _end(self, row: StaffSession) -> dt.datetime:
        longest = row.began_at + self._settings.staff_session_longest
        return min(self._clock.now() + self._settings.staff_session_idle, longest)

    def _session(self, session: AsyncSession, member_id: int, time: dt.timedelta, *, whole: bool) -> str:
        token, now = new_token(), self._clock.now()
        session.add(
            StaffSession(
                token_digest=token_digest(token), member_id=member_id, whole=whole, began_at=now, until=now + time
            )
        )
        return token

    def _use(self, member: Member, code: str) -> None:
        """Raises CodeWrong. A code is good once, for whoever comes first."""
        secret = self._cipher.decrypt(member.second_factor)
        step = second_factor.step_of(secret, code, self._clock.now().timestamp(), member.last_step)
        if step is None:
            raise CodeWrong
        member.last_step = step

    def _invite(self, member: Member) -> str:
        token = new_token()
        member.second_factor = self._cipher.encrypt(second_factor.new_secret())
        member.password_hash, member.last_step = None, 0
        member.invitation_digest, member.invited_until = token_digest(token), self._clock.now() + INVITED_FOR
        return f"{self._settings.base_url}/biuro/aktywacja/{token}"

    async def _invited(self, session: AsyncSession, token: str, *, lock: bool = False) -> Member | None:
        member = await repository.member_by_invitation(session, token_digest(token), lock=lock)
        in_time = member and member.invited_until and member.invited_until > self._clock.now()
        return member if in_time else None

    async def _member(self, session: AsyncSession, login: str) -> Member:
        member = await repository.member_by_login(session, login)
        if member is None:
            raise NotMember(f"There is no member {login}.")
        return member

    async def _shut(self, session: AsyncSession, member: Member) -> None:
        member.password_hash = member.invitation_digest = member.invited_until = None
        await repository.end_sessions(session, member.id, self._clock.now())
