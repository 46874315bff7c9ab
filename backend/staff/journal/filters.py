"""The filters of the journal. All of them stand in the address and combine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sqlalchemy import ColumnElement

from backend.staff.conversations.filters import Kind, Wrong, day_of, midnight
from backend.staff.journal import subjects
from backend.staff.journal.names import NAMES
from backend.staff.models import Act, Member

LONGEST_SUBJECT = 400
NOBODY = "nikt"
"""Who did what the system does by itself, what a command line did, and a sign-in under an unknown login."""

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Field:
    """A filter: its name in the address, its label, and the acts that are wanted. `every` is for a choice not made."""

    name: str
    label: str
    kind: Kind
    narrow: Callable[[str], Condition]
    choice: Mapping[str, str] = field(default_factory=dict)
    every: str = ""
    hint: str = ""

    def options(self) -> Mapping[str, str]:
        return self.choice


@dataclass(frozen=True)
class Filters:
    """What was asked for. With `errors` (by field, as sentences) it must not be used."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    conditions: Sequence[Condition] = ()

    def query_string(self, **more: str) -> str:
        return urlencode({**self.values, **more})


def fields(members: Sequence[Member]) -> list[Field]:
    people = {str(one.id): _called(one) for one in sorted(members, key=lambda one: one.name)}
    kinds = dict(sorted(NAMES.items(), key=lambda one: one[1]))
    return [
        Field("od", "Od dnia", Kind.DAY, lambda value: Act.at >= midnight(day_of(value))),
        Field("do", "Do dnia", Kind.DAY, lambda value: Act.at < midnight(day_of(value) + dt.timedelta(days=1))),
        _choice("kto", "Kto", _by, people | {NOBODY: "nikt z biura"}, every="wszyscy"),
        _choice("co", "Co", lambda value: Act.kind == value, kinds, every="wszystko"),
        Field(
            "dotyczy",
            "Czego dotyczy",
            Kind.SEARCH,
            _about,
            hint="Cały numer zgłoszenia, telefonu lub rozmowy (k_…).",
        ),
    ]


def parse(given: Mapping[str, str], wanted: Sequence[Field]) -> Filters:
    values, errors, conditions = {}, {}, []
    for one in wanted:
        value = given.get(one.name, "").strip()
        if not value:
            continue
        values[one.name] = value
        try:
            conditions.append(one.narrow(value))
        except Wrong as wrong:
            errors[one.name] = str(wrong)
    if not errors and values.get("do", "9") < values.get("od", "0"):
        errors["do"] = "Ten dzień jest wcześniejszy niż „Od dnia”."
    return Filters(values, errors, conditions)


def _choice(name: str, label: str, narrow: Callable[[str], Condition], choice: Mapping[str, str], every: str) -> Field:
    def of_list(value: str) -> Condition:
        if value not in choice:
            raise Wrong("Wybierz coś z listy.")
        return narrow(value)

    return Field(name, label, Kind.CHOICE, of_list, choice, every)


def _called(member: Member) -> str:
    closed = ", konto zamknięte" if member.closed_at else ""
    return f"{member.name} ({member.login}){closed}"


def _by(value: str) -> Condition:
    return Act.member_id.is_(None) if value == NOBODY else Act.member_id == int(value)


def _about(value: str) -> Condition:
    if not value.isprintable() or len(value) > LONGEST_SUBJECT:
        raise Wrong("Wpisz numer zgłoszenia, telefonu albo rozmowy.")
    return Act.subject == subjects.meant(value)
