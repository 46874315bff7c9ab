"""What was understood worst (backend/chat/doubts.py) and nobody has decided about yet, alike messages together."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from backend.chat.dialogue import FALLBACK
from backend.chat.doubts import Sign, share_in_common
from backend.chat.models import TurnRecord
from backend.staff.teaching import examples, repository
from backend.staff.teaching.schemas import Context, Doubtful, Group, Known, Place, Purpose
from bot.folding import words
from bot.placeholders import mask

GUESSES = 3
BATCH = 300
"""So many messages are looked through for alike ones."""

GROUPS = 10
ALIKE = 0.75
"""The share of their words that messages of one group have in common with its worst."""


async def worst(session: AsyncSession, known: dict[str, Known]) -> tuple[list[Group], int]:
    """The groups that come first, and how many there are in the batch they were made from.

    `known` are the sentences of the data by key.
    """
    rows = await repository.doubtful(session, BATCH)
    every = grouped([_doubtful(record, text) for record, text in rows])
    groups = every[:GROUPS]
    for group in groups:
        group.context = await _context(session, group.worst.place)
        group.known = known.get(examples.key(group.worst.text))
    await _add_taught(session, groups)
    return groups, len(every)


def grouped(messages: list[Doubtful]) -> list[Group]:
    """Each message joins the first group whose worst one it is like: the same words, or most of them."""
    groups: list[tuple[list[str], Group]] = []
    for message in messages:
        said = words(message.text)
        alike = (group for of, group in groups if of == said or share_in_common(of, said) >= ALIKE)
        if group := next(alike, None):
            group.messages.append(message)
        else:
            groups.append((said, Group([message])))
    return [group for _, group in groups]


def plain(text: str) -> str:
    """A message as one masked line of training data: Rasa would read `[a](b)`, `[a]{b}` and `[a][b]` as annotations."""
    printable = "".join(sign if sign.isprintable() else " " for sign in mask(text))
    for sign in "([{":
        printable = printable.replace(f"]{sign}", f"] {sign}")
    return " ".join(printable.split())


def _doubtful(record: TurnRecord, text: str) -> Doubtful:
    guesses = [(one["name"], one["confidence"]) for one in record.intents if one["name"] not in (None, FALLBACK)]
    place = Place(record.conversation_id, record.seq)
    return Doubtful(place, plain(text), Sign(int(record.doubt or Sign.UNSURE)), guesses[:GUESSES])


async def _context(session: AsyncSession, place: Place) -> Context:
    before = await repository.said_before(session, place)
    return Context(mask(before) if before else None, [mask(text) for text in await repository.answers(session, place)])


async def _add_taught(session: AsyncSession, groups: list[Group]) -> None:
    by_digest = {examples.digest(group.worst.text): group for group in groups}
    for lesson in await repository.decided_before(session, by_digest.keys()):
        known = Known(str(lesson.intent), Purpose(lesson.purpose))
        if known not in by_digest[lesson.digest].taught:
            by_digest[lesson.digest].taught.append(known)
