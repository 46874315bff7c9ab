"""What understanding is measured with is enough of everything, and nothing that it learned from."""

from __future__ import annotations

from tests.understanding.sentences import Sentences, blind, evaluation, key, neighbours, training

FEWEST, FEWEST_OUT_OF_SCOPE, FEWEST_BLIND = 12, 300, 4
WITHOUT_WORDS = {"choose_customer"}
"""Only ever chosen by a button."""


def keys(sentences: Sentences) -> list[str]:
    return [key(sentence) for every in sentences.values() for sentence in every]


def test_no_sentence_is_learned_and_measured() -> None:
    learned = set(keys(training()))
    measured = keys(evaluation()) + keys(blind()) + keys(neighbours())
    assert [sentence for sentence in measured if sentence in learned] == []
    assert len(set(measured)) == len(measured)


def test_every_topic_and_task_is_measured_by_enough_sentences() -> None:
    measured = {intent: len(sentences) for intent, sentences in evaluation().items()}
    assert {i: measured.get(i, 0) for i in training().keys() - WITHOUT_WORDS if measured.get(i, 0) < FEWEST} == {}
    assert measured["out_of_scope"] >= FEWEST_OUT_OF_SCOPE


def test_every_topic_and_task_is_measured_by_blind_sentences_too() -> None:
    assert {intent for intent, sentences in blind().items() if len(sentences) >= FEWEST_BLIND} == evaluation().keys()


def test_neighbours_are_a_hundred_questions_on_fifteen_subjects_without_an_intent() -> None:
    subjects = neighbours()
    assert len(subjects) == 15
    assert sum(map(len, subjects.values())) == 100
    assert not subjects.keys() & training().keys()
