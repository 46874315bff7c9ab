from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

import pytest

from tests.support.production import Production, production
from tests.support.system import System, Visitor
from tests.support.visitor import link_in, one_time_password_in

PASSWORD = "cztery różne słowa tu"
Person = dict[str, str]


@pytest.fixture
def person(system: System) -> Callable[[str], Person]:
    """A made-up customer of the running system by number, as the imported file has it."""

    def find(customer_no: str) -> Person:
        with (system.data_dir / "demo" / "customers.csv").open(encoding="utf-8") as file:
            return next(row for row in csv.DictReader(file) if row["customer_no"] == customer_no)

    return find


@pytest.fixture
def with_password(system: System) -> Callable[[str, str], Visitor]:
    """Somebody who has set a password by „Nie pamiętasz hasła?”, signed in and accepted the Regulamin."""

    def sign_in(login: str, email: str) -> Visitor:
        visitor = system.browser()
        visitor.post("/nie-pamietam-hasla", data={"login": login})
        letter = system.mails(email)[-1]
        page = visitor.post(link_in(letter), data={"kod": one_time_password_in(letter)})
        visitor.post(page.url.removeprefix(system.url), data={"nowe": PASSWORD, "powtorz": PASSWORD})
        assert "Regulamin" in visitor.sign_in(login, PASSWORD).text
        assert "Aktualne saldo" in visitor.post("/regulamin/zgoda", data={"regulamin": "tak"}).text
        return visitor

    return sign_in


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """The production profile, straight on the network."""
    with production(tmp_path_factory.mktemp("production")) as running:
        yield running
