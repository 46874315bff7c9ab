"""Downloading a conversation as a dialogue test."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, text

from backend.pages import headers
from backend.problems import Problem
from backend.staff.conversations import as_test
from backend.staff.conversations.transcript_pages import NO_SUCH, ONE
from backend.staff.guard import for_colleagues, office_of
from backend.staff.schemas import Colleague, Did, Right

tests = Blueprint("staff_tests")


@tests.get(f"{ONE}/test")
@for_colleagues(Right.TEACH)
async def download(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    office = office_of(request)
    async with office.database.write() as session:
        written = await as_test.write(session, office.wording, conversation_id)
        if written is None:
            raise Problem(404, NO_SUCH)
        office.members.acts.record(session, Did.SAVED_AS_TEST, colleague.id, conversation_id)
    name = f"test_{conversation_id.lower().replace('-', '_')}.py"
    as_file = {"Content-Disposition": f'attachment; filename="{name}"'}
    return text(written, headers=headers(office.settings) | as_file, content_type="text/x-python; charset=utf-8")
