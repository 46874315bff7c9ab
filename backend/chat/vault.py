"""The encrypted store of a conversation's personal values, typed and shown; everything else sees placeholders."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat import recognition
from backend.chat.models import Conversation, VaultValue
from backend.chat.recognition import Finding
from backend.chat.vocabulary import known_words
from backend.secrecy import Cipher
from bot.folding import fold
from bot.placeholders import LABELS, PATTERN, PRIVATE_USE, Kind, Placeholder, find, parse

ANYBODY = 0
"""The customer of a shown value that whoever holds the conversation may read, such as an anonymous ticket's number."""

NEVER_KEPT = (Kind.PASSWORD, Kind.CARD)

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")

_BLOCK, _SHOWN, _KEPT = 4000, 2000, 1900


def typed_number(seq: int, index: int) -> int:
    """The number of a value in the message `seq`: each message has a block of its own, so none is given twice."""
    return seq * _BLOCK + index + 1


def shown_number(seq: int, index: int) -> int:
    """The number of a value shown in answer to the message `seq`."""
    return seq * _BLOCK + _SHOWN + index


def seq_of(number: int) -> int:
    """The message in which a value was typed, or in answer to which it was shown."""
    return number // _BLOCK


class Vault:
    def __init__(self, cipher: Cipher, ours: Collection[str] = ()) -> None:
        """`ours` are the office's own addresses and numbers."""
        self._cipher, self._ours = cipher, {bare(value) for value in ours}

    def take_out(self, session: AsyncSession, conversation: Conversation, seq: int, text: str) -> str:
        """Swaps the personal parts of a typed text for placeholders and keeps their values, passwords and cards apart.

        Private-use characters are taken out first, so a customer cannot write a placeholder, and so are invisible ones
        inside words, which copying from letters and pages brings along.
        """

        def keep(finding: Finding, value: str, index: int) -> str:
            return self._keep(session, conversation, Placeholder(finding.kind, typed_number(seq, index)), value)

        return _swapped(_clean(text), conversation.expects, keep)

    def take_out_of_office(
        self, session: AsyncSession, conversation: Conversation, seq: int, text: str, shown_to: int | None
    ) -> str:
        """The same for what the office writes: `shown_to` is the customer who may read the values, None for nobody.

        What the office says of itself (its own telephone and mailboxes) is nobody's and stays.
        """

        def keep(finding: Finding, value: str, index: int) -> str:
            if bare(value) in self._ours:
                return value
            return self._keep(
                session, conversation, Placeholder(finding.kind, shown_number(seq, index)), value, shown_to
            )

        return _swapped(_clean(text), None, keep)

    def _keep(
        self,
        session: AsyncSession,
        conversation: Conversation,
        placeholder: Placeholder,
        value: str,
        customer_id: int | None = None,
    ) -> str:
        if placeholder.kind in NEVER_KEPT:
            return str(Placeholder(placeholder.kind, 0))
        session.add(self.entry(conversation.id, placeholder, value, customer_id))
        return str(placeholder)

    async def forget_typed(self, session: AsyncSession, conversation_id: str, seq: int) -> None:
        """Drops what was taken out of a text of `seq` that another replaces."""
        block = VaultValue.number.between(typed_number(seq, 0), shown_number(seq, 0) - 1)
        await session.execute(delete(VaultValue).where(VaultValue.conversation_id == conversation_id, block))

    def entry(
        self, conversation_id: str, placeholder: Placeholder, value: str, customer_id: int | None = None
    ) -> VaultValue:
        """A row for a value that was typed, or shown to `customer_id`."""
        return VaultValue(
            conversation_id=conversation_id,
            number=placeholder.number,
            kind=placeholder.kind.value,
            customer_id=customer_id,
            ciphertext=self._cipher.encrypt(value),
        )

    async def keep_shown(
        self, session: AsyncSession, conversation_id: str, seq: int, value: str, customer_id: int
    ) -> str:
        """A placeholder for what a change brought, kept with it: a turn taken again does not do it again."""
        first = shown_number(seq, _KEPT)
        of_turn = VaultValue.number.between(first, typed_number(seq + 1, 0) - 1)
        query = select(func.count()).where(VaultValue.conversation_id == conversation_id, of_turn)
        placeholder = Placeholder(Kind.LABEL, first + (await session.scalar(query) or 0))
        session.add(self.entry(conversation_id, placeholder, value, customer_id))
        return str(placeholder)

    async def stored(self, session: AsyncSession, conversation_id: str, number: int) -> VaultValue | None:
        return await session.get(VaultValue, (conversation_id, number))

    def value_of(self, entry: VaultValue) -> str:
        return self._cipher.decrypt(entry.ciphertext)

    async def typed_value(self, session: AsyncSession, conversation_id: str, placeholder: str) -> str | None:
        """What a placeholder of this conversation stands for; None for a strange one or one that was shown."""
        match = PATTERN.fullmatch(placeholder)
        if match is None:
            return None
        row = await session.get(VaultValue, (conversation_id, parse(match).number))
        return self._cipher.decrypt(row.ciphertext) if row and row.customer_id is None else None

    async def as_typed(self, session: AsyncSession, conversation_id: str, text: str) -> str:
        """The text with the values that were typed in place of their placeholders; what is not kept is its label."""
        values = {str(p): await self.typed_value(session, conversation_id, str(p)) for p in find(text)}
        return PATTERN.sub(lambda match: values[match[0]] or LABELS.get(parse(match).kind, ""), text)

    async def shown_value(
        self, session: AsyncSession, conversation_id: str, placeholder: str, customer_id: int
    ) -> str | None:
        """What was shown to `customer_id` under a placeholder; None for a strange one or another customer's."""
        match = PATTERN.fullmatch(placeholder)
        if match is None:
            return None
        values = await self.values_shown(session, conversation_id, [placeholder], [customer_id])
        return values.get(parse(match).number)

    async def values_shown(
        self, session: AsyncSession, conversation_id: str, texts: list[str], customer_ids: list[int]
    ) -> dict[int, str]:
        """The values in `texts` that were shown to one of `customer_ids` or to anybody, by number."""
        numbers = {placeholder.number for text in texts for placeholder in find(text)}
        if not numbers:
            return {}
        query = select(VaultValue).where(
            VaultValue.conversation_id == conversation_id,
            VaultValue.number.in_(numbers),
            VaultValue.customer_id.in_([ANYBODY, *customer_ids]),
        )
        return {row.number: self._cipher.decrypt(row.ciphertext) for row in await session.scalars(query)}


def show(text: str, values: dict[int, str], hidden: str) -> str:
    """The text as it is read: `values` as they are, what is not among them by its label or `hidden`."""

    def fill(match: re.Match[str]) -> str:
        placeholder = parse(match)
        return values.get(placeholder.number) or LABELS.get(placeholder.kind, hidden)

    return PATTERN.sub(fill, text)


def bare(value: str) -> str:
    """Letters and digits alone, without the prefixes of phones and NIPs: the same value however it is written."""
    letters = "".join(character for character in fold(value) if character.isalnum())
    return letters.removeprefix("pl").removeprefix("48") if letters.removeprefix("pl").isdigit() else letters


def _clean(text: str) -> str:
    return PRIVATE_USE.sub("\ufffd", _INVISIBLE.sub("", text))


def _swapped(text: str, expects: str | None, keep: Callable[[Finding, str, int], str]) -> str:
    """The text with what `keep` gives for each personal part; the index tells the parts of one text apart."""
    parts: list[str] = []
    end = 0
    for finding in recognition.find(text, expects=expects, vocabulary=known_words()):
        value = text[finding.start : finding.end]
        parts += [text[end : finding.start], keep(finding, value, len(parts))]
        end = finding.end
    return "".join(parts) + text[end:]


def labelled(text: str) -> str:
    """A text of the office's own in which labels stand for what is personal; the values are kept nowhere."""
    parts, end = [], 0
    for finding in recognition.find(text, expects=None, vocabulary=known_words()):
        parts += [text[end : finding.start], LABELS[finding.kind]]
        end = finding.end
    return "".join(parts) + text[end:]


def holds_unkept(text: str) -> bool:
    """Whether something was taken out of this text that is not even kept."""
    return any(placeholder.kind in NEVER_KEPT for placeholder in find(text))
