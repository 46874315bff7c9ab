"""From rows to tables: which columns a row fills, and how a customer number becomes a reference."""

from __future__ import annotations

import hashlib
from typing import Any

from backend.billing.models import Document, DocumentLine, Payment
from backend.consumption.models import DeliveryPoint, MonthlyConsumption
from backend.customers.models import Contract, Customer
from backend.customers.service import folded_email, folded_login
from backend.database import Base
from backend.imports.rows import CustomerRow, Row, TicketRow
from backend.tickets.models import Ticket, folded

TABLES: dict[str, type[Base]] = {
    "customers": Customer,
    "contracts": Contract,
    "delivery_points": DeliveryPoint,
    "documents": Document,
    "document_lines": DocumentLine,
    "payments": Payment,
    "consumption": MonthlyConsumption,
    "tickets": Ticket,
}


def digest(row: Row) -> str:
    """Tells whether an imported row has changed since the last import."""
    return hashlib.sha256(row.model_dump_json().encode()).hexdigest()


def columns(row: Row) -> dict[str, Any]:
    """The values of a row's staging table."""
    values = row.model_dump()
    if isinstance(row, CustomerRow):
        values["folded_email"] = folded_email(row.email)
        values["folded_login"] = folded_login(row.login) if row.login else None
    if isinstance(row, TicketRow):
        values["folded"] = folded(row.ticket_no, None, row.subject, row.text)
    return values | {"row_digest": digest(row)}
