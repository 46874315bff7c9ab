"""The page of one conversation: its transcript, and what the office says about it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from sanic import Blueprint, HTTPResponse, Request, redirect

from backend.forms import Form
from backend.problems import Problem
from backend.staff.conversations import reviews, transcript
from backend.staff.conversations.reviews import LONGEST_TAG, STATE_NAMES, NoSuchThing, Reviews, State, TooManyTags
from backend.staff.conversations.transcript import Page
from backend.staff.guard import for_colleagues, office_of
from backend.staff.pages import page
from backend.staff.reasons import reason_in
from backend.staff.schemas import Colleague, Did, Right

ONE = "/rozmowy/<conversation_id:[A-Za-z0-9_-]{1,40}>"
LONGEST_NOTE = 2000
NO_SUCH = "Nie ma takiej rozmowy."

transcripts = Blueprint("staff_transcripts")

SEQ = re.compile(r"[0-9]{1,9}")


@transcripts.get(ONE)
@for_colleagues(Right.READ)
async def conversation_page(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    return await _shown(request, colleague, conversation_id, Form(request))


@transcripts.post(f"{ONE}/notatka")
@for_colleagues(Right.REVIEW)
async def add_note(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    form = Form(request)
    text = form.text("notatka", LONGEST_NOTE, lines=True)
    about = form.text("wiadomosc", 9, required=False)
    if about and not SEQ.fullmatch(about):
        form.errors["wiadomosc"] = "Podaj numer wiadomości, na przykład 12."
    seq = int(about) if about and not form.errors else None
    there = f"wiadomosc={about}&gotowe=notatka#w{about}" if about else "gotowe=notatka#notatki"
    return await _done(request, colleague, conversation_id, form, there, lambda said: said.note(text, seq))


@transcripts.post(f"{ONE}/tag")
@for_colleagues(Right.REVIEW)
async def add_tag(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    form = Form(request)
    tag = reviews.as_tag(form.text("tag", LONGEST_TAG))
    if not form.errors and not 0 < len(tag) <= LONGEST_TAG:
        form.errors["tag"] = "Wpisz tag z liter lub cyfr, najwyżej 40 znaków."
    return await _done(request, colleague, conversation_id, form, "gotowe=tag#tagi", lambda said: said.tag(tag))


@transcripts.post(f"{ONE}/tag/usun")
@for_colleagues(Right.REVIEW)
async def remove_tag(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    form = Form(request)
    tag = form.text("usun", LONGEST_TAG)
    return await _done(request, colleague, conversation_id, form, "gotowe=bez-taga#tagi", lambda said: said.untag(tag))


@transcripts.post(f"{ONE}/stan")
@for_colleagues(Right.REVIEW)
async def set_state(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    form = Form(request)
    wanted = form.text("stan", 10)
    if wanted not in set(State):
        raise Problem(400, "Nie ma takiego stanu rozmowy.")
    return await _done(
        request, colleague, conversation_id, form, "gotowe=stan", lambda said: said.set_state(State(wanted))
    )


@transcripts.post(f"{ONE}/blokada")
@for_colleagues(Right.SEE_ACTS)
async def hold(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    form = Form(request)
    reason = reason_in(form)
    return await _done(request, colleague, conversation_id, form, "gotowe=zatrzymano", lambda said: said.hold(reason))


@transcripts.post(f"{ONE}/blokada/zwolnij")
@for_colleagues(Right.SEE_ACTS)
async def release(request: Request, colleague: Colleague, conversation_id: str) -> HTTPResponse:
    return await _done(
        request, colleague, conversation_id, Form(request), "gotowe=zwolniono", lambda said: said.release()
    )


async def _done(
    request: Request,
    colleague: Colleague,
    conversation_id: str,
    form: Form,
    there: str,
    say: Callable[[Reviews], Awaitable[None]],
) -> HTTPResponse:
    """Does it and leads back to the conversation; what is wrong with the form is shown there."""
    office = office_of(request)
    if not form.errors:
        try:
            async with office.database.write() as session:
                await say(Reviews(office.clock, office.members.acts, session, colleague, conversation_id))
            return redirect(f"/biuro/rozmowy/{conversation_id}?{there}", status=303)
        except NoSuchThing:
            form.errors["wiadomosc"] = "W tej rozmowie nie ma wiadomości o tym numerze."
        except TooManyTags:
            form.errors["tag"] = "Ta rozmowa ma już 20 tagów. Najpierw któryś usuń."
    return await _shown(request, colleague, conversation_id, form)


async def _shown(request: Request, colleague: Colleague, conversation_id: str, form: Form) -> HTTPResponse:
    """The page; that it was seen is recorded with the reading. Raises Problem 404."""
    office, wanted = office_of(request), _page(request)
    async with office.database.write() as session:
        found = await transcript.read(session, conversation_id, wanted)
        if found is None:
            raise Problem(404, NO_SUCH)
        written = await reviews.read(session, conversation_id)
        office.members.acts.record(session, Did.VIEWED, colleague.id, conversation_id)
    return page(
        request,
        "transcript.html",
        colleague,
        status=400 if form.errors else 200,
        found=found,
        written=written,
        state_names=STATE_NAMES,
        may_reveal=colleague.may(Right.REVEAL) and found.belonging.is_for(colleague),
        may_review=colleague.may(Right.REVIEW),
        may_teach=colleague.may(Right.TEACH),
        may_see_acts=colleague.may(Right.SEE_ACTS),
        values={"wiadomosc": request.args.get("notatka", "")[:9]} | form.values,
        errors=form.errors,
    )


def _page(request: Request) -> Page:
    """The stretch that the address asks for. Raises Problem 404 for one that no link of ours has."""
    asked = {name: request.args.get(name) for name in ("przed", "po", "wiadomosc") if request.args.get(name)}
    if not asked:
        return transcript.END
    if len(asked) > 1 or not all(SEQ.fullmatch(seq) for seq in asked.values()):
        raise Problem(404, "Nie ma takiej strony rozmowy.")
    ((name, seq),) = asked.items()
    if name == "wiadomosc":
        return transcript.around(int(seq))
    return Page(before=int(seq)) if name == "przed" else Page(after=int(seq))
