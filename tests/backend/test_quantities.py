from __future__ import annotations

import datetime as dt

import pytest

from backend.quantities import amount, long_date, moment, plural


@pytest.mark.parametrize(
    ("grosze", "words"),
    [
        (0, "0,00\xa0zł"),
        (5, "0,05\xa0zł"),
        (123_456, "1\xa0234,56\xa0zł"),
        (-123_456, "-1\xa0234,56\xa0zł"),
        (1_234_567_890, "12\xa0345\xa0678,90\xa0zł"),
    ],
)
def test_amounts_are_exact_and_grouped_by_no_break_spaces(grosze: int, words: str) -> None:
    assert amount(grosze) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 faktur"), (1, "1 faktura"), (2, "2 faktury"), (5, "5 faktur"), (12, "12 faktur"), (22, "22 faktury")],
)
def test_plurals_follow_polish(count: int, words: str) -> None:
    assert plural(count, "faktura", "faktury", "faktur") == words


def test_dates_are_written_out() -> None:
    assert long_date(dt.date(2026, 11, 5)) == "5 listopada 2026"
    assert moment(dt.datetime(2026, 11, 5, 6, 0)) == "5 listopada 2026, godz. 6:00"
