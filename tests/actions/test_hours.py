"""When somebody wants to be called, as people say it."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.actions.hours import find

NOW = dt.datetime(2026, 11, 24, 10, 0)  # a Tuesday


@pytest.mark.parametrize(
    ("text", "day", "begins", "ends"),
    [
        ("jutro między 10 a 12", 25, 10, 12),
        ("jutro po 15", 25, 15, 19),
        ("pojutrze rano", 26, 8, 12),
        ("w piątek po południu", 27, 12, 17),
        ("25 listopada o 11", 25, 11, 12),
        ("jutro około jedenastej", 25, 11, 12),
        ("między dziesiątą a dwunastą w środę", 25, 10, 12),
        ("w dniu jutrzejszym w godzinach 9-11", 25, 9, 11),
        ("dziś wieczorem", 24, 17, 20),
        ("jutro od 12 do 10", 25, 10, 12),
        ("jutro po 4", 25, 16, 20),
        ("teraz", 24, 10, 12),
        ("za godzinę", 24, 11, 13),
        ("we wtorek rano", 1, 8, 12),
        ("jutro cały dzień", 25, 8, 20),
        ("25.11 przed dziewiątą", 25, 8, 9),
    ],
)
def test_a_day_with_hours(text: str, day: int, begins: int, ends: int) -> None:
    said = find(text, NOW)
    assert said.day is not None
    assert said.day.day == day
    assert said.hours == (dt.time(begins), dt.time(ends))


@pytest.mark.parametrize("text", ["10-12", "o 14", "po południu", "14:30", "od 9 do 11:30"])
def test_hours_alone(text: str) -> None:
    said = find(text, NOW)
    assert said.day is None
    assert said.hours is not None


@pytest.mark.parametrize("text", ["o 27", "31.02 o 10", "31 lutego"])
def test_what_no_calendar_and_no_clock_shows(text: str) -> None:
    assert find(text, NOW).wrong


@pytest.mark.parametrize("text", ["nie wiem", "wszystko mi jedno kto zadzwoni do mnie i po co"])
def test_nothing_of_the_kind(text: str) -> None:
    assert find(text, NOW).day is None


def test_late_in_the_evening_soon_is_the_next_day() -> None:
    assert find("jak najszybciej", NOW.replace(hour=23)).day == dt.date(2026, 11, 25)
