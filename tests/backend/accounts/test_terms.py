"""The Regulamin is accepted at registration, and again when its version changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from backend.accounts.models import Account
from backend.accounts.schemas import Purpose
from backend.accounts.service import Accounts
from backend.database import Database
from backend.settings import Profile, Settings
from tests.backend.accounts.conftest import accounts_with


async def test_a_new_version_is_asked_for_again(database: Database, accounts: Accounts, tmp_path: Path) -> None:
    async with database.write() as session:
        handle = accounts.registration._parts.proofs.make(
            session, Purpose.ACTIVATION, 1, dt.timedelta(hours=1), value="2026-11-01"
        )
        await accounts.registration.activate(session, handle, "hash", "stąd")
    async with database.read() as session:
        assert await accounts.terms_accepted(session, 1)
    newer = accounts_with(Settings(profile=Profile.DEVELOPMENT, data_dir=tmp_path, terms_version="2027-01-01"))
    async with database.write() as session:
        assert not await newer.terms_accepted(session, 1)
        await newer.accept_terms(session, 1, "stąd")
    async with database.read() as session:
        assert await newer.terms_accepted(session, 1)
        account = await session.get_one(Account, 1)
        assert account.terms_version == "2027-01-01"
