"""Taking over and giving back, together with the turns of the assistant that run meanwhile."""

from __future__ import annotations

from backend.staff.guard import Office
from backend.staff.schemas import Colleague

PAUSE = 5.0


async def take_over(office: Office, colleague: Colleague, conversation_id: str) -> None:
    """Gives the conversation to the colleague. Raises NotTaken, and Problem 403 or 404.

    A turn in work may end within moments, so that what it did is also said. What waits after that is the colleague's:
    a turn that still runs changes nothing any more (`once` refuses it), its answer is not kept, and it is dropped.
    """
    async with office.database.read() as session:
        await office.live.conversation(session, colleague, conversation_id)
    await office.turns.settle(conversation_id)
    async with office.database.write() as session:
        await office.live.take(session, colleague, conversation_id)
    office.hub.publish(conversation_id)
    await office.turns.drop(conversation_id)


async def give_back_silent(office: Office) -> None:
    """Gives back to the assistant what nobody of the office has spoken in for too long."""
    async with office.database.read() as session:
        silent = await office.live.silent(session)
    for conversation_id in silent:
        async with office.database.write() as session:
            await office.live.give_back_silent(session, conversation_id)
        office.hub.publish(conversation_id)
