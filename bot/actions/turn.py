"""What an action sees of the message it answers, and what it may do about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import backend
from bot.placeholders import MARK, Kind, Placeholder, find

Button = dict[str, str]
WEB = "web"
FALLBACK = "nlu_fallback"
MISSES_BEFORE_PERSON = 3
"""So many messages in a row that are not understood lead to a person."""


class Turn:
    """One message and the answer to it, as far as one action is concerned."""

    def __init__(self, tracker: Tracker, domain: dict[str, Any], action: str) -> None:
        self._tracker = tracker
        self._domain = domain
        self._action = action
        self._dispatcher = CollectingDispatcher()
        self.events: list[dict[str, Any]] = []
        self.refused: str | None = None

    @property
    def _metadata(self) -> dict[str, Any]:
        return dict(self._tracker.latest_message.get("metadata") or {})

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self._dispatcher.messages

    # What was said

    @property
    def text(self) -> str:
        return (self._tracker.latest_message.get("text") or "").removeprefix(MARK)

    @property
    def intent(self) -> str:
        return str(self._tracker.latest_message.get("intent", {}).get("name") or "")

    @property
    def is_choice(self) -> bool:
        """Whether a choice was taken that says more than what it is about."""
        return self.is_button and bool(self._tracker.latest_message.get("entities"))

    @property
    def likely_intents(self) -> list[tuple[str, float]]:
        """The intents that come into question with their confidence, the likeliest first."""
        ranking = self._tracker.latest_message.get("intent_ranking", [])
        return [(str(entry["name"]), float(entry["confidence"])) for entry in ranking if entry["name"] != FALLBACK]

    @property
    def is_button(self) -> bool:
        """Whether a choice was taken and nothing typed."""
        return self.text.startswith("/")

    @property
    def now(self) -> dt.datetime:
        """The conversation's time, in its zone, which the backend gives."""
        return dt.datetime.fromisoformat(self._metadata["now"])

    @property
    def channel(self) -> str:
        """`web`, or the name of a platform."""
        return str(self._metadata.get("channel", WEB))

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def values(self, *kinds: Kind) -> list[Placeholder]:
        """Personal values in the message, in order; all kinds where none is named."""
        return [value for value in find(self.text) if not kinds or value.kind in kinds]

    def likeliest(self, kinds: tuple[Kind, ...]) -> Placeholder | None:
        """The first value in the message of the likeliest kind; `kinds` begins with it."""
        return min(self.values(*kinds), key=lambda value: kinds.index(value.kind), default=None)

    def entity(self, name: str) -> str | None:
        return next(self._tracker.get_latest_entity_values(name), None)

    def slot(self, name: str) -> Any:
        return self._tracker.get_slot(name)

    @property
    def misses_in_a_row(self) -> int:
        """How many messages, this one included, were not understood one after another.

        What a form could use counts as understood: it has set the slot `misses` back behind the message.
        """
        count = 0
        for event in reversed(self._tracker.events):
            if event["event"] == "slot" and event["name"] == "misses" and event["value"] == 0:
                break
            if event["event"] == "user":
                if event["parse_data"]["intent"]["name"] != FALLBACK:
                    break
                count += 1
        return count

    @property
    def active_form(self) -> str | None:
        return (self._tracker.active_loop or {}).get("name")

    # What is done about it

    def ask_backend(self, path: str, **body: Any) -> dict[str, Any]:
        """Asks the internal API on behalf of this conversation and turn (see `backend.call`)."""
        caller = {
            "conversation": self._tracker.sender_id,
            "turn": self._metadata.get("turn", ""),
            "action": self._action,
        }
        return backend.call(path, caller | body)

    def say(self, response: str, buttons: list[Button] | None = None, **values: Any) -> None:
        """Says a sentence of the domain, its variables filled with facts and placeholders.

        A sentence that was said in the answer before is said in other words where the domain has some (`…_again`).
        `rows` become a table, `file` a link and `picture` an image; their words stand in the sentence's metadata.
        """
        again = f"{response}_again"
        if again in self._domain["responses"] and response in self._said_before():
            response = again
        self._dispatcher.utter_message(response=response, buttons=buttons, **values)

    def repeat_answer(self) -> bool:
        """Says again what was said in answer to the message before; False where nothing was."""
        answer = self._answer_before()
        for event in answer:
            buttons = (event.get("data") or {}).get("buttons")
            self._dispatcher.utter_message(text=event["text"], buttons=buttons, **_as_said(event["metadata"]))
        return bool(answer)

    def _answer_before(self) -> list[dict[str, Any]]:
        """The bot events of the answer to the message before this one."""
        before = [event for event in self._tracker.events if event["event"] in ("user", "bot")]
        while before and before[-1]["event"] == "user":
            before.pop()
        last_question = max((n for n, event in enumerate(before) if event["event"] == "user"), default=-1)
        return before[last_question + 1 :]

    def _said_before(self) -> set[str | None]:
        return {event["metadata"].get("utter_action") for event in self._answer_before()}

    def say_list(
        self, response: str, items: list[dict[str, Any]], buttons: list[Button] | None = None, **values: Any
    ) -> None:
        """Says a sentence in which {list} is a line for each item, written as the sentence's metadata has it."""
        line = self.words_of(response)["line"]
        self.say(response, buttons, list="\n".join(line.format(**item) for item in items), **values)

    def remember(self, **slots: Any) -> None:
        self.events += [SlotSet(name, value) for name, value in slots.items()]

    def wait_for(self, step: str) -> None:
        """Keeps the form open, waiting for `step`."""
        self.remember(requested_slot=step)

    def end_form(self) -> None:
        self.events += [SlotSet("requested_slot", None), ActiveLoop(None)]

    def continue_with(self, action: str) -> None:
        self.events.append(FollowupAction(action))

    def hand_over(self) -> None:
        """Leads to a person where the assistant cannot help, and begins to count anew."""
        self.remember(misses=0)
        self.say("say_hand_over")
        self.continue_with("action_ask_person")

    # The assistant's repertoire

    def words_of(self, response: str) -> dict[str, Any]:
        """The words that a sentence of the domain brings along in its metadata."""
        return dict(self._domain["responses"][response][0]["metadata"])

    def action_for(self, intent: str) -> str | None:
        """What answers an intent: the sentence named after it, or the action."""
        if f"utter_{intent}" in self._domain["responses"]:
            return f"utter_{intent}"
        return f"action_{intent}" if f"action_{intent}" in self._domain["actions"] else None

    def title_of(self, intent: str) -> str | None:
        """The human name of a topic or task, where it has one."""
        for response in self._domain["responses"].get(f"utter_{intent}", []):
            if title := response.get("metadata", {}).get("title"):
                return str(title)
        return TITLES.get(intent)


def _as_said(metadata: dict[str, Any]) -> dict[str, Any]:
    """What an answer had beside its text and buttons."""
    return {name: metadata[name] for name in ("metadata", "rows", "file", "picture") if name in metadata}


TITLES = {
    "ask_balance": "Moje saldo",
    "show_documents": "Moje faktury",
    "pay_document": "Zapłata za fakturę",
    "show_payments": "Moje wpłaty",
    "show_contracts": "Moje umowy",
    "show_points": "Moje punkty poboru",
    "show_my_data": "Moje dane",
    "new_ticket": "Nowe zgłoszenie",
    "show_tickets": "Moje zgłoszenia",
    "add_to_ticket": "Dopisz do zgłoszenia",
    "ask_callback": "Telefon od nas",
    "show_consumption": "Moje zużycie",
    "ask_person": "Pomoc konsultanta",
    "forgotten_login": "Przypomnij login",
    "forgotten_password": "Nowe hasło",
}
