"""Conversations: opened, spoken in, rated and ended by customers."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend import quantities
from backend.chat import doubts, repository
from backend.chat.answers import compose
from backend.chat.events import Events
from backend.chat.models import Choice, Conversation, Feedback, InboxMessage
from backend.chat.schemas import LONGEST_TEXT, GivenFeedback, SaidMessage
from backend.chat.turns import Turns
from backend.chat.vault import Vault, shown_number
from backend.clock import Clock
from backend.identity.models import PortalSession
from backend.identity.service import Identity
from backend.problems import Problem
from backend.secrecy import Hasher, new_token, token_digest
from backend.tickets.schemas import Upload
from backend.tickets.service import Tickets
from backend.wording import Wording
from bot.folding import words
from bot.placeholders import Kind, Placeholder

MOST_UNANSWERED = 20
RETRY_AFTER = 5
WEB = "web"
DIGITS = 2
FILE_KINDS = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}


@dataclass(frozen=True)
class Came:
    """What tells a message or file that came from another: the client's id for it, and a digest of what it holds."""

    client_id: str
    digest: str


class Conversations:
    def __init__(
        self,
        clock: Clock,
        wording: Wording,
        hasher: Hasher,
        vault: Vault,
        events: Events,
        identity: Identity,
        tickets: Tickets,
        turns: Turns,
    ) -> None:
        self._clock, self._wording, self._hasher = clock, wording, hasher
        self._vault, self._events, self._identity = vault, events, identity
        self._tickets, self._turns = tickets, turns

    async def open(
        self, session: AsyncSession, channel: str, signed_in: PortalSession | None = None
    ) -> tuple[Conversation, str]:
        """A new conversation that has been greeted, and its token; whoever is signed in to the portal is known."""
        token, now = new_token(), self._clock.now()
        conversation = Conversation(
            id=f"k_{secrets.token_urlsafe(18)}",
            token_digest=token_digest(token),
            channel=channel,
            opened_at=now,
            last_activity_at=now,
            last_seq=0,
        )
        session.add(conversation)
        await session.flush()
        greeting = compose(self._wording.sentence("say_greeting"), self._wording, team=None)
        self._turns.append_answer(session, conversation, greeting)
        if signed_in:
            await self._recognise(session, conversation, signed_in)
        await session.flush()
        return conversation, token

    async def _recognise(self, session: AsyncSession, conversation: Conversation, signed_in: PortalSession) -> None:
        confirmation = await self._identity.grant_to_session(session, conversation.id, signed_in)
        customer = confirmation.customers[0]
        name = Placeholder(Kind.LABEL, shown_number(0, 0))
        session.add(self._vault.entry(conversation.id, name, customer.name, customer.id))
        self._events.identity_confirmed(session, conversation, confirmation.grant)
        self._events.say(session, conversation, "say_signed_in", name=str(name))
        await repository.save_state(session, conversation.id, {"slots": {"team": customer.team}})

    async def authenticated(
        self, session: AsyncSession, conversation_id: str, token: str | None, *, lock: bool = False
    ) -> Conversation:
        """The conversation the token opens. An unknown one, an ended one and a wrong token are the same 404."""
        conversation = await repository.conversation(session, conversation_id, lock=lock)
        known = conversation.token_digest if conversation else token_digest("")
        right = secrets.compare_digest(known, token_digest(token or "")) and bool(token)
        if conversation is None or not right or conversation.closed_at is not None:
            raise Problem(404, "Nie ma takiej rozmowy.")
        return conversation

    async def accept(self, session: AsyncSession, conversation: Conversation, said: SaidMessage) -> int:
        """Puts a message into the inbox and returns its seq; the same `client_id` again changes nothing.

        Raises:
            Problem: 409 another body under the same id or a choice that cannot be taken, 413, 429.
        """
        kind, value = ("text", said.text) if said.text is not None else ("choice", said.choice)
        came = Came(str(said.client_id), self._hasher.digest("message", conversation.id, kind, value or ""))
        if known := await self.known(session, conversation, came):
            return known
        if said.text is not None and len(said.text) > LONGEST_TEXT:
            raise Problem(413, "Ta wiadomość jest za długa. Może mieć najwyżej 4000 znaków.")
        await self._check_queue(session, conversation)
        choice = await self._choice(session, conversation, said)
        await self._keep_identity(session, conversation)
        text = choice.title if choice else ""
        if said.text is not None:
            text = self._vault.take_out(session, conversation, conversation.last_seq + 1, said.text)
        if choice:
            await repository.close_choices_of_message(session, conversation.id, choice.seq)
        return self._put(session, conversation, came, text, choice.payload if choice else None)

    async def attach(self, session: AsyncSession, conversation: Conversation, came: Came, upload: Upload) -> int:
        """Keeps a file for the ticket it belongs to, puts it into the inbox and returns its seq.

        Raises:
            Problem: 409 another body under the same id; 429.
            FileRefused: too many files wait for a ticket.
        """
        if known := await self.known(session, conversation, came):
            return known
        await self._check_queue(session, conversation)
        await self._keep_identity(session, conversation)
        file = await self._tickets.keep(session, conversation.id, upload)
        text = f"Plik {FILE_KINDS[upload.mime]}, {quantities.size(len(upload.content))}"
        return self._put(session, conversation, came, text, f'/attach_file{{"file": "{file}"}}')

    def came(self, conversation: Conversation, client_id: str, content: bytes) -> Came:
        """A file as it is told from another under the same `client_id`."""
        return Came(client_id, self._hasher.digest("file", conversation.id, hashlib.sha256(content).hexdigest()))

    async def known(self, session: AsyncSession, conversation: Conversation, came: Came) -> int | None:
        """The seq of what came before under this id. Raises Problem 409 when that was something else."""
        known = await repository.message_by_client_id(session, conversation.id, came.client_id)
        if known and known.body_digest != came.digest:
            raise Problem(409, "Pod tym identyfikatorem jest już inna wiadomość.")
        return known.seq if known else None

    async def _check_queue(self, session: AsyncSession, conversation: Conversation) -> None:
        if await repository.unanswered(session, conversation.id) >= MOST_UNANSWERED:
            headers = {"Retry-After": str(RETRY_AFTER)}
            raise Problem(429, "Zaczekaj chwilę: odpowiadamy na wcześniejsze wiadomości.", headers=headers)

    async def _keep_identity(self, session: AsyncSession, conversation: Conversation) -> None:
        if await self._identity.touch(session, conversation.id):
            self._events.identity_ended(session, conversation)

    def _put(
        self, session: AsyncSession, conversation: Conversation, came: Came, text: str, payload: str | None
    ) -> int:
        seq = self._events.append(session, conversation, "message", {"from": "customer", "text": text})
        is_taken = conversation.taken_by is not None
        session.add(
            InboxMessage(
                conversation_id=conversation.id,
                seq=seq,
                client_id=came.client_id,
                body_digest=came.digest,
                text=text,
                payload=payload,
                accepted_at=self._clock.now(),
                answered_at=self._clock.now() if is_taken else None,
            )
        )
        if is_taken:
            self._events.answered_by_person(session, conversation, seq, text)
        return seq

    async def _choice(self, session: AsyncSession, conversation: Conversation, said: SaidMessage) -> Choice | None:
        """The choice that is taken: by its id, by typing its title or the number before it; None for other text.

        To a person of the office a number is a number.
        """
        if said.choice is not None:
            choice = await repository.choice(session, conversation.id, said.choice)
            if choice is None or choice.closed:
                raise Problem(409, "Ten wybór nie jest już możliwy.")
            return choice
        typed = words(said.text or "") if conversation.taken_by is None else []
        offered = await repository.open_choices(session, conversation.id) if typed else []
        titles = await self._events.texts_as_read(session, conversation.id, [choice.title for choice in offered])
        by_title = (choice for choice, title in zip(offered, titles, strict=True) if words(title) == typed)
        by_number = (c for c in offered if c.seq == offered[0].seq and c.title.startswith(f"{typed[0]}. "))
        return (
            next(by_title, None)
            or (next(by_number, None) if len(typed) == 1 else None)
            or (await self._counted(session, conversation, offered, typed))
        )

    async def _counted(
        self, session: AsyncSession, conversation: Conversation, offered: list[Choice], typed: list[str]
    ) -> Choice | None:
        """Where choices may be a numbered text, a number alone, right after them, means the one in that place."""
        is_number = len(typed) == 1 and typed[0].isdecimal() and len(typed[0]) <= DIGITS
        if conversation.channel == WEB or conversation.expects or not is_number or not offered:
            return None
        later = await repository.events_after(session, conversation.id, offered[0].seq)
        if any(event.body.get("from") == "customer" for event in later):
            return None
        event = await repository.event(session, conversation.id, offered[0].seq)
        ids = [choice["id"] for choice in event.body["choices"]] if event else []
        chosen = dict(enumerate(ids, 1)).get(int(typed[0]))
        return next((choice for choice in offered if choice.id == chosen), None)

    async def end_past_identity(self, session: AsyncSession, conversation: Conversation) -> bool:
        """Ends grants whose time has passed, and says so in the conversation."""
        ended = await self._identity.end(session, conversation.id, only_past=True)
        if ended:
            self._events.identity_ended(session, conversation)
        return ended

    async def rate(self, session: AsyncSession, conversation: Conversation, given: GivenFeedback) -> None:
        """Keeps one rating for a message of the assistant; the last one counts. Raises Problem 404."""
        event = await repository.event(session, conversation.id, given.seq)
        if event is None or event.type != "message" or event.body["from"] == "customer":
            raise Problem(404, "Nie ma takiej wiadomości.")
        await self._vault.forget_typed(session, conversation.id, given.seq)
        comment = self._vault.take_out(session, conversation, given.seq, given.comment) if given.comment else None
        conversation.changes += 1
        await repository.put_feedback(
            session,
            Feedback(
                conversation_id=conversation.id,
                seq=given.seq,
                score=given.score,
                comment=comment,
                at=self._clock.now(),
            ),
        )
        if given.score == "down" and event.in_reply_to is not None:
            await doubts.note_thumb_down(session, conversation.id, event.in_reply_to)

    async def end(self, session: AsyncSession, conversation: Conversation) -> None:
        """The customer's end: identity dropped, what is open closed, one `closed`."""
        now = self._clock.now()
        if await self._identity.end(session, conversation.id):
            self._events.append(session, conversation, "identity", {"state": "anonymous", "until": None})
        for message in await repository.open_messages(session, conversation.id):
            message.answered_at = now
            self._events.append(session, conversation, "answered", {}, message.seq)
        self._events.append(session, conversation, "closed", {"by": "customer"})
        conversation.closed_at, conversation.taken_by = now, None
