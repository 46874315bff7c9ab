"""The parts that our classifier is made of."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from bot.components.languages import cyrillic_language
from bot.components.model import IntentModel
from bot.components.slips import slip
from bot.components.vocabulary import Vocabulary

EXAMPLES = {
    "invoice": ["pokaz moja fakture", "gdzie jest faktura", "faktura za maj", "chce zobaczyc rachunek", "moje faktury"],
    "password": ["zapomnialam hasla", "nie pamietam hasla", "nowe haslo", "haslo do xxloginxx", "zmienic haslo"],
    "weather": ["jaka pogoda jutro", "czy bedzie padac", "deszcz w niedziele", "cieplo dzisiaj", "burza nad morzem"],
}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.learn(sentence.split() for sentences in EXAMPLES.values() for sentence in sentences)


@pytest.fixture(scope="module")
def model() -> IntentModel:
    pairs = [(sentence.split(), intent) for intent, sentences in EXAMPLES.items() for sentence in sentences]
    return IntentModel(
        [sentence for sentence, _ in pairs], [intent for _, intent in pairs], c=1.0, boundless=["weather"]
    )


@pytest.mark.parametrize("typed", ["fakutra", "faktrua", "faktra", "fakttura", "fajtura", "faktura"])
def test_a_slip_of_the_fingers_is_mended_towards_a_known_word(vocabulary: Vocabulary, typed: str) -> None:
    assert vocabulary.lemma(vocabulary.mend(typed)) == "faktura"


@pytest.mark.parametrize("word", ["kot", "hipopotam", "xxcodexx", "123456"])
def test_what_is_near_to_nothing_stays_as_it_is_and_is_unknown(vocabulary: Vocabulary, word: str) -> None:
    assert vocabulary.mend(word) == word
    assert not vocabulary.knows(word)


def test_other_forms_of_known_words_are_known(vocabulary: Vocabulary) -> None:
    assert vocabulary.knows("fakturami")
    assert vocabulary.lemma("hasel") == vocabulary.lemma("haslo")


def test_a_slip_changes_long_words_by_one_letter_and_leaves_the_rest() -> None:
    chance = Random(3)
    changed = {slip("rachunek", chance) for _ in range(200)}
    assert len(changed) > 20
    assert all(7 <= len(word) <= 9 and word[0] == "r" for word in changed)
    assert {slip(word, chance) for word in ("ppe", "xxcodexx", "1234567")} == {"ppe", "xxcodexx", "1234567"}


@pytest.mark.parametrize(
    ("words", "intent"), [("fakutry za czerwiec", "invoice"), ("hasla zapomnialem", "password"), ("pogode", "weather")]
)
def test_forms_and_slips_that_were_never_seen_are_understood(model: IntentModel, words: str, intent: str) -> None:
    confidences = model.confidences([words.split()])[0]
    assert model.intents[int(confidences.argmax())] == intent


def test_confidences_are_a_share_of_certainty_and_the_same_each_time(model: IntentModel) -> None:
    once, again = (model.confidences([["faktura"], ["hipopotam"], []]) for _ in range(2))
    assert np.array_equal(once, again)
    assert np.allclose(once[2].sum(), 1)
    assert once[0].max() > once[2].max()


def test_a_word_that_an_intent_has_never_met_is_a_reason_to_doubt_it(model: IntentModel) -> None:
    invoice = model.intents.index("invoice")
    alone, beside = model.confidences([["faktura"], ["faktura", "haslo"]])
    assert alone[invoice] > 2 * beside[invoice] > 0


def test_an_unknown_word_is_a_reason_to_doubt_all_but_what_has_no_bounds(model: IntentModel) -> None:
    known, half, nothing = model.confidences([["faktura"], ["faktura", "hipopotam"], ["hipopotam"]])
    bounded = [place for place, intent in enumerate(model.intents) if intent != "weather"]
    assert known[bounded].sum() > half[bounded].sum() > nothing[bounded].sum() == 0
    assert nothing[model.intents.index("weather")] > 0


def test_personal_values_alone_do_not_tell_what_is_wanted(model: IntentModel) -> None:
    password = model.intents.index("password")
    alone, said = model.confidences([["xxloginxx"], ["haslo", "do", "xxloginxx"]])
    assert alone[password] == 0
    assert said[password] > 0.5


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Скільки я маю заплатити?", "uk"),
        ("Дякую", "uk"),
        ("сколько я должен", "ru"),
        ("где мой счет", "ru"),
        ("jak zapłacić", None),
        ("faktura dla Привет sp. z o.o. z Warszawy", None),
        ("123 ???", None),
        ("", None),
    ],
)
def test_cyrillic_text_tells_its_language(text: str, language: str | None) -> None:
    assert cyrillic_language(text) == language
