"""What a message means to the ticket that is being written."""

from __future__ import annotations

import re

from bot.actions import periods
from bot.actions.document_words import asked, named_document
from bot.actions.lookup import Wanted
from bot.actions.turn import Turn
from bot.folding import fold, words
from bot.negation import denied_ticket
from bot.placeholders import Kind

SHORT = 4
"""So many words may be an answer to the assistant; more are part of what is written to the office."""

DANGER = "outage_danger"
YES_OR_NO = 2
QUESTION = 9
LONGEST_DENIAL = 16

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
_NOUN = r"(?:reklamacj|skarg|zazaleni|zapytani|zamowieni|dyspozycj)\w*"
_DENIED = re.compile(rf"\bnie (?:jest )?(?:to )?(?:zadn\w+ )?{_NOUN}")
_RATHER = re.compile(rf"\b(?:tylko|ale|lecz|a|to)(?: jest| raczej| jednak)? {_NOUN}")


def kind_of(text: str) -> str | None:
    """The kind of ticket that the words of a text mean."""
    folded = _DENIED.sub("", fold(text))
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(folded)), None)


def kind_named(turn: Turn) -> str | None:
    """The kind that a message is about: "raczej zapytanie", "to jednak zapytanie, a nie reklamacja"."""
    names = not turn.is_button and (
        is_short(turn) or (len(words(turn.text)) <= QUESTION and _RATHER.search(fold(turn.text)))
    )
    return kind_of(turn.text) if names else None


def ticket_named(turn: Turn) -> Wanted | None:
    """The ticket that was chosen, or whose number was typed."""
    if chosen := turn.entity("ticket"):
        return {"ticket": chosen}
    if numbers := turn.values(Kind.NUMBER, Kind.CODE):
        return {"number": str(numbers[0])}
    match = _TICKET_NUMBER.search(fold(turn.text))
    return {"number": match["bare"] or match[0]} if match else None


def document_meant(turn: Turn, *, asked_for: bool = False) -> Wanted | None:
    """How to find the document that a message means: by its number, its period, or as the one just shown.

    A period alone names a document only where one was asked for.
    """
    if turn.is_button:
        return None
    if named := named_document(turn):
        return named
    shown = turn.slot("wanted") or {}
    if shown.get("action") == "action_show_documents" and _THIS_DOCUMENT.search(fold(turn.text)):
        return asked(shown)
    said = periods.find(turn.text, turn.today) if asked_for or _DOCUMENT.search(fold(turn.text)) else None
    if said is None or said.period is None:
        return None
    return {"first": said.period.first.isoformat(), "last": said.period.last.isoformat()}


def wants_no_ticket(turn: Turn) -> bool:
    """Said shortly: in a long message it may be part of the matter. "To nie skarga, tylko zapytanie" wants another."""
    if turn.is_button or len(words(turn.text)) > LONGEST_DENIAL:
        return False
    return denied_ticket(turn.text) is not None and not _RATHER.search(fold(turn.text))


def is_short(turn: Turn) -> bool:
    return turn.is_button or len(words(turn.text)) <= SHORT


def says_done(turn: Turn) -> bool:
    return turn.intent in ("send_it", "affirm", "deny", "goodbye") and is_short(turn)


def speaks_to_us(turn: Turn) -> bool:
    """Whether the message is meant for the assistant and not for the office: a short order or question."""
    if turn.intent in ("cancel", "ask_person", "send_it", "repeat", "thanks") and is_short(turn):
        return True
    if turn.intent in ("affirm", "deny") and len(words(turn.text)) <= YES_OR_NO:
        return True
    topic = (turn.action_for(turn.intent) or "").startswith("utter_")
    return topic and "?" in turn.text and len(words(turn.text)) <= QUESTION
