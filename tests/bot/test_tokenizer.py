"""Runs in Rasa's own environment."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.team_words import TeamWords
from bot.components.tokenizer import NOTHING, PolishTokenizer
from bot.placeholders import MARK, Kind, Placeholder


def words(text: str) -> list[str]:
    tokenizer = PolishTokenizer(PolishTokenizer.get_default_config())
    return [token.text for token in tokenizer.tokenize(Message(data={"text": text}), "text")]


def test_letters_are_folded_and_places_kept() -> None:
    tokenizer = PolishTokenizer(PolishTokenizer.get_default_config())
    tokens = tokenizer.tokenize(Message(data={"text": "Zażółć GĘŚLĄ jaźń!"}), "text")
    assert [(t.text, t.start, t.end) for t in tokens] == [
        ("zazolc", 0, 6),
        ("gesla", 7, 12),
        ("jazn", 13, 17),
        ("!", 17, 18),
    ]


def test_the_mark_is_dropped_and_a_placeholder_is_one_word_like_its_label() -> None:
    typed = f"{MARK}mój mail {Placeholder(Kind.EMAIL, 12)}"
    assert words(typed) == words("mój mail [e-mail]") == ["moj", "mail", "xxemailxx"]


@pytest.mark.parametrize("text", ["😀", MARK + "\u200b", "…"])
def test_a_text_without_words_is_still_something(text: str) -> None:
    assert words(text) == [NOTHING]


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("prowadzę działalność gospodarczą", "bok"),
        ("jestem klientem BIZNESOWYM", "bok"),
        ("mam firmę i pytanie", "bok"),
        ("klient indywidualny", "cok"),
        ("prywatnie", "cok"),
        ("ile mam do zapłaty", None),
        ("klient indywidualny czy biznesowy?", None),
    ],
)
def test_the_team_is_heard_where_the_words_leave_no_doubt(text: str, team: str | None) -> None:
    message = Message(data={"text": text})
    TeamWords().process([message])
    assert [entity["value"] for entity in message.get("entities", [])] == ([team] if team else [])
