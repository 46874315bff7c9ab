"""What counts as saying that it is no matter for the office."""

from __future__ import annotations

import pytest

from bot.negation import denied_ticket


@pytest.mark.parametrize(
    "text",
    [
        "to nie skarga, chcę się tylko dowiedzieć",
        "ale to nie jest żadna skarga, pytam tylko",
        "nie chcę składać reklamacji, mam pytanie",
        "NIE ZAMIERZAM PISAC ZAZALENIA tylko pytam",
        "to żadne zgłoszenie",
        "ja nie składam reklamacji",
    ],
)
def test_it_is_denied(text: str) -> None:
    span = denied_ticket(text)
    assert span
    assert "tylko" not in text[slice(*span)]


@pytest.mark.parametrize(
    "text",
    [
        "nie, to reklamacja",
        "nie, reklamacja",
        "odpowiecie czy nie? To reklamacja za wrzesień",
        "na portalu nie ma zgłoszenia i nikt nie odpowiada",
        "to jednak zapytanie, a nie reklamacja",
        "nie dostałam odpowiedzi na reklamację",
        "nie wiem, jak złożyć reklamację",
        "chcę złożyć skargę",
    ],
)
def test_it_is_not(text: str) -> None:
    assert denied_ticket(text) is None
