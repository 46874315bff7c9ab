"""Writing Python: literals and calls in the form that `ruff format` gives them."""

from __future__ import annotations

WIDTH = 120
_PART = 100
"""Characters of one part of a text that fits no line."""

_INDENT = " " * 4


def literal(text: str, *, braces: bool = False) -> str:
    """A string that stands for exactly this text; what cannot be seen is escaped. `braces`: as an f-string."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    written = "".join(_escaped(character, quote) for character in text)
    return f"{quote}{written.replace('{', '{{').replace('}', '}}') if braces else written}{quote}"


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return f"\\{character}"
    return character if character in "'\"" else repr(character)[1:-1]


def call(before: str, text: str) -> list[str]:
    """The lines of a statement that ends with a call on a text: `before` goes up to its bracket."""
    line = f"{_INDENT}{before}({literal(text)})"
    if len(line) <= WIDTH:
        return [line]
    whole = f"{_INDENT * 2}{literal(text)}"
    parts = [whole] if len(whole) <= WIDTH else [f"{_INDENT * 2}{literal(part)}" for part in _parts(text)]
    return [f"{_INDENT}{before}(", *parts, f"{_INDENT})"]


def _parts(text: str) -> list[str]:
    """The text in pieces that end at spaces where there are some. An escaped character may be six times as long."""
    found: list[str] = []
    start = size = space = 0
    for index, character in enumerate(text):
        size += len(repr(character)) - 2
        if character == " ":
            space = index + 1
        if size >= _PART:
            end = space if space > start else index + 1
            found.append(text[start:end])
            size = sum(len(repr(one)) - 2 for one in text[end : index + 1])
            start = end
    return [*found, text[start:]] if start < len(text) else found
