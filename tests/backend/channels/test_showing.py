"""What a message becomes where only text is shown, and how it is cut."""

from __future__ import annotations

import pytest

from backend.channels.capabilities import MESSENGER, TELEGRAM, WHATSAPP, utf16
from backend.channels.schemas import Capabilities
from backend.channels.showing import fit_buttons, fit_rows, shown, split, with_numbers

SENTENCE = "Do zapłaty zostało 1 234,56 zł, termin płatności to 5 listopada 2026. "


@pytest.mark.parametrize("can", [TELEGRAM, MESSENGER, WHATSAPP])
def test_long_texts_are_cut_at_ends_of_sentences_and_nothing_is_lost(can: Capabilities) -> None:
    text = (SENTENCE * 200).strip()
    pieces = split(text, can, last=640)
    assert all(0 < can.length(piece) <= can.text for piece in pieces)
    assert can.length(pieces[-1]) <= 640
    assert all(piece.endswith(".") for piece in pieces)
    assert " ".join(" ".join(pieces).split()) == text


@pytest.mark.parametrize(
    "text", ["a" * 9000, "👩‍👩‍👧‍👦" * 2000, "słowo " * 3000], ids=["no spaces", "emoji", "no sentences"]
)
def test_texts_without_sentences_are_cut_too(text: str) -> None:
    pieces = split(text, TELEGRAM)
    assert all(utf16(piece) <= TELEGRAM.text for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_table_is_told_row_by_row_and_links_with_their_titles() -> None:
    table = {
        "caption": "Zużycie po miesiącach",
        "columns": ["Miesiąc", "Zużycie", "Rok wcześniej"],
        "rows": [["maj 2026", "210,5 kWh", "198,2 kWh"], ["czerwiec 2026", "180 kWh", "–"]],
    }
    event = {"text": "Proszę.", "table": table, "choices": [{"id": "c_1", "title": "Zapłać"}]}
    made = shown(event, [{"title": "Pobierz PDF", "url": "https://mojbok.example/odbior/x"}], None)
    assert made.text.splitlines() == [
        "Proszę.",
        "",
        "Zużycie po miesiącach",
        "• maj 2026 – zużycie: 210,5 kWh, rok wcześniej: 198,2 kWh",
        "• czerwiec 2026 – zużycie: 180 kWh, rok wcześniej: –",
        "",
        "Pobierz PDF: https://mojbok.example/odbior/x",
    ]
    assert made.choices == [("c_1", "Zapłać")]


@pytest.mark.parametrize(
    ("can", "buttons", "rows"),
    [(TELEGRAM, (100, 60), (0, 0)), (MESSENGER, (3, 20), (13, 20)), (WHATSAPP, (3, 20), (10, 24))],
)
def test_so_many_choices_of_such_a_length_fit(
    can: Capabilities, buttons: tuple[int, int], rows: tuple[int, int]
) -> None:
    for fit, (most, longest) in ((fit_buttons, buttons), (fit_rows, rows)):
        assert fit(can, [("c_1", "ż" * longest)] * most)
        assert not fit(can, [("c_1", "ż" * longest)] * (most + 1))
        assert not fit(can, [("c_1", "ż" * (longest + 1))])


def test_choices_that_fit_nowhere_are_numbered() -> None:
    long = [("c_1", "Reklamacja faktury z poprzedniego roku"), ("c_2", "Nie")]
    assert not any(fit(can, long) for fit in (fit_buttons, fit_rows) for can in (MESSENGER, WHATSAPP))
    assert fit_buttons(MESSENGER, long[1:])
    text = with_numbers("Co wybierasz?", [title for _, title in long])
    assert text.splitlines()[2:4] == ["1. Reklamacja faktury z poprzedniego roku", "2. Nie"]
