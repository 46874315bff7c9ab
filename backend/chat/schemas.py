"""What goes in and out of the chat API."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

LONGEST_TEXT = 4000
"""Code points."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class OpenConversation(_Body):
    locale: Literal["pl"] = "pl"


class SaidMessage(_Body):
    client_id: UUID
    text: str | None = None
    choice: str | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> SaidMessage:
        if (self.text is None) == (self.choice is None):
            raise ValueError("exactly one of text and choice")
        if self.text is not None and (not self.text.strip() or "\0" in self.text):
            raise ValueError("text is empty or holds NUL")
        return self


class GivenFeedback(_Body):
    seq: int
    score: Literal["up", "down"]
    comment: str | None = None


EventBody = dict[str, Any]
"""An event as the contract has it."""
