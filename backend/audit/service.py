"""The record of security events: what happened, when, to whom, from where (as hashes); never a value."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import SecurityEvent
from backend.clock import Clock


class Kind(StrEnum):
    REGISTRATION_ASKED = "registration_asked"
    ACTIVATED = "activated"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    LOGIN_REMINDED = "login_reminded"
    RESET_ASKED = "reset_asked"
    RESET_CODE_FAILED = "reset_code_failed"
    RESET_CODE_RIGHT = "reset_code_right"
    PASSWORD_SET = "password_set"  # noqa: S105 - the name of an event
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_ASKED_FAILED = "password_asked_failed"  # noqa: S105
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    PHONE_CHANGED = "phone_changed"
    LOGIN_CHANGED = "login_changed"
    CONSENTS_CHANGED = "consents_changed"
    TERMS_ACCEPTED = "terms_accepted"
    CODE_SENT = "code_sent"
    CODE_FAILED = "code_failed"
    CODE_CONFIRMED = "code_confirmed"
    LIMITED = "limited"
    PAYMENT_NOTICE_REFUSED = "payment_notice_refused"
    WEBHOOK_REFUSED = "webhook_refused"
    ACCOUNT_BOUND = "account_bound"
    ACCOUNT_UNBOUND = "account_unbound"
    ERASED = "erased"


class Audit:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def record(
        self,
        session: AsyncSession,
        kind: Kind,
        customer_id: int | None,
        origin: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Adds an event in the transaction of what it tells of. `origin` is a digest; `detail` a word, no value."""
        session.add(
            SecurityEvent(
                at=self._clock.now(), kind=kind.value, customer_id=customer_id, origin_digest=origin, detail=detail
            )
        )


async def forget_before(session: AsyncSession, before: dt.datetime) -> int:
    """Removes events whose time is over; how many."""
    gone = await session.execute(delete(SecurityEvent).where(SecurityEvent.at < before).returning(SecurityEvent.id))
    return len(gone.all())
