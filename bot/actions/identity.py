"""Confirming who is talking: an e-mail address or login, then the code that was sent to the registered address."""

from __future__ import annotations

import re
from typing import Any

from bot.actions.backend import Refused
from bot.actions.draft import FORM, forget_draft, go_on_with_draft
from bot.actions.form import Form
from bot.actions.task import Task
from bot.actions.turn import FALLBACK, WEB, Button, Turn
from bot.folding import fold
from bot.placeholders import Kind

IDENTIFIERS = (Kind.EMAIL, Kind.LOGIN, Kind.PESEL, Kind.NIP, Kind.NUMBER, Kind.PHONE, Kind.CODE)
"""What may be an e-mail address or a login, the likeliest first: the kind of a value is only a guess."""

CODES = (Kind.CODE, Kind.NUMBER, Kind.PHONE)

IDENTIFIER, CODE, CUSTOMER = "identifier", "code", "customer"

_WHY = re.compile(
    r"\b(?:po co|na co|do czego|dlaczego|czemu|w jakim celu)\b.*\b(?:kod|e?mail|mejl|login|adres|podawac|podac)\w*"
    r"|\b(?:po co|na co|do czego)(?: (?:wam|ci|to|wszystko))+\W*$"
)
_NO_LETTER = re.compile(
    r"\bnie (?:ma|mam|widze|dosta\w+|przysz\w+|doszed\w*|dosz\w+|dotar\w+)\b.*\b(?:kod|e?mail|mejl|wiadomosc|sms)\w*"
    r"|\b(?:nic )?nie (?:przysz\w+|przychodzi|doszed\w*|dosz\w+|dotar\w+)(?: jeszcze| nic)?\W*$"
    r"|\bgdzie (?:jest )?(?:ten )?(?:kod|mail|mejl)"
)
_MAY_BE_OF_THE_FORM = frozenset(
    (
        FALLBACK,
        "affirm",
        "deny",
        "security",
        "show_my_data",
        "out_of_scope",
        "fraud_warning",
        "activation_link",
        "repeat",
    )
)
"""What a question about the form itself may be taken for."""


class IdentityForm(Form):
    form = "identity_form"

    def begin(self, turn: Turn) -> None:
        if identifier := turn.likeliest(IDENTIFIERS):
            self._send_code(turn, str(identifier))
        elif turn.channel != WEB and turn.ask_backend("identity/code")["sent"]:
            self._wait_for_code(turn, None)
        else:
            turn.say("say_ask_identifier")
            turn.wait_for(IDENTIFIER)

    def take(self, turn: Turn, step: str) -> bool:
        if sentence := self._explanation(turn, step):
            turn.say(sentence)
            self.ask(turn, step)
            turn.wait_for(step)
            return True
        if step == CUSTOMER:
            return self._take_customer(turn)
        if step == CODE:
            return self._take_code(turn)
        return self._take_identifier(turn, IDENTIFIERS)

    def _explanation(self, turn: Turn, step: str) -> str | None:
        """What is said of the form itself to who asks what it is for, or where the letter is."""
        if turn.intent not in _MAY_BE_OF_THE_FORM or turn.values(*IDENTIFIERS):
            return None
        text = fold(turn.text)
        if _WHY.search(text):
            return "say_why_identity"
        return "say_letter_on_its_way" if step == CODE and _NO_LETTER.search(text) else None

    def ask(self, turn: Turn, step: str) -> None:
        if step == CUSTOMER:
            turn.say("say_ask_customer", _customer_buttons(turn.slot("candidates") or []))
        else:
            turn.say("say_ask_code_again" if step == CODE else "say_ask_identifier_again")

    def leave(self, turn: Turn) -> None:
        super().leave(turn)
        turn.remember(identifier=None, candidates=None, after_identity=None)

    def give_up(self, turn: Turn) -> None:
        wanted = turn.slot("after_identity")
        super().give_up(turn)
        if wanted == FORM:
            forget_draft(turn)
        else:
            go_on_with_draft(turn)

    def _take_identifier(self, turn: Turn, kinds: tuple[Kind, ...]) -> bool:
        identifier = turn.likeliest(kinds)
        if identifier:
            self._send_code(turn, str(identifier))
        return identifier is not None

    def _send_code(self, turn: Turn, identifier: str) -> None:
        turn.ask_backend("identity/code", identifier=identifier)
        self._wait_for_code(turn, identifier)

    def _wait_for_code(self, turn: Turn, identifier: str | None) -> None:
        """`identifier` is None where the account is joined to a customer, who is known by that."""
        turn.remember(identifier=identifier, letter=self.form)
        turn.say("say_code_sent" if identifier else "say_code_sent_to_joined")
        turn.wait_for(CODE)

    def _take_code(self, turn: Turn) -> bool:
        if code := turn.likeliest(CODES):
            self._try_code(turn, str(code))
        elif self._take_identifier(turn, IDENTIFIERS):
            return True
        elif turn.intent == "resend_code":
            self._send_again(turn)
        elif turn.intent == "change_identifier":
            turn.say("say_ask_identifier_again")
            turn.wait_for(IDENTIFIER)
        else:
            return False
        return True

    def _send_again(self, turn: Turn) -> None:
        if identifier := turn.slot("identifier"):
            self._send_code(turn, str(identifier))
        elif turn.ask_backend("identity/code")["sent"]:
            self._wait_for_code(turn, None)
        else:
            turn.say("say_ask_identifier_again")
            turn.wait_for(IDENTIFIER)

    def _try_code(self, turn: Turn, code: str) -> None:
        try:
            answer = turn.ask_backend("identity/confirm", code=code)
        except Refused as refusal:
            turn.refused = refusal.reason
            turn.say(f"say_code_{refusal.reason}")
            turn.wait_for(CODE)
            return
        self._confirmed(turn, answer)

    def _take_customer(self, turn: Turn) -> bool:
        candidates = turn.slot("candidates") or []
        chosen = _chosen(turn, candidates)
        if chosen is None:
            return False
        try:
            answer = turn.ask_backend("identity/choose", candidate=chosen)
        except Refused as refusal:
            turn.refused = refusal.reason
            turn.say("say_code_expired")
            turn.wait_for(CODE)
            return True
        self._confirmed(turn, answer)
        return True

    def _confirmed(self, turn: Turn, answer: dict[str, Any]) -> None:
        if candidates := answer.get("candidates"):
            turn.remember(candidates=candidates)
            turn.say("say_ask_customer", _customer_buttons(candidates))
            turn.wait_for(CUSTOMER)
            return
        turn.remember(team=answer["team"])
        turn.say("say_identity_confirmed")
        wanted = turn.slot("after_identity")
        self.leave(turn)
        if wanted:
            turn.continue_with(wanted)


class ResendCode(Task):
    """Asked for a letter again, or elsewhere, where nothing is waited for: what sent the last one begins anew."""

    action = "action_resend_code"

    def perform(self, turn: Turn) -> None:
        turn.continue_with(turn.slot("letter") or IdentityForm.form)


class ChangeIdentifier(ResendCode):
    action = "action_change_identifier"


def _customer_buttons(candidates: list[dict[str, str]]) -> list[Button]:
    return [
        {"title": candidate["title"], "payload": f'/choose_customer{{"customer": "{index}"}}'}
        for index, candidate in enumerate(candidates)
    ]


def _chosen(turn: Turn, candidates: list[dict[str, str]]) -> int | None:
    number = turn.entity("customer")
    if number is not None and number.isdigit() and int(number) < len(candidates):
        return int(number)
    wanted = {"bok": "business", "cok": "individual"}.get(turn.entity("team") or "")
    if turn.intent in ("i_am_business", "i_am_individual"):
        wanted = turn.intent.removeprefix("i_am_")
    fitting = [index for index, candidate in enumerate(candidates) if candidate["kind"] == wanted]
    return fitting[0] if len(fitting) == 1 else None
