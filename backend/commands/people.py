"""`mojbok erase`, `mojbok hold` and `mojbok retention`."""

from __future__ import annotations

import typer

from backend.commands.opened import opened
from backend.customers import erasure
from backend.customers import service as customers
from backend.erasure import NotErased, erase
from backend.retention import retain
from backend.settings import Settings


async def erase_customer(settings: Settings, customer_no: str) -> None:
    """Raises NotErased."""
    async with opened(settings) as (database, clock):
        done = await erase(database, settings, clock, customer_no)
    typer.echo(
        f"{customer_no} is erased. {done.conversations} conversations and {done.documents_removed} documents are gone; "
        f"{done.documents_kept} documents stay for the accounts under {done.pseudonym}."
    )


async def hold_customer(settings: Settings, customer_no: str, reason: str | None) -> None:
    """Puts a customer under legal hold, or takes it away. Raises NotErased for a number that is not there."""
    async with opened(settings) as (database, clock), database.write() as session:
        customer = await customers.find_by_number(session, customer_no)
        if customer is None:
            raise NotErased(f"There is no customer {customer_no}.")
        await erasure.set_hold(session, customer.id, reason, clock.now())
    typer.echo(f"{customer_no} is under legal hold: {reason}" if reason else f"{customer_no} is under no legal hold.")


async def remove_old(settings: Settings) -> None:
    async with opened(settings) as (database, clock):
        removed = await retain(database, settings, clock)
    typer.echo(
        "Removed: " + ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in vars(removed).items()) + "."
    )
