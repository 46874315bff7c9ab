"""The words of a text as they are searched, by the real dictionary and by one made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.staff.conversations.lemmas import LONGEST, Lemmas, write
from bot.placeholders import Kind, Placeholder
from tests.support.summaries import LEMMAS


@pytest.mark.parametrize(
    ("forms", "lemma"),
    [
        (["faktura", "Fakturę", "FAKTUR", "fakturami"], "faktura"),
        (["zapłacić", "zapłaciłam", "zaplacilem", "zapłacimy"], "zaplacic"),
        (["opłata", "opłaty", "oplaty", "opłat"], "oplata"),
        (["rachunek", "rachunku", "rachunków"], "rachunek"),
        (["prąd", "prądu", "pradem"], "prad"),
        (["zaległość", "zaleglosci", "zaległościami"], "zaleglosc"),
    ],
)
def test_all_forms_of_a_word_meet(forms: list[str], lemma: str) -> None:
    assert {word for form in forms for word in LEMMAS.of(form)} == {lemma}


def test_words_that_the_dictionary_lacks_stay_as_they_are() -> None:
    assert LEMMAS.of("Qwrtyą FV/2026/11/0042 mojBOK-u") == ["qwrtya", "fv", "2026", "11", "0042", "mojbok", "u"]


def test_personal_values_are_no_words() -> None:
    assert LEMMAS.of(f"adres{Placeholder(Kind.EMAIL, 4001)}oraz\ue000\ue123{Placeholder(Kind.CODE, 1)}") == [
        "adres",
        "oraz",
    ]


def test_a_dictionary_is_read_as_it_was_written(tmp_path: Path) -> None:
    pairs = {"jestem": "byc", "psa": "pies", "ania": "anna", "aba": "abaa", "x" * 60: "y" * 60}
    write(tmp_path / "small.marisa", pairs.items())
    small = Lemmas.open(tmp_path / "small.marisa")
    assert small.of(" ".join(pairs)) == [lemma[:LONGEST] for lemma in pairs.values()]
    assert small.of("inne") == ["inne"]


def test_without_a_dictionary_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="mojbok train"):
        Lemmas.open(tmp_path / "missing.marisa")
