"""How a ticket goes from one status to another, and when its answer is due."""

from __future__ import annotations

import datetime as dt

from backend.tickets.models import Ticket


def change(ticket: Ticket, status: str, today: dt.date) -> None:
    """What the import had brought is kept beside the new status."""
    ticket.closed_on = today if status == "closed" else None
    if ticket.row_digest:
        ticket.imported_status = ticket.imported_status or ticket.status
    ticket.status = status


def wait_anew(ticket: Ticket, today: dt.date) -> None:
    """The customer came back: the days for an answer begin again.

    Not those of a complaint to which the customer only adds what the office had asked for: the law counts on.
    """
    if ticket.kind != "complaint" or ticket.status == "closed":
        ticket.waits_since = today


def is_waited_for(kind: str, status: str) -> bool:
    """Whether the days for an answer run: a complaint's do also while the customer is asked for something."""
    return status in ("new", "in_progress") or (kind == "complaint" and status == "waiting_for_customer")
