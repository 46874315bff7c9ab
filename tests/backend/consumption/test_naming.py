"""Delivery points as people name them."""

from __future__ import annotations

import pytest

from backend.consumption.naming import names_unknown, point_at, points_named
from backend.consumption.schemas import PointCard

PPES = ("590000000000000006", "590000000000000013", "590000000000000020")


def points(*labels: str) -> list[PointCard]:
    return [
        PointCard(ppe, "U1", label, "Kłodno", None, "G11")
        for ppe, label in zip(PPES[: len(labels)], labels, strict=True)
    ]


HOME, PLOT, GARAGE = KNOWN = points("Dom", "Działka", "Garaż")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a na działce?", [PLOT]),
        ("na dzialce w maju", [PLOT]),
        ("w domu i na działce", [HOME, PLOT]),
        (f"PPE {PPES[2]}", [GARAGE]),
        ("a w maju?", []),
    ],
)
def test_points_are_named_in_any_case(text: str, named: list[PointCard]) -> None:
    assert points_named(text, KNOWN) == named
    assert not names_unknown(text, KNOWN)


def test_a_label_with_a_digit_is_told_from_the_next() -> None:
    first, second = points("Obiekt 1", "Obiekt 2")
    assert points_named("zużycie obiektu 2", [first, second]) == [second]
    assert points_named("obiekt 1 i 2", [first, second]) == [first, second]


@pytest.mark.parametrize(
    "text",
    ["na mieszkaniu i na działce", "a mieszkanie?", "mieszkanie", "a w biurze", "dla sklepu", "w moim warsztacie"],
)
def test_a_place_that_is_none_of_the_points_is_seen(text: str) -> None:
    assert names_unknown(text, KNOWN)


def test_the_second_is_the_other_of_two_and_unclear_after_one_of_more() -> None:
    assert point_at(2, KNOWN[:2], PLOT) == HOME
    assert point_at(2, KNOWN, PLOT) is None
    assert point_at(2, KNOWN, None) == PLOT
    assert point_at(-1, KNOWN, None) == GARAGE
    assert point_at(4, KNOWN, None) is None
