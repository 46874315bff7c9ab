"""The filters of conversations: one table that list, figures and export go by. All of them stand in the address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVarTuple, Unpack
from urllib.parse import urlencode

from sanic import Request
from sqlalchemy import ColumnElement, Select

from backend.clock import WARSAW
from backend.customers import service as customers
from backend.problems import Problem
from backend.staff import titles
from backend.staff.conversations.lemmas import Lemmas
from backend.staff.conversations.models import ASSUMED, CONFIRMED, Summary
from backend.staff.conversations.reviews import LONGEST_TAG, STATE_NAMES, as_tag
from backend.staff.conversations.search import facet, held
from backend.staff.conversations.tasks import OUTCOMES, STEPS, TASKS
from backend.staff.guard import office_of
from backend.staff.schemas import Colleague, Did, Right

LONGEST_SEARCH = 200
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 1, 1)

_NAME = re.compile(r"[a-z_]{1,60}")
_PERCENT = re.compile(r"(\d{1,3})\s?%?")
_NUMBER = re.compile(r"[A-Za-z0-9/-]{1,40}")

Condition = Callable[[type[Summary]], ColumnElement[bool]]
Columns = TypeVarTuple("Columns")


class Kind(StrEnum):
    """How a field of the form looks."""

    SEARCH = "search"
    DAY = "date"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"


class Wrong(Exception):
    """What was given cannot be filtered by; the message is a sentence for people."""


@dataclass(frozen=True)
class Narrowing:
    """What a filter asks for: words that must occur, a span of the last activity, and what only the row tells."""

    words: tuple[str, ...] = ()
    span: Condition | None = None
    row: Condition | None = None


@dataclass(frozen=True)
class Field:
    """A filter: its name in the address, its label, and how what is given narrows. `common` ones are always in view."""

    name: str
    label: str
    kind: Kind
    narrow: Callable[[str, Lemmas], Narrowing]
    options: Callable[[], Mapping[str, str]] = dict
    right: Right = Right.READ
    common: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Filters:
    """What was asked for. With `errors` (by field, as sentences) it must not be used.

    `span` narrows by last activity, `row` by what the index does not hold.
    """

    values: Mapping[str, str]
    errors: Mapping[str, str]
    words: tuple[str, ...] = ()
    span: tuple[Condition, ...] = ()
    row: tuple[Condition, ...] = ()

    def narrow(self, query: Select[Unpack[Columns]]) -> Select[Unpack[Columns]]:
        """The query on summaries with these conversations alone."""
        query = query.where(*(condition(Summary) for condition in (*self.span, *self.row)))
        return query.where(held(self.words)) if self.words else query

    def query_string(self, **changes: str | None) -> str:
        """The address's part behind the "?", with some filters changed or left out (None)."""
        wanted = {**self.values, **changes}
        return urlencode({name: value for name, value in wanted.items() if value})

    @property
    def uncommon(self) -> bool:
        """Whether one is given that is not always in view."""
        return any(field.name in {**self.values, **self.errors} for field in FIELDS if not field.common)


async def filters_of(request: Request, colleague: Colleague) -> Filters:
    """The filters in the address. Who asks for a customer's conversations is recorded.

    Raises Problem 403 where the colleague may not filter by one of them.
    """
    office = office_of(request)
    found = parse({name: request.args.get(name, "") for name in _BY_NAME}, colleague, office.lemmas)
    if "klient" not in found.values or found.errors:
        return found
    async with office.database.write() as session:
        customer = await customers.find_by_number(session, found.values["klient"])
        subject = f"customer {customer.id}" if customer else None
        office.members.acts.record(session, Did.SOUGHT_CUSTOMER, colleague.id, subject)
    return replace(found, words=(*found.words, facet("klient", customer.id if customer else 0)))


def parse(given: Mapping[str, str], colleague: Colleague, lemmas: Lemmas) -> Filters:
    """Reads the filters; the customer is left to `filters_of`. Raises Problem 403."""
    values, errors, narrowings = {}, {}, []
    for name, field in _BY_NAME.items():
        value = given.get(name, "").strip()
        if not value:
            continue
        if not colleague.may(field.right):
            raise Problem(403, "Do tego potrzebne jest inne uprawnienie. Nadaje je administrator.")
        values[name] = value
        try:
            narrowings.append(field.narrow(value, lemmas))
        except Wrong as wrong:
            errors[name] = str(wrong)
    if not errors and values.get("do", "9") < values.get("od", "0"):
        errors["do"] = "Ten dzień jest wcześniejszy niż „Od dnia”."
    words = [word for narrowing in narrowings for word in narrowing.words]
    if "zadanie" in values:
        words += (facet(name, f"{values['zadanie']}:{values[name]}") for name in ("wynik", "krok") if name in values)
    return Filters(
        values,
        errors,
        tuple(dict.fromkeys(words)),
        tuple(one.span for one in narrowings if one.span),
        tuple(one.row for one in narrowings if one.row),
    )


def _chosen(name: str, options: Callable[[], Mapping[str, str]]) -> Callable[[str, Lemmas], Narrowing]:
    def narrow(value: str, _lemmas: Lemmas) -> Narrowing:
        if value not in options():
            raise Wrong("Wybierz coś z listy.")
        return Narrowing(words=(facet(name, value),))

    return narrow


def _named(name: str) -> Callable[[str, Lemmas], Narrowing]:
    """An intent; one that the present model has no more may be asked for as well."""

    def narrow(value: str, _lemmas: Lemmas) -> Narrowing:
        if not _NAME.fullmatch(value):
            raise Wrong("Wybierz coś z listy.")
        return Narrowing(words=(facet(name, value),))

    return narrow


def day_of(value: str) -> dt.date:
    """Raises Wrong."""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise Wrong("Podaj dzień w postaci 2026-11-05.") from None
    if not FIRST_DAY <= day <= LAST_DAY or value != day.isoformat():
        raise Wrong("Podaj dzień w postaci 2026-11-05.")
    return day


def midnight(day: dt.date) -> dt.datetime:
    """When the day begins in Warsaw."""
    return dt.datetime.combine(day, dt.time(), WARSAW)


def _since(value: str, _lemmas: Lemmas) -> Narrowing:
    begins = midnight(day_of(value))
    return Narrowing(span=lambda row: row.last_activity_at >= begins)


def _until(value: str, _lemmas: Lemmas) -> Narrowing:
    ends = midnight(day_of(value) + dt.timedelta(days=1))
    return Narrowing(span=lambda row: row.last_activity_at < ends)


def _at_most(value: str, _lemmas: Lemmas) -> Narrowing:
    """The word is for the next whole ten percent; the row tells exactly."""
    match = _PERCENT.fullmatch(value)
    if match is None or int(match[1]) > 100:
        raise Wrong("Podaj liczbę od 0 do 100.")
    percent = int(match[1])
    step = max(-(-percent // 10) * 10, 10)
    return Narrowing(words=(facet("pewnosc", step),), row=lambda row: row.confidence <= percent / 100)


def _tag(value: str, _lemmas: Lemmas) -> Narrowing:
    tag = as_tag(value)
    if not 0 < len(tag) <= LONGEST_TAG:
        raise Wrong("Wpisz tag, najwyżej 40 znaków.")
    return Narrowing(words=(facet("tag", tag.encode().hex()),))


def _customer(value: str, _lemmas: Lemmas) -> Narrowing:
    if not _NUMBER.fullmatch(value):
        raise Wrong("Podaj numer klienta, na przykład K0001234.")
    return Narrowing()


def _text(value: str, lemmas: Lemmas) -> Narrowing:
    if len(value) > LONGEST_SEARCH:
        raise Wrong("To jest za długie. Wpisz najwyżej 200 znaków.")
    words = lemmas.of(value)
    if not words:
        raise Wrong("Wpisz przynajmniej jedno słowo.")
    return Narrowing(words=tuple(words))


def _choice(name: str, label: str, options: Callable[[], Mapping[str, str]], *, common: bool = False) -> Field:
    return Field(name, label, Kind.CHOICE, _chosen(name, options), options, common=common)


CONTAINED = {CONFIRMED: "tak, potwierdzone", ASSUMED: "tak, przypuszczalnie", "nie": "nie"}
HANDOVERS = {"offered": "zaproponowane", "taken": "przejęte", "returned": "oddane asystentowi"}

FIELDS = (
    Field(
        "szukaj",
        "Słowa w rozmowie",
        Kind.SEARCH,
        _text,
        common=True,
        hint="Także odmienione i bez polskich liter.",
    ),
    Field("od", "Od dnia", Kind.DAY, _since, common=True),
    Field("do", "Do dnia", Kind.DAY, _until, common=True),
    _choice("stan", "Stan", lambda: {state.value: name for state, name in STATE_NAMES.items()}, common=True),
    _choice("niezrozumiane", "Niezrozumiane", lambda: {"tak": "są", "nie": "brak"}, common=True),
    Field("intencja", "Temat", Kind.CHOICE, _named("intencja"), titles.intents, common=True),
    Field("ostatnia", "Ostatni temat", Kind.CHOICE, _named("ostatnia"), titles.intents),
    Field("pewnosc", "Pewność do (%)", Kind.NUMBER, _at_most),
    _choice("kanal", "Kanał", lambda: titles.CHANNELS),
    _choice(
        "przekazanie",
        "Przekazanie",
        lambda: {"brak": "brak", **HANDOVERS},
    ),
    _choice("bezpomocy", "Bez pomocy człowieka", lambda: CONTAINED),
    _choice("zadanie", "Zadanie", lambda: {task: titles.intent(task) for task in TASKS}),
    _choice("wynik", "Wynik zadania", lambda: OUTCOMES),
    _choice("krok", "Na czym stanęło zadanie", lambda: STEPS),
    _choice("ocena", "Ocena", lambda: {"down": "w dół", "up": "w górę", "brak": "brak"}),
    Field("tag", "Tag", Kind.TEXT, _tag),
    _choice("tozsamosc", "Tożsamość", lambda: {"tak": "potwierdzona", "nie": "niepotwierdzona"}),
    _choice("zespol", "Zespół", lambda: {"cok": "COK", "bok": "BOK", "brak": "nieznany"}),
    Field(
        "klient", "Numer klienta", Kind.TEXT, _customer, right=Right.FIND_CUSTOMER, hint="Takie wyszukanie zapisujemy."
    ),
)

_BY_NAME = {field.name: field for field in FIELDS}
