"""Periods as people say them, on 24 November 2026."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.actions.periods import Doubt, Period, Said, find, looks_like_time

TODAY = dt.date(2026, 11, 24)
TABLE = Path(__file__).parent / "periods.tsv"
"""What is said, the first month and the last."""


def months(first: str, last: str | None = None) -> Period:
    """`YYYY-MM` to `YYYY-MM`, both inclusive."""
    begin = dt.date.fromisoformat(f"{first}-01")
    end = dt.date.fromisoformat(f"{last or first}-01")
    return Period(begin, (end.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("faktura za wrzesień", "2026-09", "2026-09"),
        ("za wrzesien", "2026-09", "2026-09"),
        ("a za sierpień?", "2026-08", "2026-08"),
        ("ile zużyłam w marcu", "2026-03", "2026-03"),
        ("rachunek z grudnia", "2025-12", "2025-12"),
        ("za listopad", "2026-11", "2026-11"),
        ("we wrześniu 2025", "2025-09", "2025-09"),
        ("w maju zeszłego roku", "2025-05", "2025-05"),
        ("w lipcu 2025 roku", "2025-07", "2025-07"),
        ("faktura 09.2026", "2026-09", "2026-09"),
        ("zużycie za 2025-11", "2025-11", "2025-11"),
        ("od 1 marca do 31 maja 2026", "2026-03", "2026-05"),
        ("od 1.03.2026 do 31.05.2026", "2026-03", "2026-05"),
        ("od marca do maja", "2026-03", "2026-05"),
        ("marzec-maj", "2026-03", "2026-05"),
        ("między marcem a majem", "2026-03", "2026-05"),
        ("od listopada do lutego", "2025-11", "2026-02"),
        ("od listopada 2024 do lutego 2025", "2024-11", "2025-02"),
        ("od marca", "2026-03", "2026-11"),
        ("od marca 2025", "2025-03", "2026-11"),
        ("od początku roku", "2026-01", "2026-11"),
        ("drugi kwartał", "2026-04", "2026-06"),
        ("za II kwartał 2025", "2025-04", "2025-06"),
        ("w 3 kwartale", "2026-07", "2026-09"),
        ("w zeszłym kwartale", "2026-07", "2026-09"),
        ("pierwsze półrocze", "2026-01", "2026-06"),
        ("druga połowa roku 2025", "2025-07", "2025-12"),
        ("ile w 2025", "2025-01", "2025-12"),
        ("w zeszłym roku", "2025-01", "2025-12"),
        ("w tym roku", "2026-01", "2026-11"),
        ("rok temu", "2025-01", "2025-12"),
        ("w zeszłym miesiącu", "2026-10", "2026-10"),
        ("w tym miesiącu", "2026-11", "2026-11"),
        ("ostatnie 3 miesiące", "2026-08", "2026-10"),
        ("przez ostatnie pół roku", "2026-05", "2026-10"),
        ("z ostatnich sześciu miesięcy", "2026-05", "2026-10"),
    ],
)
def test_a_period_is_found(text: str, first: str, last: str) -> None:
    assert find(text, TODAY) == Said(months(first, last))


def test_expressions_of_the_table() -> None:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
    found = {text: find(text, TODAY) for text, *_ in rows}
    wanted = {text: months(first, last) for text, first, last in rows}
    assert {text: said for text, said in found.items() if said is None or said.period != wanted[text]} == {}
    assert {said.doubt for said in found.values() if said} == {None, Doubt.WHOLE}
    assert len(wanted) >= 400


@pytest.mark.parametrize(
    "text",
    ["od 1 do 15 marca", "1-15 marca", "15 marca 2025", "od 15 marca", "od 1 marca do 15 maja 2026", "ostatnie 30 dni"],
)
def test_days_are_answered_by_their_months_and_told_so(text: str) -> None:
    said = find(text, TODAY)
    assert said is not None
    assert said.doubt is Doubt.WHOLE


@pytest.mark.parametrize("text", ["od 1 do 31 marca", "od 1 marca", "od 1.03.2026 do 31.05.2026"])
def test_days_that_make_whole_months_are_no_doubt(text: str) -> None:
    said = find(text, TODAY)
    assert said is not None
    assert said.doubt is None


@pytest.mark.parametrize("text", ["a w ferie", "a wczoraj?", "w święta", "w sezonie grzewczym", "od początku umowy"])
def test_a_time_that_is_not_understood_is_still_seen_to_be_one(text: str) -> None:
    assert find(text, TODAY) is None
    assert looks_like_time(text)


@pytest.mark.parametrize("text", ["a na działce?", "a w domu", "niezapłacone", "a ta druga", "w domku letniskowym"])
def test_what_is_no_time_is_not_taken_for_one(text: str) -> None:
    assert find(text, TODAY) is None
    assert not looks_like_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "ile mam do zapłaty",
        "pokaż faktury",
        "ostatnia faktura",
        "FV/2026/09/000123",
        "dom",
        "",
        "marka",
        "5 kw mocy",
        "25 zł",
    ],
)
def test_where_none_is_said_none_is_found(text: str) -> None:
    assert find(text, TODAY) is None


@pytest.mark.parametrize("text", ["31 lutego", "za 13.2026", "V kwartał", "32.01.2026", "5 kwartał 2025"])
def test_an_impossible_period_is_told_so(text: str) -> None:
    assert find(text, TODAY) == Said(None, Doubt.IMPOSSIBLE)


@pytest.mark.parametrize("text", ["grudzień 2026", "za 2027", "w maju 2030", "I kwartał 2027"])
def test_what_has_not_begun_is_told_so(text: str) -> None:
    assert find(text, TODAY) == Said(None, Doubt.FUTURE)


def test_a_reversed_range_is_turned_round_and_told_so() -> None:
    assert find("od maja 2026 do marca 2026", TODAY) == Said(months("2026-03", "2026-05"), Doubt.REVERSED)


def test_what_lies_ahead_is_cut_off() -> None:
    assert find("IV kwartał 2026", TODAY) == Said(months("2026-10", "2026-11"))


def test_a_month_leans_on_the_past_year_that_is_spoken_of() -> None:
    assert find("a za maj?", TODAY, months("2024-09", "2024-09")) == Said(months("2024-05"))
    assert find("a za maj 2025?", TODAY, months("2024-09", "2024-09")) == Said(months("2025-05"))
    assert find("a za grudzień?", TODAY, months("2024-11", "2025-01")) == Said(months("2025-12"))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("ten sam okres rok wcześniej", "2025-03", "2025-05"),
        ("a rok wcześniej?", "2025-03", "2025-05"),
        ("a w zeszłym roku?", "2025-03", "2025-05"),
        ("a poprzedni?", "2025-12", "2026-02"),
        ("a poprzedni okres", "2025-12", "2026-02"),
        ("a następny?", "2026-06", "2026-08"),
        ("a dwa lata temu", "2024-03", "2024-05"),
        ("a dwa miesiące wcześniej", "2026-01", "2026-03"),
        ("a dwa miesiące temu", "2026-09", "2026-09"),
        ("a drugi kwartał zeszłego roku", "2025-04", "2025-06"),
        ("a za styczeń", "2026-01", "2026-01"),
    ],
)
def test_some_lean_on_the_period_before(text: str, first: str, last: str) -> None:
    assert find(text, TODAY, months("2026-03", "2026-05")) == Said(months(first, last))


def test_a_season_stays_in_the_past_year_that_is_spoken_of() -> None:
    assert find("a latem?", TODAY, months("2025-03")) == Said(months("2025-06", "2025-08"))
    assert find("a zimą?", TODAY, months("2026-03")) == Said(months("2025-12", "2026-02"))
