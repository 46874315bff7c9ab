"""A conversation as a dialogue test: the customer does again what was done, with made-up values, and reads the same."""

from __future__ import annotations

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository as chat
from backend.chat.dialogue import FALLBACK
from backend.chat.models import Conversation, TurnRecord
from backend.clock import WARSAW
from backend.staff.conversations import belonging, replay
from backend.staff.conversations.masking import plain
from backend.staff.conversations.replay import Turn
from backend.staff.conversations.source import call, literal
from backend.wording import Wording
from bot.placeholders import PATTERN, Kind, holds_placeholder, parse

_SHORTEST, _LONGEST = 10, 80
"""Characters of an answer that are expected."""

_BY_CHANCE = ("say_wait", "say_apology")
"""What is said when something takes long or fails."""

_SAMPLES = {
    Kind.PHONE: "500 000 123",
    Kind.PESEL: "45871201235",
    Kind.NIP: "9990001002",
    Kind.IBAN: "PL61 1090 1014 0000 0712 1981 2874",
    Kind.CARD: "4111 1111 1111 1111",
    Kind.CODE: "000000",
    Kind.PASSWORD: "Tajne!123",
    Kind.NUMBER: "1234567890",
}
"""Values of nobody, each of which is taken for its kind."""

_RIGHT_CODE = "\0"
"""Stands for the code that the customer got, which each run makes anew; nobody can type it."""

_PEOPLE = {
    "cok": {Kind.EMAIL: "helena.mroz@poczta.example", Kind.LOGIN: "hmroz"},
    "bok": {Kind.EMAIL: "biuro@tartak.example", Kind.LOGIN: "tartak"},
}
"""Customers of the demonstration data, by team."""


async def write(session: AsyncSession, wording: Wording, conversation_id: str) -> str | None:
    """The text of a Python file; None where there is no such conversation."""
    conversation = await chat.conversation(session, conversation_id)
    if conversation is None:
        return None
    records = await chat.records(session, conversation_id)
    team = (await belonging.of(session, conversation_id)).team or "cok"
    script = _Script(wording, _PEOPLE[team], await replay.turns(session, conversation_id))
    return script.written(conversation, [records[seq] for seq in sorted(records)])


class _Script:
    def __init__(self, wording: Wording, person: dict[Kind, str], turns: list[Turn]) -> None:
        self._person, self._turns = person, turns
        self._by_chance = {wording.fill(wording.sentence(name)["text"], None) for name in _BY_CHANCE}
        settings = sorted((re.escape(value) for value in wording.values.values() if value), key=len, reverse=True)
        self._differs = re.compile("|".join((PATTERN.pattern, r"\n", *settings)))

    def written(self, conversation: Conversation, records: list[TurnRecord]) -> str:
        lines = [line for index, turn in enumerate(self._turns) for line in self._steps(index, turn)]
        known = any("CUSTOMER" in line for line in lines)
        return "\n".join(
            [
                f'"""Saved from a conversation of {conversation.opened_at.astimezone(WARSAW):%d %B %Y}."""',
                "",
                "from __future__ import annotations",
                "",
                "from tests.support.system import Customer, System",
                "",
                *([f"CUSTOMER = {literal(self._person[Kind.EMAIL])}", ""] if known else []),
                "",
                f"def {_function_name(records)}(system: System) -> None:",
                *lines,
                "",
            ]
        )

    def _steps(self, index: int, turn: Turn) -> list[str]:
        if turn.is_file:
            return [f"    # Here the customer sent a file: {turn.text}."]
        expected = [fragment for event in turn.answers if (fragment := self._fragment(event.body["text"]))]
        name = self._name(index)
        given = f"{name} = " if expected or self._takers(index) else ""
        doing = self._opening(given) if index == 0 else self._doing(turn, given)
        return [*doing, *(f"    assert {literal(fragment)} in {name}.text" for fragment in expected)]

    def _opening(self, given: str) -> list[str]:
        if not self._turns[0].confirms:
            return ["    customer = Customer(system.url)", f"    {given}customer.open()"]
        return [
            "    customer = Customer(system.url, system.signed_in(CUSTOMER).http)",
            '    customer.http.headers["Origin"] = system.url',
            f"    {given}customer.open()",
        ]

    def _doing(self, turn: Turn, given: str) -> list[str]:
        if turn.offered is None:
            return self._saying(turn, given)
        index, place = turn.offered
        name, titles = self._name(index), self._turns[index].titles
        title = titles[place]
        says_which = titles.count(title) == 1 and not holds_placeholder(title)
        which = literal(title) if says_which else f"{name}.titles[{place}]"
        return [f"    {given}customer.choose({name}.choice({which}))"]

    def _saying(self, turn: Turn, given: str) -> list[str]:
        def sample(match: re.Match[str]) -> str:
            kind = parse(match).kind
            if kind is Kind.CODE and turn.confirms:
                return _RIGHT_CODE
            return self._person.get(kind) or _SAMPLES.get(kind, plain(match[0]))

        text = PATTERN.sub(sample, turn.text)
        if text == _RIGHT_CODE:
            return [f"    {given}customer.say(system.latest_code(CUSTOMER))"]
        if _RIGHT_CODE in text:
            written = literal(text, braces=True).replace(repr(_RIGHT_CODE)[1:-1], "{system.latest_code(CUSTOMER)}")
            return [f"    {given}customer.say(f{written})"]
        return call(f"{given}customer.say", text)

    def _name(self, index: int) -> str:
        """Most answers are `reply`; one whose choice is taken later than in the next turn keeps a name of its own."""
        return f"reply_{index}" if any(taker > index + 1 for taker in self._takers(index)) else "reply"

    def _takers(self, index: int) -> list[int]:
        """The turns that took a choice of this one."""
        return [taker for taker, turn in enumerate(self._turns) if turn.offered and turn.offered[0] == index]

    def _fragment(self, text: str) -> str | None:
        """The first words of an answer that are the same for everybody."""
        if text in self._by_chance:
            return None
        found = (part.strip(" .,:;") for part in self._differs.sub("\n", text).split("\n"))
        first = next((part for part in found if len(part) >= _SHORTEST), None)
        return first if first is None or len(first) <= _LONGEST else first[:_LONGEST].rpartition(" ")[0]


def _function_name(records: list[TurnRecord]) -> str:
    """Says what the conversation was about."""
    names = dict.fromkeys(str(record.intents[0]["name"]) for record in records if record.intents)
    words = [re.sub(r"\W", "_", name, flags=re.ASCII) for name in names if name != FALLBACK][:3]
    return f"test_{'_then_'.join(words)}" if words else "test_saved_conversation"
