"""The tables of figures: what stands in each, and where each number leads. The page and the CSV are made from them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from backend import quantities
from backend.staff import titles
from backend.staff.conversations.filters import HANDOVERS, Filters
from backend.staff.conversations.lemmas import Lemmas
from backend.staff.conversations.models import ASSUMED, CONFIRMED
from backend.staff.conversations.tasks import BEGUN, DONE, GIVEN_UP, OUTCOMES, REFUSED, STEPS
from backend.staff.figures.figures import Figures
from backend.staff.figures.repository import Counts, Task


class Share(float):
    """A part of a whole, from 0 to 1."""


Key = TypeVar("Key")
Value = str | int | Share | dt.date | None


@dataclass(frozen=True)
class Cell:
    """A value, and the filters that give the conversations it is about, where there are such."""

    value: Value
    query: str | None = None


@dataclass(frozen=True)
class Table:
    """`name` is its address. The first cell of a row names the row."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    hint: str = ""


_CONTAINED = (
    "Bez pomocy człowieka: nie było przekazania, zgłoszenia, zamówionego telefonu ani oceny w dół. Potwierdzone są te, "
    "które klient ocenił w górę albo zakończył podziękowaniem lub pożegnaniem; pozostałe są przypuszczalne."
)
_COUNTED = ("Rozmowy", "Wiadomości", "Z niezrozumianą", "Bez pomocy, potwierdzone", "Bez pomocy, przypuszczalne")
_HANDOVERS = {state: name.capitalize() for state, name in HANDOVERS.items()}


class Tables:
    """Makes the tables of the figures that the filters gave."""

    def __init__(self, found: Figures, filters: Filters, lemmas: Lemmas) -> None:
        self._found, self._filters, self._lemmas = found, filters, lemmas

    def all(self) -> dict[str, Table]:
        made = (
            self._whole(),
            self._days(),
            self._channels(),
            self._teams(),
            self._topics(),
            self._tasks(),
            self._steps(),
            self._words(),
        )
        return {table.name: table for table in made}

    def _whole(self) -> Table:
        whole, times = self._found.whole, self._found.times
        rows = [
            (Cell("Rozmowy"), self._cell(whole.conversations), Cell(None)),
            (Cell("Wiadomości klientów"), self._cell(whole.messages), Cell(None)),
            self._part("Bez pomocy, potwierdzone", self._cell(whole.confirmed, bezpomocy=CONFIRMED)),
            self._part("Bez pomocy, przypuszczalne", self._cell(whole.assumed, bezpomocy=ASSUMED)),
            self._part("Z niezrozumianą wiadomością", self._cell(whole.missed, niezrozumiane="tak")),
            (
                Cell("Niezrozumiane wiadomości"),
                self._cell(whole.fallbacks, niezrozumiane="tak"),
                _share(whole.fallbacks, whole.messages),
            ),
            *(
                self._part(f"Przekazanie: {name.lower()}", self._cell(getattr(whole, state), przekazanie=state))
                for state, name in _HANDOVERS.items()
            ),
            self._part("Ocenione w górę", self._cell(whole.thumbs_up, ocena="up")),
            self._part("Ocenione w dół", self._cell(whole.thumbs_down, ocena="down")),
            (Cell("Mediana czasu odpowiedzi, ms"), self._cell(times.median), Cell(None)),
            (Cell("95. percentyl czasu odpowiedzi, ms"), self._cell(times.p95), Cell(None)),
        ]
        return Table("razem", "Razem", ("Co", "Ile", "Udział"), rows, _CONTAINED)

    def _days(self) -> Table:
        rows = [
            (Cell(day), *self._counted(counts, od=day.isoformat(), do=day.isoformat()))
            for day, counts in self._found.days.items()
        ]
        return Table("dni", "Dni", ("Dzień", *_COUNTED), rows)

    def _channels(self) -> Table:
        rows = [
            (Cell(titles.channel(name)), *self._counted(counts, kanal=name))
            for name, counts in self._found.channels.items()
        ]
        return Table("kanaly", "Kanały", ("Kanał", *_COUNTED), rows)

    def _counted(self, counts: Counts, **of: str) -> Iterator[Cell]:
        yield self._cell(counts.conversations, **of)
        yield self._cell(counts.messages, **of)
        yield self._cell(counts.missed, **of, niezrozumiane="tak")
        yield self._cell(counts.confirmed, **of, bezpomocy=CONFIRMED)
        yield self._cell(counts.assumed, **of, bezpomocy=ASSUMED)

    def _teams(self) -> Table:
        rows = []
        for team, counts in self._found.teams.items():
            name = team or "brak"
            handed = (self._cell(getattr(counts, state), zespol=name, przekazanie=state) for state in _HANDOVERS)
            rows.append((Cell(titles.team(team) or "Nieznany"), self._cell(counts.conversations, zespol=name), *handed))
        hint = "Rozmowa liczy się w każdym stanie, przez który przeszła."
        return Table("zespoly", "Przekazania według zespołów", ("Zespół", "Rozmowy", *_HANDOVERS.values()), rows, hint)

    def _topics(self) -> Table:
        rows = [
            (Cell(titles.intent(name)), self._cell(number, intencja=name), self._share(number))
            for name, number in self._found.topics
        ]
        return Table("tematy", "Najczęstsze tematy", ("Temat", "Rozmowy", "Udział"), rows)

    def _tasks(self) -> Table:
        begun = _by(self._found.tasks, lambda task: task.name)
        ended = _by(self._found.tasks, lambda task: (task.name, task.outcome))
        rows = [
            (
                Cell(titles.intent(task)),
                self._cell(number, zadanie=task),
                *(self._cell(ended[task, way], zadanie=task, wynik=way) for way in _WAYS),
                _share(ended[task, DONE], number),
            )
            for task, number in begun.most_common()
        ]
        columns = ("Zadanie", "Zaczęte", *(OUTCOMES[way].capitalize() for way in _WAYS), "Udział załatwionych")
        return Table("zadania", "Zadania", columns, rows)

    def _steps(self) -> Table:
        left = _by(
            (task for task in self._found.tasks if task.step and task.outcome != DONE),
            lambda task: (task.name, task.step or "", task.outcome),
        )
        rows = [
            (
                Cell(titles.intent(task)),
                Cell(STEPS.get(step, step)),
                Cell(OUTCOMES[outcome]),
                self._cell(number, zadanie=task, krok=step, wynik=outcome) if step in STEPS else Cell(number),
            )
            for (task, step, outcome), number in left.most_common()
        ]
        columns = ("Zadanie", "Na czym stanęło", "Wynik", "Rozmowy")
        return Table("kroki", "Gdzie klienci przerywają", columns, rows)

    def _words(self) -> Table:
        rows = [
            (
                Cell(word),
                self._cell(number, szukaj=word, niezrozumiane="tak") if self._is_found(word) else Cell(number),
            )
            for word, number in self._found.words
        ]
        hint = (
            "Słowa, które w rozmowach z niezrozumianą wiadomością są wyraźnie częstsze niż w pozostałych, "
            "w formie podstawowej i bez polskich liter."
        )
        return Table("slowa", "Słowa z niezrozumianych rozmów", ("Słowo", "Rozmowy"), rows, hint)

    def _is_found(self, word: str) -> bool:
        """Whether who searches for this word finds it: some lemmas have another one themselves."""
        return self._lemmas.of(word) == [word]

    def _part(self, name: str, cell: Cell) -> tuple[Cell, ...]:
        assert isinstance(cell.value, int)
        return Cell(name), cell, self._share(cell.value)

    def _share(self, part: int) -> Cell:
        return _share(part, self._found.whole.conversations)

    def _cell(self, number: int | None, **more: str) -> Cell:
        """The number with a link, unless the filters at hand say something else about the same thing."""
        at_hand = self._filters.values
        other = any(at_hand.get(name, value) != value for name, value in more.items() if name not in ("od", "do"))
        # A task with an outcome or a step means those of this task.
        of_any = {"wynik", "krok"} & at_hand.keys() - more.keys() if "zadanie" not in at_hand else set()
        mixed = "zadanie" in more and of_any
        return Cell(number, None if other or mixed or not number else self._filters.query_string(**more))


_WAYS = (DONE, BEGUN, GIVEN_UP, REFUSED)


def _by(tasks: Iterable[Task], key: Callable[[Task], Key]) -> Counter[Key]:
    counted: Counter[Key] = Counter()
    for task in tasks:
        counted[key(task)] += task.conversations
    return counted


def _share(part: int, whole: int) -> Cell:
    return Cell(Share(part / whole) if whole else None)


def written(value: Value) -> str:
    """As a page says it."""
    if isinstance(value, Share):
        return quantities.percent(Decimal(value * 100))
    if isinstance(value, int):
        return quantities.number(Decimal(value))
    if isinstance(value, dt.date):
        return quantities.long_date(value)
    return value or "–"
