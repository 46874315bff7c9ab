"""Asking for one personal value of a conversation."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat.vault import Vault, seq_of
from backend.forms import Form
from backend.problems import Problem
from backend.staff.conversations import revealing
from backend.staff.conversations.revealing import Hidden, NotTheirs
from backend.staff.conversations.transcript_pages import ONE
from backend.staff.guard import for_colleagues, office_of
from backend.staff.pages import page
from backend.staff.reasons import reason_in
from backend.staff.schemas import Colleague, Right

VALUE = f"{ONE}/wartosc/<number:[0-9]{{1,9}}>"

values = Blueprint("staff_values")


@values.get(VALUE)
@for_colleagues(Right.REVEAL)
async def ask_page(request: Request, colleague: Colleague, conversation_id: str, number: str) -> HTTPResponse:
    office = office_of(request)
    async with office.database.read() as session:
        hidden = await _hidden(session, office.vault, colleague, conversation_id, int(number))
    return _page(request, colleague, hidden)


@values.post(VALUE)
@for_colleagues(Right.REVEAL)
async def reveal(request: Request, colleague: Colleague, conversation_id: str, number: str) -> HTTPResponse:
    """The value stands on the answer to this post alone: no address leads to it, and nothing keeps it."""
    office, form = office_of(request), Form(request)
    reason = reason_in(form)
    async with office.database.write() as session:
        hidden = await _hidden(session, office.vault, colleague, conversation_id, int(number))
        shown = (
            None
            if form.errors
            else revealing.reveal(session, office.vault, office.members.acts, colleague, hidden, reason)
        )
    return _page(request, colleague, hidden, form, shown)


async def _hidden(
    session: AsyncSession, vault: Vault, colleague: Colleague, conversation_id: str, number: int
) -> Hidden:
    """Raises Problem 403 or 404."""
    try:
        hidden = await revealing.find(session, vault, colleague, conversation_id, number)
    except NotTheirs:
        raise Problem(403, "To wartość klienta drugiego zespołu. Może ją zobaczyć tylko tamten zespół.") from None
    if hidden is None:
        raise Problem(404, "Tej wartości nie ma albo została już usunięta.")
    return hidden


def _page(
    request: Request, colleague: Colleague, hidden: Hidden, form: Form | None = None, shown: str | None = None
) -> HTTPResponse:
    seq, conversation_id = seq_of(hidden.number), hidden.row.conversation_id
    place = f"?wiadomosc={seq}#w{seq}" if seq else ""
    return page(
        request,
        "transcript_value.html",
        colleague,
        status=400 if form and form.errors else 200,
        label=hidden.label,
        back=f"/biuro/rozmowy/{conversation_id}{place}",
        shown=shown,
        values=form.values if form else {},
        errors=form.errors if form else {},
    )
