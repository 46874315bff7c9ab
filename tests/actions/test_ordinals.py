"""Places in a list, as people point at them."""

from __future__ import annotations

import pytest

from bot.actions.ordinals import places


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("trzecią", [2]),
        ("a pierwsza", [0]),
        ("ta druga", [1]),
        ("ten drugi", [1]),
        ("czwartej", [3]),
        ("piątą proszę", [4]),
        ("pozycja 3", [2]),
        ("pierwsza i trzecia", [0, 2]),
        ("dwa ostatnie", [3, 4]),
        ("ostatnie dwie", [3, 4]),
        ("dwie pierwsze", [0, 1]),
        ("ostatnia z listy", [4]),
        ("przedostatnia", [3]),
        ("druga od końca", [3]),
        ("druga od konca", [3]),
        ("siódma", []),
        ("w piątek", []),
        ("numer 000033", []),
        ("na działce", []),
    ],
)
def test_places_of_a_list_of_five(text: str, found: list[int]) -> None:
    assert places(text, 5) == found
