"""Writing a ticket: kind, who it is from, the matter in any number of messages, what it is about, and a last look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.actions.backend import Refused
from bot.actions.draft import (
    FORM,
    Draft,
    add_file,
    forget_draft,
    is_answered_at_once,
    note,
    wait_with_draft,
    written,
)
from bot.actions.form import Form
from bot.actions.lookup import FOLLOW_UP
from bot.actions.people import TEAM_OF
from bot.actions.ticket_words import (
    DANGER,
    QUESTION,
    document_meant,
    is_short,
    kind_named,
    kind_of,
    says_done,
    speaks_to_us,
    ticket_named,
    wants_no_ticket,
)
from bot.actions.tickets import ticket_buttons
from bot.actions.turn import Button, Turn
from bot.folding import words
from bot.placeholders import Kind

KIND, TEAM, CONTACT, TICKET, TEXT, ABOUT, CONFIRM = "kind", "team", "contact", "ticket", "text", "about", "confirm"

_WRITING = ("new_ticket", "add_to_ticket", "affirm", "deny", "cancel", "send_it", "out_of_scope")
"""Intents of a message that denies a ticket and asks for nothing else."""

SHOWN = 400
"""Characters of the matter that the summary repeats."""


class TicketForm(Form):
    form = FORM

    def perform(self, turn: Turn) -> None:
        try:
            super().perform(turn)
        except Refused as refusal:
            turn.refused = refusal.reason
            turn.end_form()
            turn.remember(after_identity=self.form)
            turn.continue_with("identity_form")

    def __init__(self) -> None:
        self._takers: dict[str, Callable[[Turn, Draft], bool]] = {
            KIND: self._take_kind,
            CONTACT: self._take_contact,
            TEAM: self._take_team,
            TICKET: self._take_ticket,
            TEXT: self._take_text,
            ABOUT: self._take_about,
            CONFIRM: self._take_confirm,
        }

    def begin(self, turn: Turn) -> None:
        draft: Draft = dict(turn.slot("ticket") or {"texts": [], "files": []})
        draft["resumed"] = draft.pop("waiting", False) or draft.get("resumed", False)
        draft["known"] = turn.ask_backend("tickets/known")["known"]
        self._go_on(turn, draft)

    def take(self, turn: Turn, step: str) -> bool:
        draft: Draft = dict(turn.slot("ticket") or {})
        if wants_no_ticket(turn):
            return False
        if turn.entity("file"):
            add_file(turn, draft)
            taken = True
        else:
            taken = self._takers[step](turn, draft) or self._take_another(turn, step, draft)
        if taken and draft.get("sent"):
            self.leave(turn)
        elif taken:
            self._go_on(turn, draft)
        return taken

    def _aside(self, turn: Turn, step: str) -> None:
        if wants_no_ticket(turn):
            self._give_up(turn)
        elif turn.intent == "attach_file":
            self.ask(turn, step)
            turn.wait_for(step)
        elif (step == TICKET and turn.intent == "add_to_ticket") or (
            turn.intent == FOLLOW_UP and not turn.slot("wanted")
        ):
            self._miss(turn, step, None)
        else:
            super()._aside(turn, step)

    def make_room(self, turn: Turn) -> None:
        """What is written stays: it goes on after an answer, or when a ticket is asked for again."""
        if not written(turn):
            self.leave(turn)
            return
        turn.remember(misses=0)
        turn.end_form()
        if is_answered_at_once(turn.intent):
            wait_with_draft(turn)
        elif turn.intent not in _WRITING:
            turn.say("say_ticket_put_aside")

    def _give_up(self, turn: Turn) -> None:
        """Drops the draft, since it is no matter for the office, and answers what is asked instead."""
        self.leave(turn)
        turn.say("say_no_ticket")
        action = turn.action_for(turn.intent)
        if action and turn.intent not in _WRITING:
            turn.continue_with(action)

    def ask(self, turn: Turn, step: str) -> None:
        if step == TEXT and written(turn):
            turn.say("say_ticket_go_on")
        else:
            self._ask(turn, step, turn.slot("ticket") or {})

    def leave(self, turn: Turn) -> None:
        super().leave(turn)
        forget_draft(turn)

    def _go_on(self, turn: Turn, draft: Draft) -> None:
        turn.remember(ticket=draft)
        self._resolve(turn, draft)
        step = _missing(draft, turn.slot("team"))
        turn.remember(ticket=draft)
        self._ask(turn, step, draft)
        draft.pop("resumed", None)
        turn.wait_for(step)

    def _resolve(self, turn: Turn, draft: Draft) -> None:
        """Finds the document or the ticket that the customer's words mean."""
        if (meant := draft.get("meant")) and draft["known"]:
            found = turn.ask_backend("documents", **meant)["documents"]
            if len(found) == 1:
                draft["about"] = {"document": found[0]["number"]}
        if named := draft.get("named"):
            tickets = turn.ask_backend("tickets", **named)["tickets"]
            if len(tickets) == 1:
                draft["to"] = tickets[0]
            else:
                turn.say("say_no_such_ticket")
        draft.pop("meant", None)
        draft.pop("named", None)

    # What is asked

    def _ask(self, turn: Turn, step: str, draft: Draft) -> None:
        own = {TICKET: self._ask_ticket, TEXT: self._ask_text, ABOUT: self._ask_about, CONFIRM: self._ask_confirm}
        if step in own:
            own[step](turn, draft)
        else:
            turn.say(f"say_ask_ticket_{step}")

    def _ask_ticket(self, turn: Turn, draft: Draft) -> None:
        if draft.get("file_first") and not draft.get("known"):
            turn.say("say_whose_file")
            return
        tickets = turn.ask_backend("tickets")["tickets"]
        new = {"title": "Nowe zgłoszenie", "payload": "/new_ticket"}
        turn.say(
            "say_which_ticket" if tickets else "say_no_ticket_to_add_to",
            [*ticket_buttons(tickets, "add_to_ticket"), new],
        )

    def _ask_text(self, turn: Turn, draft: Draft) -> None:
        if draft["texts"] or draft["files"]:
            turn.say("say_ticket_go_on" if draft.get("resumed") else "say_ticket_noted")
        else:
            turn.say("say_ask_addition" if "to" in draft else f"say_ask_{draft['kind']}")

    def _ask_about(self, turn: Turn, draft: Draft) -> None:
        documents = turn.ask_backend("documents")["documents"][:4]
        contracts = turn.ask_backend("energy/contracts")["contracts"][:3]
        buttons: list[Button] = [
            {"title": one["title"], "payload": f'/new_ticket{{"{name}": "{one["number"]}"}}'}
            for name, every in (("document", documents), ("contract", contracts))
            for one in every
        ]
        turn.say("say_ask_ticket_about", [*buttons, {"title": "Żadnego z nich", "payload": "/deny"}])

    def _ask_confirm(self, turn: Turn, draft: Draft) -> None:
        names, kinds = (turn.words_of("say_ticket_summary")[name] for name in ("names", "kinds"))
        text = "\n".join(draft["texts"]).replace("$", "$$")
        to = draft.get("to")
        about = [f"{names[name]} {number}" for name, number in (draft.get("about") or {}).items()]
        facts = {
            "kind": "" if to else kinds[draft["kind"]],
            "ticket": to["number"] if to else "",
            "about": "".join(about),
            "text": f"{text[:SHOWN]}…" if len(text) > SHOWN else text,
            "files": str(len(draft["files"]) or ""),
            "talk": names["attached"] if draft.get("talk") else "",
        }
        items = [{"name": names[name], "value": value} for name, value in facts.items() if value]
        has_document = draft["known"] and not to
        turn.say_list("say_ticket_summary" if has_document else "say_short_summary", items)

    # What is answered

    def _take_kind(self, turn: Turn, draft: Draft) -> bool:
        draft["kind"] = turn.entity("ticket_kind") or (None if turn.is_button else kind_of(turn.text))
        return bool(draft["kind"])

    def _take_contact(self, turn: Turn, draft: Draft) -> bool:
        if turn.entity("who"):
            raise Refused("identity_required")
        if emails := turn.values(Kind.EMAIL):
            draft["email"] = str(emails[0])
        return self._take_team(turn, draft) or bool(emails)

    def _take_team(self, turn: Turn, draft: Draft) -> bool:
        team = TEAM_OF.get(turn.intent) or turn.entity("team")
        if team:
            draft["team"] = team
            turn.remember(team=team)
        return bool(team)

    def _take_ticket(self, turn: Turn, draft: Draft) -> bool:
        if turn.entity("who"):
            draft.pop("file_first", None)
            turn.remember(ticket=draft)
            raise Refused("identity_required")
        if turn.intent == "new_ticket":
            for name in ("to", "file_first"):
                draft.pop(name, None)
            draft["kind"] = turn.entity("ticket_kind") or kind_of(turn.text)
            return True
        draft["named"] = ticket_named(turn)
        return draft["named"] is not None

    def _take_text(self, turn: Turn, draft: Draft) -> bool:
        if says_done(turn) and (draft["texts"] or draft["files"]):
            draft["finished"] = True
            return True
        if turn.is_button or speaks_to_us(turn):
            return False
        if turn.intent == DANGER:
            turn.say(f"utter_{DANGER}")
        note(turn, draft)
        return True

    def _take_another(self, turn: Turn, step: str, draft: Draft) -> bool:
        """Another kind for what is written. Who wants to write a new ticket while writing one goes on with it."""
        if step == TEXT and not turn.is_button:
            return False
        if not (turn.intent == "new_ticket" and is_short(turn) and step != TICKET):
            return _takes_another_kind(turn, draft)
        draft.pop("to", None)
        draft["kind"] = turn.entity("ticket_kind") or kind_named(turn) or draft.get("kind")
        if turn.entity("talk"):
            draft["talk"] = True
        return True

    def _take_about(self, turn: Turn, draft: Draft) -> bool:
        if turn.intent in ("deny", "send_it"):
            draft["about"] = None
            return True
        chosen = {name: value for name in ("document", "contract") if (value := turn.entity(name))}
        if chosen:
            draft["about"] = chosen
        elif meant := document_meant(turn, asked_for=True):
            draft["meant"] = meant
        return bool(chosen or meant)

    def _take_confirm(self, turn: Turn, draft: Draft) -> bool:
        if turn.intent in ("affirm", "send_it") and is_short(turn):
            return self._send(turn, draft)
        if part := turn.entity("part"):
            draft |= {"texts": [], "finished": False} if part == TEXT else {}
            if part == ABOUT:
                draft.pop("about", None)
                draft["choose_about"] = True
            return True
        if turn.is_button or (turn.intent in ("cancel", "deny", "ask_person") and is_short(turn)):
            return False
        return self._correct(turn, draft)

    def _correct(self, turn: Turn, draft: Draft) -> bool:
        """Another kind or document for what is written, or more to it: what was written stays."""
        brief = len(words(turn.text)) <= QUESTION
        if brief and draft["known"] and (meant := document_meant(turn)):
            draft["meant"] = meant
        elif _takes_another_kind(turn, draft):
            pass
        elif speaks_to_us(turn) or is_short(turn):
            return False
        else:
            note(turn, draft)
        return True

    def _send(self, turn: Turn, draft: Draft) -> bool:
        try:
            if "to" in draft:
                turn.ask_backend("tickets/add", ticket=draft["to"]["number"], **_content(draft))
                turn.say("say_added_to_ticket", number=draft["to"]["number"])
            else:
                answer = turn.ask_backend("tickets/open", **_content(draft), **_heading(draft, turn.slot("team")))
                turn.say("say_ticket_sent" if draft["known"] else "say_ticket_sent_to_stranger", **answer)
        except Refused as refusal:
            if refusal.reason == "identity_required":
                raise
            turn.refused = refusal.reason
            turn.say(f"say_ticket_{refusal.reason}")
        draft["sent"] = True
        return True


def _missing(draft: Draft, team: str | None) -> str:
    """What is asked next."""
    steps = _missing_for_addition(draft) if "to" in draft else _missing_for_new(draft, team)
    return next((step for step, is_open in steps.items() if is_open), CONFIRM)


def _missing_for_addition(draft: Draft) -> dict[str, bool]:
    return {TICKET: not draft["to"], TEXT: not draft.get("finished")}


def _missing_for_new(draft: Draft, team: str | None) -> dict[str, bool]:
    stranger = not draft["known"]
    wants_about = not stranger and (draft["kind"] == "complaint" or bool(draft.get("choose_about")))
    return {
        KIND: not draft["kind"],
        CONTACT: stranger and not draft.get("email"),
        TEAM: stranger and not (draft.get("team") or team),
        TEXT: not draft.get("finished"),
        ABOUT: wants_about and "about" not in draft,
    }


def _heading(draft: Draft, team: str | None) -> dict[str, Any]:
    sender = {} if draft["known"] else {"email": draft["email"], "team": draft.get("team") or team}
    return {**(draft.get("about") or {}), **sender, "kind": draft["kind"], "talk": bool(draft.get("talk"))}


def _content(draft: Draft) -> dict[str, Any]:
    return {"texts": draft["texts"], "files": draft["files"]}


def _takes_another_kind(turn: Turn, draft: Draft) -> bool:
    kind = None if "to" in draft else kind_named(turn)
    if kind:
        draft["kind"] = kind
    return kind is not None
