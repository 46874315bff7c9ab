"""Invoices, corrections and interest notes; what is to pay on one, and what has been paid."""

from __future__ import annotations

import re
from typing import Any

from bot.actions.lookup import FOLLOW_UP, Lookup, Wanted, with_period
from bot.actions.turn import Button, Turn
from bot.folding import fold
from bot.placeholders import Kind

_KINDS = {
    "correction": re.compile(r"\bkor(?:ekt|yguj)\w*"),
    "interest_note": re.compile(r"\bnot(?:a|y|e|ki|ka|ke)?\b|\bodsetk\w*"),
}
_UNPAID = re.compile(
    r"\bnie\s?(?:za|o)p[la]\w*|\bnieuregul\w*|\bzaleg\w*|\bprzetermin\w*|\bpo terminie\b|\bdo zaplaty\b"
)
_LATEST = re.compile(r"\bostatni(?:a|ej|ego|e|o|m)?\b|\bnajnowsz\w*|\bbiezac\w*|\baktualn\w*")
_NUMBER = re.compile(
    r"\b(?:fv|fk|fa|kor|no|nk)(?:[\s/.-]*\d+)+(?:[/-]\w+)*|\b(?:[a-z]{1,5}/)+[\w/-]*\d[\w/-]*"
    r"|\b(?:nr|numer\w*|numerze)[\s:.]*(?P<bare>\d[\d/\s-]*\d)"
)

_OVERDUE = re.compile(r"\bprzetermin\w*|\bpo terminie\b|\bspoznion\w*|\bzaleg\w*")
_THIS_ONE = re.compile(r"\b(?:to|ja|te|ta|ten|tego|tej|go|niej|nia|powyzsz\w+)\b")
NARROWING = ("first", "last", "kind", "unpaid", "overdue")

Document = dict[str, Any]


class ShowDocuments(Lookup):
    action, intent = "action_show_documents", "show_documents"

    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        if named := named_document(turn):
            return named
        text = fold(turn.text)
        kept = {name: value for name, value in before.items() if name in NARROWING}
        kinds = [kind for kind, pattern in _KINDS.items() if pattern.search(text)]
        if kinds:
            kept = {"kind": kinds[0]}
        if _UNPAID.search(text):
            kept = {"unpaid": True}
        if _OVERDUE.search(text):
            kept = {"unpaid": True, "overdue": True}
        found = with_period(turn, kept)
        if found is not None and "first" not in found and _LATEST.search(text):
            return {"kind": "invoice", **found, "latest": True}
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
        else:
            turn.say(_nothing(wanted))

    def _show_one(self, turn: Turn, document: Document, wanted: Wanted) -> None:
        buttons = []
        if document["state"] in ("due", "overdue"):
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
        shown = {"action": self.action, "first": document["first"], "last": document["last"]}
        if buttons:
            shown["payable"] = document["number"]
        turn.remember(wanted={**wanted, **shown})


class PayDocument(Lookup):
    action, intent = "action_pay_document", "pay_document"

    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        if named := named_document(turn):
            return named
        shown = (turn.slot("wanted") or {}).get("payable")
        found = with_period(turn, {})
        if found == {} and shown and _THIS_ONE.search(fold(turn.text)):
            return {"document": shown}
        return found if found is None else {"unpaid": True, **found}

    def show(self, turn: Turn, wanted: Wanted) -> None:
        found = turn.ask_backend("documents", **asked(wanted))
        documents = found["documents"]
        open_ones = [document for document in documents if document["state"] in ("due", "overdue")]
        if len(open_ones) == 1:
            document = open_ones[0]
            turn.say("say_payment", picture={"thing": "transfer", "subject": document["number"]}, **_values(document))
            if "on_way" in document:
                turn.say("say_payment_on_way", on_way=document["on_way"])
            elif found["online"]:
                turn.say("say_pay_online")
        elif open_ones:
            turn.say_list("say_which_to_pay", open_ones, _buttons(open_ones, "pay_document"))
        elif documents and not wanted.get("unpaid"):
            turn.say("say_document_needs_no_payment", **_values(documents[0]))
        else:
            turn.say("say_nothing_to_pay")


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


def asked(wanted: Wanted) -> Wanted:
    return {name: value for name, value in wanted.items() if name not in ("action", "payable")}


def named_document(turn: Turn) -> Wanted | None:
    """The document that was chosen or whose number was typed."""
    if chosen := turn.entity("document"):
        return {"document": chosen}
    if turn.intent == FOLLOW_UP and not _NUMBER.search(fold(turn.text)):
        return None
    if match := _NUMBER.search(fold(turn.text)):
        return {"number": match["bare"] or match[0]}
    numbers = turn.values(Kind.NUMBER)
    return {"number": str(numbers[0])} if numbers else None


def _nothing(wanted: Wanted) -> str:
    if wanted.get("number") or wanted.get("document"):
        return "say_no_such_document"
    return "say_nothing_to_pay" if wanted.get("unpaid") else "say_no_documents"


def _values(document: Document) -> dict[str, Any]:
    names = ("what", "number", "about", "amount", "change", "left", "due", "account", "corrects")
    return {name: document[name] for name in names if name in document}


def _buttons(documents: list[Document], intent: str) -> list[Button]:
    return [_button(document["title"], intent, document) for document in documents]


def _button(title: str, intent: str, document: Document) -> Button:
    return {"title": title, "payload": f'/{intent}{{"document": "{document["number"]}"}}'}
