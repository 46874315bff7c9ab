"""Zgłoszenia: a new one, more for an old one, a file that came, and how they stand. The form writes them."""

from __future__ import annotations

from typing import Any

from bot.actions.document_words import asked
from bot.actions.draft import FORM, Draft, add_file, forget_draft, note, written
from bot.actions.lookup import Lookup, Wanted
from bot.actions.task import Task
from bot.actions.ticket_words import document_meant, kind_of, ticket_named
from bot.actions.turn import Button, Turn
from bot.folding import words
from bot.placeholders import Kind

LONG_ENOUGH = 8
"""A first message of so many words already tells what the matter is."""


def ticket_buttons(tickets: list[dict[str, Any]], intent: str) -> list[Button]:
    return [{"title": ticket["title"], "payload": f'/{intent}{{"ticket": "{ticket["number"]}"}}'} for ticket in tickets]


class NewTicket(Task):
    action = "action_new_ticket"

    def perform(self, turn: Turn) -> None:
        draft = self._draft(turn)
        if turn.entity("talk"):
            draft |= {"kind": draft.get("kind") or "query", "talk": True, "finished": True}
        if not turn.is_button and len(words(turn.text)) >= LONG_ENOUGH:
            note(turn, draft)
        if emails := turn.values(Kind.EMAIL):
            draft["email"] = str(emails[0])
        if meant := document_meant(turn):
            draft["meant"] = meant
        turn.remember(ticket=draft)
        turn.continue_with(FORM)

    def _draft(self, turn: Turn) -> Draft:
        """A new one, or the one that was put aside; what was an addition to a ticket becomes one of its own."""
        kind = turn.entity("ticket_kind") or (None if turn.is_button else kind_of(turn.text))
        before = written(turn)
        if not before:
            return {"kind": kind, "texts": [], "files": []}
        turn.say("say_ticket_taken_up")
        if kind or turn.entity("talk"):
            before = {name: value for name, value in before.items() if name not in ("to", "file_first")}
        return before | {"resumed": True} | ({"kind": kind} if kind else {})


class AddToTicket(Task):
    action = "action_add_to_ticket"

    def perform(self, turn: Turn) -> None:
        draft = written(turn) or {"texts": [], "files": []}
        turn.remember(ticket={**draft, "to": None, "named": ticket_named(turn)})
        turn.continue_with(FORM)


class SendIt(Task):
    """Asked to send while no form is open: a draft that was put aside is taken up."""

    action = "action_send_it"

    def perform(self, turn: Turn) -> None:
        if written(turn):
            turn.continue_with(FORM)
        else:
            turn.say("say_nothing_to_send")


class Cancel(Task):
    """Called off while no form is open: nothing that was put aside is left behind."""

    action = "action_cancel"

    def perform(self, turn: Turn) -> None:
        forget_draft(turn)
        turn.say("say_cancelled")


class AttachFile(Task):
    """A file came while no ticket was being written."""

    action = "action_attach_file"

    def perform(self, turn: Turn) -> None:
        if file := turn.entity("file"):
            if draft := written(turn):
                add_file(turn, draft)
            else:
                draft = {"to": None, "texts": [], "files": [int(file)], "file_first": True}
            turn.remember(ticket=draft)
            turn.continue_with(FORM)
        else:
            turn.say("say_how_to_attach")


class ShowTickets(Lookup):
    action, intent = "action_show_tickets", "show_tickets"

    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        return ticket_named(turn) or {}

    def show(self, turn: Turn, wanted: Wanted) -> None:
        found = turn.ask_backend("tickets", **asked(wanted))
        tickets = found["tickets"]
        if len(tickets) == 1:
            self._show_one(turn, tickets[0])
        elif tickets:
            turn.say_list("say_tickets", tickets, ticket_buttons(tickets, "show_tickets"))
            if found["more"]:
                turn.say("say_more_tickets")
        else:
            turn.say("say_no_such_ticket" if asked(wanted) else "say_no_tickets")

    def _show_one(self, turn: Turn, ticket: dict[str, Any]) -> None:
        add = {"title": "Dopisz do zgłoszenia", "payload": f'/add_to_ticket{{"ticket": "{ticket["number"]}"}}'}
        values = {name: ticket[name] for name in ("number", "opened", "subject", "how")}
        turn.say("say_ticket", [] if "answer" in ticket else [add], **values)
        if "answer" in ticket:
            turn.say("say_ticket_answer", [add], answer=ticket["answer"], answered=ticket["answered"])
