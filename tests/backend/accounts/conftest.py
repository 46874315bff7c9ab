from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from backend.accounts.parts import Parts
from backend.accounts.passwords import Passwords
from backend.accounts.proofs import Proofs
from backend.accounts.service import Accounts
from backend.audit.service import Audit
from backend.clock import Clock
from backend.database import Database
from backend.identity.sessions import Sessions
from backend.limits.service import Limits
from backend.mail.service import Outbox
from backend.secrecy import Cipher, Hasher
from backend.settings import Profile, Settings
from tests.backend.customers.test_changes import customer


def accounts_with(settings: Settings) -> Accounts:
    clock, hasher, cipher = Clock(), Hasher("klucz"), Cipher(Fernet.generate_key().decode())
    outbox, limits, audit, sessions = (
        Outbox(cipher, clock),
        Limits(clock, hasher),
        Audit(clock),
        Sessions(settings, clock),
    )
    proofs = Proofs(settings, clock, hasher, cipher)
    return Accounts(Parts(settings, clock, outbox, limits, audit, sessions, proofs, Passwords()))


@pytest.fixture
async def accounts(database: Database, tmp_path: Path) -> Accounts:
    """The services of accounts, and one customer, K1, whose PESEL is 00000000001."""
    async with database.write() as session:
        session.add(customer(1))
    return accounts_with(Settings(profile=Profile.DEVELOPMENT, data_dir=tmp_path))
