"""`mojbok staff`: who may use the office's console."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from backend.accounts.passwords import Passwords
from backend.commands.opened import opened
from backend.limits.service import Limits
from backend.secrecy import Cipher, Hasher
from backend.settings import Settings
from backend.staff import repository
from backend.staff.members import INVITED_FOR, Members
from backend.staff.schemas import Role


async def add(settings: Settings, login: str, name: str, roles: Sequence[Role], team: str | None) -> None:
    """Raises NotMember."""
    async with _members(settings) as (session, members):
        address = await members.add(session, login, name, roles, team)
    _tell(login, address)


async def invite(settings: Settings, login: str) -> None:
    """Raises NotMember."""
    async with _members(settings) as (session, members):
        address = await members.invite(session, login)
    _tell(login, address)


async def close(settings: Settings, login: str) -> None:
    """Raises NotMember."""
    async with _members(settings) as (session, members):
        await members.close(session, login)
    typer.echo(f"{login} can sign in no more.")


async def list_all(settings: Settings) -> None:
    async with _members(settings) as (session, _):
        for member in await repository.members(session):
            state = "closed" if member.closed_at else "active" if member.password_hash else "invited"
            typer.echo(
                f"{member.login:<20} {state:<8} {','.join(member.roles):<30} {member.team or '-':<4} {member.name}"
            )


@asynccontextmanager
async def _members(settings: Settings) -> AsyncIterator[tuple[AsyncSession, Members]]:
    cipher = Cipher(settings.vault_keys.get_secret_value())
    async with opened(settings) as (database, clock), database.write() as session:
        limits = Limits(clock, Hasher(settings.hash_key.get_secret_value()))
        yield session, Members(settings, clock, cipher, limits, Passwords())


def _tell(login: str, address: str) -> None:
    hours = int(INVITED_FOR.total_seconds() // 3600)
    typer.echo(f"{login} is invited. Hand over this address; it works once, for {hours} hours:\n{address}")
