"""A conversation's events: one counter, appended in the transaction that causes them, filled when they are read."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import repository
from backend.chat.models import Conversation, Event
from backend.chat.schemas import EventBody
from backend.chat.vault import Vault, holds_unkept, show
from backend.clock import WARSAW, Clock
from backend.identity.links import Links
from backend.identity.models import Grant
from backend.identity.service import Identity
from backend.wording import Wording
from bot.placeholders import find, holds_placeholder


class Events:
    def __init__(self, clock: Clock, wording: Wording, vault: Vault, identity: Identity, links: Links) -> None:
        self._clock, self._wording, self._vault, self._identity = clock, wording, vault, identity
        self._links = links

    def append(
        self,
        session: AsyncSession,
        conversation: Conversation,
        type_: str,
        body: dict[str, Any],
        in_reply_to: int | None = None,
    ) -> int:
        """Adds an event and returns its seq. The caller holds the conversation's row, so no lower seq comes later."""
        conversation.last_seq += 1
        conversation.last_activity_at = self._clock.now()
        conversation.changes += 1
        session.add(
            Event(
                conversation_id=conversation.id,
                seq=conversation.last_seq,
                type=type_,
                at=conversation.last_activity_at,
                in_reply_to=in_reply_to,
                body=body,
            )
        )
        return conversation.last_seq

    def say(
        self,
        session: AsyncSession,
        conversation: Conversation,
        sentence: str,
        in_reply_to: int | None = None,
        **values: str,
    ) -> None:
        """Appends a sentence of the backend's own (`domain.yml`), its {variables} filled with placeholders."""
        text = self._wording.fill(self._wording.sentence(sentence)["text"], team=None).format(**values)
        self.append(session, conversation, "message", {"from": "bot", "text": text}, in_reply_to)

    def identity_confirmed(self, session: AsyncSession, conversation: Conversation, grant: Grant) -> None:
        until = grant.until.astimezone(WARSAW).isoformat(timespec="seconds")
        self.append(session, conversation, "identity", {"state": "confirmed", "until": until})

    def identity_ended(self, session: AsyncSession, conversation: Conversation) -> None:
        self.append(session, conversation, "identity", {"state": "anonymous", "until": None})
        self.say(session, conversation, "say_identity_ended")

    def answered_by_person(self, session: AsyncSession, conversation: Conversation, seq: int, text: str) -> None:
        """Closes the answer to a message that a person of the office reads: nothing more comes by itself."""
        if holds_unkept(text):
            self.say(session, conversation, "say_no_secrets", seq)
        self.append(session, conversation, "answered", {}, seq)

    async def read(self, session: AsyncSession, conversation_id: str, after: int) -> list[EventBody]:
        """The events after a seq, as this conversation may see them now."""
        events = await repository.events_after(session, conversation_id, after)
        texts = [text for event in events for text in _texts(event.body)]
        values, grant = await self._readable(session, conversation_id, texts)
        hidden = self._wording.sentence("say_hidden")["text"]
        return [self._as_read(event, values, hidden, grant) for event in events]

    async def texts_as_read(self, session: AsyncSession, conversation_id: str, texts: list[str]) -> list[str]:
        """The texts, as this conversation may see them now."""
        values, _ = await self._readable(session, conversation_id, texts)
        return [show(text, values, "") for text in texts]

    async def _readable(
        self, session: AsyncSession, conversation_id: str, texts: list[str]
    ) -> tuple[dict[int, str], Grant | None]:
        """The values in `texts` that may be seen now, and by which grant."""
        texts = [text for text in texts if holds_placeholder(text)]
        grant = await self._identity.live_grant(session, conversation_id) if texts else None
        customers = ([grant.customer_id] if grant.customer_id else grant.candidates) if grant else []
        return await self._vault.values_shown(session, conversation_id, texts, customers), grant

    def _as_read(self, event: Event, values: dict[int, str], hidden: str, grant: Grant | None) -> EventBody:
        body = _filled(event.body, values, hidden)
        if "links" in body:
            body["links"] = [
                link for link in (self._opened(link, values, grant) for link in event.body["links"]) if link
            ]
        if "image" in body and not (image := self._opened(event.body["image"], values, grant)):
            del body["image"]
        elif "image" in body:
            body["image"] = image
        if event.in_reply_to is not None:
            body["in_reply_to"] = event.in_reply_to
        at = event.at.astimezone(WARSAW).isoformat(timespec="seconds")
        return {"seq": event.seq, "type": event.type, "at": at, **body}

    def _opened(self, link: dict[str, str], values: dict[int, str], grant: Grant | None) -> dict[str, str] | None:
        """A link or an image with its address; None when it leads to what this reader may not see."""
        if "thing" not in link:
            return link
        named = find(link["subject"])
        if grant is None or grant.customer_id is None or any(one.number not in values for one in named):
            return None
        rest = {name: text for name, text in link.items() if name not in ("thing", "subject")}
        return rest | {"url": self._links.make(link["thing"], show(link["subject"], values, ""), grant)}


def _texts(body: Any) -> list[str]:
    """Every text of an event's body, however deep."""
    if isinstance(body, str):
        return [body]
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return [text for part in inner for text in _texts(part)]


def _filled(body: Any, values: dict[int, str], hidden: str) -> Any:
    """The body with every placeholder as it may be read."""
    if isinstance(body, str):
        return show(body, values, hidden)
    if isinstance(body, dict):
        return {name: _filled(part, values, hidden) for name, part in body.items()}
    return [_filled(part, values, hidden) for part in body] if isinstance(body, list) else body
