"""What the services of accounts share."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts import repository
from backend.accounts.passwords import Passwords
from backend.accounts.proofs import Proofs
from backend.audit.service import Audit
from backend.clock import Clock
from backend.customers.schemas import CustomerCard
from backend.customers.service import folded_identifier
from backend.identity.service import letter_rules
from backend.identity.sessions import Sessions
from backend.limits.service import Limits
from backend.mail.service import Outbox
from backend.settings import Settings


@dataclass(frozen=True)
class Parts:
    settings: Settings
    clock: Clock
    outbox: Outbox
    limits: Limits
    audit: Audit
    sessions: Sessions
    proofs: Proofs
    passwords: Passwords

    @property
    def contact(self) -> str:
        return f"{self.settings.phone}, {self.settings.cok_email} lub {self.settings.bok_email}"

    def page(self, path: str) -> str:
        """The address of a page of the portal."""
        return f"{self.settings.base_url}/{path}"

    async def may_write(self, session: AsyncSession, typed: str) -> bool:
        """Whether one more letter may go out because of what was typed, known or not."""
        return await self.limits.take(session, "letter", folded_identifier(typed), letter_rules(self.settings))

    async def with_account(self, session: AsyncSession, found: list[CustomerCard]) -> list[CustomerCard]:
        """Those of them who have an account: the import says so, or they registered here."""
        # Nobody is asked for where nobody was found: the statement is the same for everybody.
        kept = await repository.accounts(session, [customer.id for customer in found] or [0])
        registered = {account.customer_id for account in kept}
        return [customer for customer in found if customer.active or customer.id in registered]
