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
    """One message of the assistant. `expects` and `handoff` come from the response's metadata in the domain.

    A link or an image of something that is the customer's has no `url` yet but a `thing` and its `subject`: the address
    is made when somebody who may open it reads the message.
    """

    text: str
    offers: list[Offer] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    table: dict[str, Any] | None = None
    image: dict[str, str] | None = None
    expects: str | None = None
    handoff: str | None = None
    lasts: bool = False
    """Whether its choices stay open when the form ends that is open now."""

    def body(self) -> dict[str, Any]:
        """The event's body as the contract has it; only what there is."""
        body: dict[str, Any] = {"from": "bot", "text": self.text}
        if self.offers:
            body["choices"] = [{"id": offer.id, "title": offer.title} for offer in self.offers]
        if self.links:
            body["links"] = self.links
        if self.table:
            body["table"] = self.table
        if self.image:
            body["image"] = self.image
        return body


def compose(reply: dict[str, Any], wording: Wording, team: str | None) -> Answer:
    """An answer from a response of Rasa: `text`, `buttons`, `metadata` (its `choices` too), and what the action gives.

    `rows` are a table's, `file` and `picture` name a thing and its subject; their words stand in the metadata.
    """
    metadata = reply.get("metadata") or {}
    links = [{"title": link["title"], "url": wording.fill(link["url"], team)} for link in metadata.get("links") or []]
    if file := reply.get("file"):
        links.insert(0, {"title": metadata["file"], **file})
    rows, picture = reply.get("rows"), reply.get("picture")
    buttons = [*(reply.get("buttons") or []), *(metadata.get("choices") or [])]
    return Answer(
        text=wording.fill(reply["text"].strip(), team),
        offers=[Offer(button["title"], button["payload"]) for button in buttons[:MOST_CHOICES]],
        links=links,
        table={"caption": metadata["caption"], "columns": metadata["columns"], "rows": rows} if rows else None,
        image={"alt": metadata["alt"], **picture} if picture else None,
        expects=metadata.get("expects"),
        handoff=metadata.get("handoff"),
        lasts=bool(metadata.get("lasts")),
    )
