"""From what Rasa replies to what a conversation shows: settings filled in, the meaning of choices kept back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from backend.wording import Wording

LONGEST_TITLE = 20
MOST_CHOICES = 10


@dataclass
class Offer:
    """A choice to come: the client gets `id` and `title`, `payload` stays here."""

    title: str
    payload: str
    id: str = field(default_factory=lambda: f"c_{secrets.token_urlsafe(12)}")


@dataclass
class Answer:
    """One message of the assistant. `expects` and `handoff` come from the response's metadata in the domain."""

    text: str
    offers: list[Offer] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    expects: str | None = None
    handoff: str | None = None

    def body(self) -> dict[str, Any]:
        """The event's body as the contract has it; only what there is."""
        body: dict[str, Any] = {"from": "bot", "text": self.text}
        if self.offers:
            body["choices"] = [{"id": offer.id, "title": offer.title} for offer in self.offers]
        if self.links:
            body["links"] = self.links
        return body


def compose(reply: dict[str, Any], wording: Wording, team: str | None) -> Answer:
    """An answer from a response of Rasa (`text`, `buttons`, `metadata`)."""
    metadata = reply.get("metadata") or {}
    return Answer(
        text=wording.fill(reply["text"].strip(), team),
        offers=[Offer(b["title"], b["payload"]) for b in (reply.get("buttons") or [])[:MOST_CHOICES]],
        links=[
            {"title": link["title"], "url": wording.fill(link["url"], team)} for link in metadata.get("links") or []
        ],
        expects=metadata.get("expects"),
        handoff=metadata.get("handoff"),
    )
