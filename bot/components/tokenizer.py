"""The Polish tokenizer: words without case and diacritics, personal values as one word for each kind."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.components.sources import sources
from bot.folding import fold
from bot.negation import denied_ticket
from bot.placeholders import LABELS, PATTERN, PRIVATE_USE, parse

_LABEL = "|".join(re.escape(label) for label in LABELS.values())
_NUMBER = r"[^\W\d]+(?=\d{5,}\b)|\d{5,}"
"""A long number stands for itself, even when letters are written to it: FV202506000123."""
_SIGNS = {
    "👍": "tak",
    "👌": "tak",
    "✅": "tak",
    "👎": "nie",
    "🙏": "prosze",
    "❤": "dziekuje",
    "😡": "wsciekly",
    "🤬": "wsciekly",
}
"""What people say by a picture."""

_SIGN = "|".join(_SIGNS)
_TOKEN = re.compile(rf"{PATTERN.pattern}|{_LABEL}|{_NUMBER}|\w+(?:[-'’]\w+)*|[?!]|{_SIGN}")
_WORD_FOR_LABEL = {label: f"xx{kind.value}xx" for kind, label in LABELS.items()}


FEWEST_LEFT = 3

NOTHING = "\u2205"
"""Stands for a text without any word, such as emoji: Rasa takes no decision about nothing."""


def _word(text: str) -> str:
    if match := PATTERN.fullmatch(text):
        text = LABELS.get(parse(match).kind, "")
    if text in _WORD_FOR_LABEL:
        return _WORD_FOR_LABEL[text]
    if text in _SIGNS:
        return _SIGNS[text]
    return "xxdigitsxx" if text.isdigit() else PRIVATE_USE.sub("", fold(text))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class PolishTokenizer(Tokenizer):
    """Tokens keep their place in the original text; training and use see the same words."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        return sources()

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = message.get(attribute)
        words = ((match, _word(match[0])) for match in _TOKEN.finditer(text))
        tokens = [Token(word, match.start(), match.end()) for match, word in words if word]
        return _without_denied(tokens, text) or [Token(NOTHING, 0, len(text))]


def _without_denied(tokens: list[Token], text: str) -> list[Token]:
    """What is meant once "to nie skarga" is said; all of it where hardly anything else is said."""
    if span := denied_ticket(text):
        left = [token for token in tokens if token.end <= span[0] or token.start >= span[1]]
        return left if len(left) >= FEWEST_LEFT else tokens
    return tokens
