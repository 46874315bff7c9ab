from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["individual", "business"]


@dataclass(frozen=True)
class CustomerCard:
    """A customer as other packages see one; `email` is the registered address."""

    id: int
    customer_no: str
    kind: Kind
    name: str
    email: str
    phone: str | None
