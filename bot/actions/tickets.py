"""Zgłoszenia: a new one, more for an old one, a file that came, and how they stand. The form writes them."""

from __future__ import annotations

import re
from typing import Any

from bot.actions import periods
from bot.actions.documents import asked, named_document
from bot.actions.lookup import Lookup, Wanted
from bot.actions.task import Task
from bot.actions.turn import Button, Turn
from bot.folding import fold, words
from bot.placeholders import Kind

FORM = "ticket_form"
LONG_ENOUGH = 8
"""A first message of so many words already tells what the matter is."""

_KINDS = {
    "complaint": re.compile(
        r"\b(?:za)?reklam\w*|\bskarg\w*|\bskarz\w*|\bzazal\w*|\bnie zgadzam|\bbled\w*|\boszuk\w*|\bzawyz\w*"
    ),
    "access": re.compile(
        r"\bodm(?:ow|aw)\w*|\brejestrac\w*|\bbrak\w* dostep\w*|\bdostep\w* do (?:mojbok|konta|portal\w*)"
    ),
    "service": re.compile(r"\buslug\w*|\bzamow\w*|\bdokup\w*|\bwykup\w*|\bdyspozycj\w*"),
    "documents": re.compile(r"\bdokument\w*|\bpelnomocnict\w*|\bprotok\w*|\bskan\w*|\bzalaczni\w*|\bpism\w*"),
    "query": re.compile(r"\bzapyt\w*|\bpytani\w*|\bspyta\w*"),
}
_DOCUMENT = re.compile(r"\bfaktur\w*|\brachun\w*|\bdokument\w*|\bnot[aey]\b|\bkorekt\w*")
_THIS_DOCUMENT = re.compile(r"\b(?:ja|te|ten|ta|tej|tego) (?:faktur\w*|rachun\w*|dokument\w*|not\w*|korekt\w*)|\bja\b")
_TICKET_NUMBER = re.compile(r"\bz/\d{4}/\d+|\b(?:nr|numer\w*|zgloszeni\w*|spraw\w*)\s+(?P<bare>\d{3,})\b|\b\d{5,}\b")

Draft = dict[str, Any]
"""What the slot `ticket` holds: what is known of a ticket being written, or with `to` of an addition to an old one."""


def kind_of(text: str) -> str | None:
    """The kind of ticket that the words of a text mean."""
    folded = fold(text)
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(folded)), None)


def ticket_named(turn: Turn) -> Wanted | None:
    """The ticket that was chosen, or whose number was typed."""
    if chosen := turn.entity("ticket"):
        return {"ticket": chosen}
    if numbers := turn.values(Kind.NUMBER, Kind.CODE):
        return {"number": str(numbers[0])}
    match = _TICKET_NUMBER.search(fold(turn.text))
    return {"number": match["bare"] or match[0]} if match else None


def ticket_buttons(tickets: list[dict[str, Any]], intent: str) -> list[Button]:
    return [{"title": ticket["title"], "payload": f'/{intent}{{"ticket": "{ticket["number"]}"}}'} for ticket in tickets]


class NewTicket(Task):
    action = "action_new_ticket"

    def perform(self, turn: Turn) -> None:
        draft: Draft = {"kind": turn.entity("ticket_kind") or kind_of(turn.text), "texts": [], "files": []}
        if turn.entity("talk"):
            draft |= {"kind": "query", "talk": True, "finished": True}
        if not turn.is_button and len(words(turn.text)) >= LONG_ENOUGH:
            draft["texts"] = [turn.text]
        if emails := turn.values(Kind.EMAIL):
            draft["email"] = str(emails[0])
        if meant := document_meant(turn):
            draft["meant"] = meant
        turn.remember(ticket=draft)
        turn.continue_with(FORM)


class AddToTicket(Task):
    action = "action_add_to_ticket"

    def perform(self, turn: Turn) -> None:
        turn.remember(ticket={"to": None, "named": ticket_named(turn), "texts": [], "files": []})
        turn.continue_with(FORM)


class AttachFile(Task):
    """A file came while no ticket was being written."""

    action = "action_attach_file"

    def perform(self, turn: Turn) -> None:
        if file := turn.entity("file"):
            turn.remember(ticket={"to": None, "texts": [], "files": [int(file)], "file_first": True})
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


def document_meant(turn: Turn) -> Wanted | None:
    """How to find the document that a message means: by its number, its period, or as the one just shown."""
    if turn.is_button:
        return None
    if named := named_document(turn):
        return named
    shown = turn.slot("wanted") or {}
    if shown.get("action") == "action_show_documents" and _THIS_DOCUMENT.search(fold(turn.text)):
        return asked(shown)
    said = periods.find(turn.text, turn.today) if _DOCUMENT.search(fold(turn.text)) else None
    if said is None or said.period is None:
        return None
    return {"first": said.period.first.isoformat(), "last": said.period.last.isoformat()}
