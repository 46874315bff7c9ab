"""What a customer changes stays until an import brings something new, and can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import service
from backend.customers.models import Customer
from backend.customers.schemas import LoginTaken
from backend.database import Database


def customer(number: int, **values: Any) -> Customer:
    defaults = {
        "id": number,
        "customer_no": f"K{number}",
        "kind": "individual",
        "name": "Łucja Wrona",
        "pesel": f"{number:011d}",
        "email": f"k{number}@poczta.example",
        "folded_email": f"k{number}@poczta.example",
        "active": True,
        "consent_email": True,
        "consent_phone": False,
        "row_digest": "",
    }
    return Customer(**(defaults | values))


async def found_by_email(session: AsyncSession, email: str) -> list[str]:
    return [found.customer_no for found in await service.find_by_email(session, email)]


@pytest.fixture
async def two(database: Database) -> Database:
    async with database.write() as session:
        session.add_all([customer(1), customer(2, login="Wrona", folded_login="wrona")])
    return database


async def test_the_imported_value_is_kept_beside_the_new_one_and_comes_back(two: Database) -> None:
    for email in ("nowy@poczta.example", "jeszcze.nowszy@poczta.example"):
        async with two.write() as session:
            await service.change(session, 1, email=email)
    async with two.read() as session:
        assert await found_by_email(session, "JESZCZE.nowszy@poczta.example") == ["K1"]
        assert await service.find_by_email(session, "k1@poczta.example") == []
    async with two.write() as session:
        await service.back_to_imported(session)
    async with two.read() as session:
        assert await found_by_email(session, "k1@poczta.example") == ["K1"]


async def test_a_change_to_what_is_there_already_changes_nothing(two: Database) -> None:
    async with two.write() as session:
        await service.change(session, 1, consent_email=True)
    async with two.read() as session:
        row = await session.get_one(Customer, 1)
        assert row.imported is None


@pytest.mark.parametrize("login", ["wrona", "WRONA", " wrona ", "00000000002"])
async def test_a_login_of_somebody_else_is_refused(two: Database, login: str) -> None:
    with pytest.raises(LoginTaken):
        async with two.write() as session:
            await service.change(session, 1, login=login)


async def test_a_login_is_found_by_every_way_to_write_it(two: Database) -> None:
    async with two.read() as session:
        for typed in ("wrona", " Wrona ", "00000000002", "0000000-0002"):
            assert [found.customer_no for found in await service.find_by_login(session, typed)] == ["K2"]
        assert await service.find_by_login(session, "wron") == []


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        (" Jan@X.PL ", "jan@x.pl"),
        ("848 101 12-344", "84810112344"),
        ("PL 526-000-00-00", "5260000000"),
        ("pl-x", "pl-x"),
    ],
)
def test_one_identifier_written_in_any_way_is_counted_as_one(typed: str, folded: str) -> None:
    assert service.folded_identifier(typed) == folded
