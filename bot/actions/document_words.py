"""What a message says of documents: by number, by period, by place in the list, or as the one beside what was shown."""

from __future__ import annotations

import re

from bot.actions import ordinals, periods
from bot.actions.lookup import FOLLOW_UP, Wanted
from bot.actions.turn import Turn
from bot.folding import fold, words
from bot.placeholders import PATTERN, Kind

ABOUT_DOCUMENTS = ("action_show_documents", "action_pay_document")
NOT_ASKED = ("action", "listed", "both", "choosing")
"""What is remembered for the next message and is nothing to the backend."""

SHORT = 6
"""Words of a message that can point at something on the screen."""

_KINDS = {
    "correction": re.compile(r"\bkor(?:ekt|yguj)\w*"),
    "interest_note": re.compile(r"\bnot(?:a|y|e|ki|ka|ke)?\b|\bodsetk\w*"),
}
_UNPAID = re.compile(
    r"\bnie\s?(?:za|o)p[la]\w*|\bnieuregul\w*|\bzaleg\w*|\bprzetermin\w*|\bpo terminie\b|\bdo zaplaty\b"
)
_OVERDUE = re.compile(r"\bprzetermin\w*|\bpo terminie\b|\bspoznion\w*|\bzaleg\w*")
_EVERYTHING = re.compile(r"\b(?:wszystki\w+|wszystko)\b")
_LATEST = re.compile(r"\b(?:przed)?ostatni(?:a|ej|ego|e|o|m|ch)?\b|\bnajnowsz\w*|\bbiezac\w*|\baktualn\w*")
_NOUN = r"(?:faktur\w*|rachun\w*|dokument\w*|not[aey]?|korekt\w*)"
_SEVERAL_LATEST = re.compile(
    r"\bostatni(?:e|ch)\s+(?:\w+\s+)?(?:faktur|fakt\w+y|rachunk\w+|dokument\w+|not|noty|korekt)\b"
)

_SIGN = r"(?:fvs?|fs|fk|fa|kor|no|nk)"
_NUMBER = re.compile(
    rf"\b(?!no \d{{1,3}}\b){_SIGN}(?:[\s/.-]*\d+)+(?:[/-]\w+)*|\b(?:[a-z]{{1,5}}/)+[\w/-]*\d[\w/-]*"
    r"|\b(?:nr|numer\w*|numerze)[\s:.]*(?P<bare>\d[\d/\s-]*\d)"
)
_HIDDEN_NUMBER = re.compile(rf"\b(?:{_SIGN}|{_NOUN}|nr|numer\w*)[\s:./-]*(?P<hidden>{PATTERN.pattern})")
_MONTH_ALONE = re.compile(r"[a-z]*[\s/.-]*(?P<month>\d{1,2}[\s/.-]+20\d\d|20\d\d(?:[\s/.-]+\d{1,2})?)")

_THIS_ONE = re.compile(r"\b(?:to|ja|te|ta|ten|tego|tej|go|niej|nia|powyzsz\w+)\b")
_NOT_THIS_ONE = re.compile(r"\bnie (?:o )?(?:to|te|ta|ten|tego|tej)\b")
_OLDER = re.compile(
    r"\b(?:poprzedni\w*|wczesniejsz\w+|starsz\w+|przedostatni\w*)\b|^(?:a |i )?(?:jeszcze )?wczesniej\W*$"
)
_NEWER = re.compile(r"\b(?:nastepn\w+|kolejn\w+|nowsz\w+|pozniejsz\w+)\b")
_OF_LIST = re.compile(r"\b(?:list\w+|liscie|od (?:konca|dolu)|na dole|z tych|t[ae] ostatni\w+)\b")
_ELSEWHERE = re.compile(r"\b(?:punk\w+|adres\w*|licznik\w*|mieszkan\w*|dom\w*|dzialk\w*|garaz\w*|umow\w*)\b")


def narrowed(text: str, kept: Wanted) -> Wanted:
    """`kept` with the kind, or as unpaid or overdue, as a folded text says."""
    kinds = [kind for kind, pattern in _KINDS.items() if pattern.search(text)]
    if _OVERDUE.search(text):
        return {"unpaid": True, "overdue": True}
    if _UNPAID.search(text):
        return {"unpaid": True}
    if kinds:
        return {"kind": kinds[0]}
    return {} if _EVERYTHING.search(text) else kept


def latest(text: str) -> int:
    """How many of the newest documents a folded text asks for; 0 where it asks for none in particular."""
    last = [-number for number in ordinals.numbers(text) if number < 0]
    if not _LATEST.search(text) or (max(last, default=1) == 1 and _SEVERAL_LATEST.search(text)):
        return 0
    return max(last, default=1)


def asked(wanted: Wanted) -> Wanted:
    """What the backend is asked: the one document that was shown, or else what narrows the list."""
    if one := wanted.get("one"):
        return {"documents": [one]}
    return {name: value for name, value in wanted.items() if name not in NOT_ASKED}


def named_document(turn: Turn) -> Wanted | None:
    """The document that was chosen or whose number was typed, with the period that stands beside the number."""
    if chosen := turn.entity("document"):
        return {"documents": [chosen]}
    text = fold(turn.text)
    if match := _HIDDEN_NUMBER.search(text):
        return {"number": match["hidden"]} | _period(text.replace(match["hidden"], " "), turn)
    if match := _NUMBER.search(text):
        if alone := _MONTH_ALONE.fullmatch(match[0].strip()):
            return _period(re.sub(r"[\s/.-]+", "-", alone["month"]), turn) or None
        return {"number": match["bare"] or match[0]} | _period(text.replace(match[0], " "), turn)
    # A code that confirms who it is may come with the request.
    numbers = turn.values(Kind.NUMBER) if re.search(r"\bkod\w*", text) else turn.values(Kind.NUMBER, Kind.CODE)
    return {"number": str(numbers[0])} if numbers and turn.intent != FOLLOW_UP else None


def document_shown(turn: Turn) -> Wanted | None:
    """The documents that a short message points at: by their place in the list, or as the one beside the one shown."""
    kept = turn.slot("wanted") or {}
    text = fold(turn.text)
    points = len(words(text)) <= SHORT and not (periods.looks_like_time(text) or _ELSEWHERE.search(text))
    if kept.get("action") not in ABOUT_DOCUMENTS or turn.is_button or not points:
        return None
    if places := _places(turn.intent, text, kept.get("listed") or []):
        return {"documents": places, "listed": kept["listed"]}
    if one := kept.get("one"):
        for name, pattern in (("older_than", _OLDER), ("newer_than", _NEWER)):
            if pattern.search(text):
                return {name: one}
    return None


def this_document(turn: Turn) -> Wanted | None:
    """The one document that was just shown, where a message says "this one"."""
    kept = turn.slot("wanted") or {}
    says = _THIS_ONE.search(_NOT_THIS_ONE.sub(" ", fold(turn.text)))
    one = kept.get("one") if kept.get("action") in ABOUT_DOCUMENTS else None
    return {"documents": [one]} if one and says else None


def _places(intent: str, text: str, listed: list[str]) -> list[str]:
    """What stands in the places that are named; the list again where it has none of them.

    The last one is the last of the list only where the list is meant: otherwise it is the newest.
    """
    is_newest = _LATEST.search(text) and not _OF_LIST.search(text) and (intent != FOLLOW_UP or re.search(_NOUN, text))
    if is_newest or not ordinals.numbers(text):
        return []
    return [listed[place] for place in ordinals.places(text, len(listed))] or listed


def _period(text: str, turn: Turn) -> Wanted:
    said = periods.find(text, turn.today)
    if said is None or said.period is None:
        return {}
    return {"first": said.period.first.isoformat(), "last": said.period.last.isoformat()}
