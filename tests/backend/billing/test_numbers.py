"""Document numbers as people type them."""

from __future__ import annotations

import pytest

from backend.billing.numbers import matching

KNOWN = ["FV/2026/09/000123", "FV/2026/09/000123/1", "KOR/FV/2026/09/000123", "FV/2026/10/000123", "FV/2025/09/000007"]


@pytest.mark.parametrize("typed", ["FV/2026/09/000123", "fv 2026 9 123", "FV-2026-09-000123", "fv202609000123"])
def test_a_whole_number_in_any_writing_is_one_document(typed: str) -> None:
    assert matching(typed, KNOWN) == ["FV/2026/09/000123"]


def test_the_end_of_a_number_finds_all_that_end_so() -> None:
    assert matching("10/000123", KNOWN) == ["FV/2026/10/000123"]
    assert len(matching("123", KNOWN)) == 3


@pytest.mark.parametrize("typed", ["fv 2026 10 77", "FV-2026-10-000077", "FV202610000077", "2026 10 000077", "000077"])
def test_the_part_behind_a_number_may_be_left_out(typed: str) -> None:
    assert matching(typed, [*KNOWN, "FV/2026/10/000077/1"]) == ["FV/2026/10/000077/1"]


@pytest.mark.parametrize("typed", ["FV2026090001231", "2026090001231", "fv 2026 09 000123 1"])
def test_a_number_may_be_run_together(typed: str) -> None:
    assert matching(typed, KNOWN) == ["FV/2026/09/000123/1"]


@pytest.mark.parametrize("typed", ["2026", "FV/2026", "fv 2026 09", "", "///", "FV/2026/09/000124", "23", "zł"])
def test_what_is_nobodys_finds_nothing(typed: str) -> None:
    assert matching(typed, KNOWN) == []
