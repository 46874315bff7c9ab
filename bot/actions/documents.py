"""Invoices, corrections and interest notes; what is to pay on one, and what has been paid."""

from __future__ import annotations

from typing import Any

from bot.actions.document_words import asked, document_shown, latest, named_document, narrowed, this_document
from bot.actions.lookup import Lookup, Wanted, with_period
from bot.actions.turn import Button, Turn
from bot.folding import fold

NARROWING = ("first", "last", "kind", "unpaid", "overdue")

Document = dict[str, Any]


class ShowDocuments(Lookup):
    action, intent = "action_show_documents", "show_documents"

    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        if meant := named_document(turn) or document_shown(turn):
            return meant
        text = fold(turn.text)
        kept = narrowed(text, {name: value for name, value in before.items() if name in NARROWING})
        count = latest(text)
        if count:
            kept = {name: value for name, value in kept.items() if name not in ("first", "last")}
        found = with_period(turn, kept)
        if found is not None and "first" not in found and count:
            return {"kind": "invoice", **found, "latest": count}
        return found

    def show(self, turn: Turn, wanted: Wanted) -> None:
        found = turn.ask_backend("documents", **asked(wanted))
        documents = found["documents"]
        if len(documents) == 1:
            self._show_one(turn, documents[0], wanted)
        elif documents:
            turn.say_list("say_documents", documents, _buttons(documents, "show_documents"))
            if found["more"]:
                turn.say("say_more_documents")
            _remember_list(turn, self.action, wanted, documents)
        else:
            self._show_nothing(turn, wanted)

    def _show_one(self, turn: Turn, document: Document, wanted: Wanted) -> None:
        buttons = []
        if _is_open(document):
            buttons.append(_button("Zapłać", "pay_document", document))
        turn.say(
            f"say_document_{document['state']}",
            buttons,
            file={"thing": "document", "subject": document["number"]},
            **_values(document),
        )
        if "corrects" in document:
            direction = "" if document["kind"] == "interest_note" else "_down" if document["lower"] else "_up"
            turn.say(f"say_{document['kind']}_of{direction}", **_values(document))
        _remember_one(turn, self.action, wanted, document)

    def _show_nothing(self, turn: Turn, wanted: Wanted) -> None:
        if beside := wanted.get("older_than") or wanted.get("newer_than"):
            turn.say("say_no_older_document" if "older_than" in wanted else "say_no_newer_document")
            turn.remember(wanted={"action": self.action, "one": beside})
        elif wanted.get("number") or wanted.get("documents"):
            turn.say("say_no_such_document")
        elif not wanted.get("unpaid"):
            turn.say("say_no_documents")
        elif wanted.get("first") or wanted.get("overdue"):
            turn.say("say_nothing_to_pay_then" if wanted.get("first") else "say_nothing_overdue")
            _name_open_ones(turn, self.action, wanted)
        else:
            turn.say("say_nothing_to_pay")


class PayDocument(Lookup):
    action, intent = "action_pay_document", "pay_document"

    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        if meant := named_document(turn) or document_shown(turn):
            return meant
        found = with_period(turn, {})
        if found == {} and (this := this_document(turn)):
            return this
        return found if found is None else {"unpaid": True, **found}

    def show(self, turn: Turn, wanted: Wanted) -> None:
        found = turn.ask_backend("documents", **asked(wanted))
        open_ones = [document for document in found["documents"] if _is_open(document)]
        if len(open_ones) == 1:
            self._show_way(turn, open_ones[0], online=found["online"])
            _remember_one(turn, self.action, wanted, open_ones[0])
        elif open_ones:
            turn.say_list("say_which_to_pay", open_ones, _buttons(open_ones, "pay_document"))
            _remember_list(turn, self.action, wanted, open_ones)
        elif wanted.get("unpaid") and not wanted.get("first"):
            turn.say("say_nothing_to_pay")
        else:
            self._say_settled(turn, wanted, found["documents"])
            _name_open_ones(turn, self.action, wanted)

    def _show_way(self, turn: Turn, document: Document, *, online: bool) -> None:
        turn.say("say_payment", picture={"thing": "transfer", "subject": document["number"]}, **_values(document))
        if "on_way" in document:
            turn.say("say_payment_on_way", on_way=document["on_way"])
        elif online:
            turn.say("say_pay_online")

    def _say_settled(self, turn: Turn, wanted: Wanted, documents: list[Document]) -> None:
        """What was meant has nothing left to pay, or is not there."""
        if "first" in wanted and not documents:
            period = {name: wanted[name] for name in ("first", "last")}
            documents = turn.ask_backend("documents", **period)["documents"]
        if len(documents) == 1:
            turn.say("say_document_needs_no_payment", **_values(documents[0]))
        elif documents:
            turn.say("say_nothing_to_pay_then" if "first" in wanted else "say_documents_need_no_payment")
        else:
            turn.say("say_no_documents" if "number" not in wanted else "say_no_such_document")


class ShowPayments(Lookup):
    action, intent = "action_show_payments", "show_payments"

    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        return with_period(turn, {name: before[name] for name in ("first", "last") if name in before})

    def show(self, turn: Turn, wanted: Wanted) -> None:
        found = turn.ask_backend("documents/payments", **asked(wanted))
        if not found["payments"]:
            turn.say("say_no_payments")
            return
        turn.say_list("say_payments", found["payments"], **found["values"])
        if found["more"]:
            turn.say("say_more_payments")


def _is_open(document: Document) -> bool:
    return document["state"] in ("due", "overdue")


def _name_open_ones(turn: Turn, action: str, wanted: Wanted) -> None:
    """What is to pay at all, after what was meant turned out to be settled."""
    open_ones = [one for one in turn.ask_backend("documents", unpaid=True)["documents"] if _is_open(one)]
    if open_ones:
        turn.say_list("say_still_to_pay", open_ones, _buttons(open_ones, "pay_document"))
        _remember_list(turn, action, wanted, open_ones)
    else:
        turn.say("say_nothing_else_to_pay")


def _remember_one(turn: Turn, action: str, wanted: Wanted, document: Document) -> None:
    """For "to zapłać", "a poprzednia?" and "a trzecia?"; a picked document leaves the list to pick from."""
    kept = {name: value for name, value in wanted.items() if name in NARROWING}
    if wanted.get("documents"):
        kept["listed"] = wanted.get("listed") or (turn.slot("wanted") or {}).get("listed")
    period = {name: document[name] for name in ("first", "last")}
    turn.remember(wanted={**kept, **period, "action": action, "one": document["number"]})


def _remember_list(turn: Turn, action: str, wanted: Wanted, documents: list[Document]) -> None:
    kept = {name: value for name, value in wanted.items() if name in NARROWING}
    turn.remember(wanted={**kept, "action": action, "listed": [document["number"] for document in documents]})


def _values(document: Document) -> dict[str, Any]:
    names = ("what", "number", "about", "amount", "change", "left", "due", "account", "corrects")
    return {name: document[name] for name in names if name in document}


def _buttons(documents: list[Document], intent: str) -> list[Button]:
    return [_button(document["title"], intent, document) for document in documents]


def _button(title: str, intent: str, document: Document) -> Button:
    return {"title": title, "payload": f'/{intent}{{"document": "{document["number"]}"}}'}
