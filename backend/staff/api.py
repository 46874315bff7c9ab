"""The console's routes together; every form post is checked before any of them."""

from __future__ import annotations

from sanic import Blueprint

from backend.browsers import only_our_forms
from backend.staff.conversations.as_test_pages import tests
from backend.staff.conversations.pages import conversations
from backend.staff.conversations.transcript_pages import transcripts
from backend.staff.conversations.value_pages import values
from backend.staff.desk.call_pages import calls
from backend.staff.desk.ticket_list import ticket_lists
from backend.staff.desk.ticket_pages import tickets
from backend.staff.entrance import entrance
from backend.staff.figures.pages import figures_
from backend.staff.journal.pages import journal
from backend.staff.live.pages import live
from backend.staff.teaching.pages import teaching

staff = Blueprint.group(
    entrance,
    conversations,
    transcripts,
    values,
    tests,
    live,
    ticket_lists,
    tickets,
    calls,
    teaching,
    figures_,
    journal,
    url_prefix="/biuro",
)
staff.on_request(only_our_forms)
