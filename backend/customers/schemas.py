from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Kind = Literal["individual", "business"]
Team = Literal["cok", "bok"]


class LoginTaken(Exception):
    """Another customer has this login."""


@dataclass(frozen=True)
class CustomerCard:
    """A customer as other packages see one; `email` is the registered address, `login` the chosen one."""

    id: int
    customer_no: str
    kind: Kind
    name: str
    pesel: str | None
    nip: str | None
    email: str
    phone: str | None
    login: str | None
    active: bool
    consent_email: bool
    consent_phone: bool

    @property
    def team(self) -> Team:
        """Whose customer this is: individuals are cok's, businesses bok's."""
        return "bok" if self.kind == "business" else "cok"

    @property
    def login_words(self) -> str:
        """What the customer signs in with, in words that do not name a PESEL or NIP."""
        return self.login or ("NIP" if self.kind == "business" else "PESEL")


@dataclass(frozen=True)
class ContractCard:
    """`begins` and `ends` are the first and the last day."""

    contract_no: str
    status: Literal["active", "ended"]
    begins: dt.date | None
    ends: dt.date | None
    place: str
    tariff: str
