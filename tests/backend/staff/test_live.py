"""Taking over below the pages: who gets a conversation, what becomes of what waits, and of what the office writes."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from backend.audit.service import Audit
from backend.chat import repository as chat
from backend.chat.effects import Result, once
from backend.chat.events import Events
from backend.chat.handover import Handover
from backend.chat.hub import Hub
from backend.chat.models import Conversation, InboxMessage, VaultValue
from backend.chat.rasa import Rasa
from backend.chat.schemas import EventBody, SaidMessage
from backend.chat.service import Conversations
from backend.chat.turns import RunningTurn, Turns
from backend.chat.vault import Vault
from backend.clock import Clock
from backend.customers.models import Customer
from backend.database import Database
from backend.identity.links import Links
from backend.identity.models import Grant
from backend.identity.service import Identity
from backend.identity.sessions import Sessions
from backend.limits.service import Limits
from backend.mail.service import Outbox
from backend.problems import Problem
from backend.secrecy import Cipher, Hasher
from backend.settings import Profile, Settings
from backend.staff.acts import Acts
from backend.staff.conversations.models import Note
from backend.staff.live.service import Live, NotTaken
from backend.staff.models import Act, Member
from backend.staff.schemas import Colleague, Role
from backend.tickets.service import Tickets
from backend.wording import load_wording
from bot.placeholders import PRIVATE_USE, mask

HOSTILE = "\"; DROP TABLE events; -- <script>alert(1)</script> 100% OR NEAR(* '"


class Home:
    """A whole office and a chat on one database, and a clock that tests move."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        settings = Settings(profile=Profile.DEVELOPMENT, data_dir=data_dir)
        clock, hasher, cipher = Clock(), Hasher("klucz"), Cipher(Fernet.generate_key().decode())
        wording, limits, outbox = load_wording(settings), Limits(clock, hasher), Outbox(cipher, clock)
        vault = Vault(cipher, [settings.phone, settings.cok_email])
        identity = Identity(settings, clock, hasher, outbox, limits, Audit(clock), Sessions(settings, clock))
        self.events = Events(clock, wording, vault, identity, Links(settings, clock, cipher))
        rasa = Rasa("http://127.0.0.1:9", "", 1)
        turns = Turns(settings, database, clock, wording, vault, self.events, Hub(), rasa)
        tickets = Tickets(settings, clock, cipher, outbox, limits)
        self.conversations = Conversations(clock, wording, hasher, vault, self.events, identity, tickets, turns)
        self.live = Live(clock, identity, Handover(clock, wording, vault, self.events, identity, turns), Acts(clock))
        self.database, self.clock, self.vault, self.settings = database, clock, vault, settings
        self.colleagues: dict[str, Colleague] = {}

    async def colleague(self, name: str, team: str) -> Colleague:
        async with self.database.write() as session:
            row = Member(login=name.lower(), name=f"{name} Sowa", roles=["agent"], team=team, second_factor=b"")
            session.add(row)
            await session.flush()
        return Colleague(row.id, 1, row.name, frozenset([Role.AGENT]), team)

    async def opened(self, *texts: str) -> str:
        async with self.database.write() as session:
            conversation, _ = await self.conversations.open(session, "web")
        for text in texts:
            await self.say(conversation.id, text)
        return conversation.id

    async def say(self, conversation_id: str, text: str) -> int:
        async with self.database.write() as session:
            conversation = await chat.conversation(session, conversation_id, lock=True)
            assert conversation
            return await self.conversations.accept(
                session, conversation, SaidMessage(client_id=uuid.uuid4(), text=text)
            )

    async def identified(self, conversation_id: str, kind: str = "individual") -> None:
        async with self.database.write() as session:
            customer = Customer(
                customer_no=f"K{uuid.uuid4().hex[:8]}",
                kind=kind,
                name="Jan Pająk",
                email="jan.pajak@poczta.example",
                folded_email="jan.pajak@poczta.example",
                active=True,
                consent_email=True,
                consent_phone=True,
                row_digest="",
            )
            session.add(customer)
            await session.flush()
            now = self.clock.now()
            grant = Grant(conversation_id=conversation_id, customer_id=customer.id, candidates=[], confirmed_at=now)
            grant.until = now + dt.timedelta(minutes=15)
            session.add(grant)

    async def do(self, work: str, *values: Any) -> None:
        async with self.database.write() as session:
            await getattr(self.live, work)(session, *values)

    async def read(self, conversation_id: str) -> list[EventBody]:
        async with self.database.read() as session:
            return await self.events.read(session, conversation_id, 0)

    async def rows(self, model: type[Any]) -> list[Any]:
        async with self.database.read() as session:
            return list(await session.scalars(select(model)))


@pytest.fixture
async def home(database: Database, tmp_path: Path) -> Home:
    return Home(database, tmp_path)


async def refusal(work: Awaitable[None]) -> str:
    with pytest.raises(NotTaken) as caught:
        await work
    return str(caught.value)


async def test_of_two_at_the_same_instant_exactly_one_gets_it_and_the_other_is_told_who(home: Home) -> None:
    anna, ewa = await home.colleague("Anna", "cok"), await home.colleague("Ewa", "bok")
    for _ in range(5):
        talk = await home.opened("chcę rozmawiać z człowiekiem")
        both = (home.do("take", colleague, talk) for colleague in (anna, ewa))
        results = await asyncio.gather(*both, return_exceptions=True)
        [refused] = [result for result in results if result]
        async with home.database.read() as session:
            conversation = await chat.conversation(session, talk)
        assert conversation
        winner = anna if conversation.taken_by == anna.id else ewa
        assert isinstance(refused, NotTaken)
        assert str(refused) == f"Tę rozmowę prowadzi już {winner.name}."
        taken = [event for event in await home.read(talk) if event["type"] == "handoff"]
        assert [event["state"] for event in taken] == ["taken"]


async def test_what_waits_is_the_persons_and_no_task_goes_on(home: Home) -> None:
    anna = await home.colleague("Anna", "cok")
    talk = await home.opened("ile mam do zapłaty?", "halo?")
    async with home.database.write() as session:
        state = {
            "slots": {"team": "cok"},
            "now": {"slots": {"ticket": {"kind": "query"}}, "active_loop": "ticket_form"},
        }
        await chat.save_state(session, talk, state | {"later": ["/ask_balance"]})
    await home.do("take", anna, talk)
    later = await home.say(talk, "jest tu kto?")
    assert [row.answered_at is not None for row in await home.rows(InboxMessage)] == [True, True, True]
    events = await home.read(talk)
    assert [event["in_reply_to"] for event in events if event["type"] == "answered"][-1] == later
    async with home.database.read() as session:
        assert await chat.state(session, talk) == {
            "slots": {"team": "cok"},
            "now": {"slots": {"team": "cok"}, "active_loop": None},
        }

    async def work() -> Result:
        raise AssertionError("a task ran in a conversation that a person has")

    async with home.database.write() as session:
        with pytest.raises(Problem, match="not in work"):
            await once(session, RunningTurn(talk, "web", 2, {}), "action_open_ticket", "open", work)


async def test_what_the_office_writes_passes_the_vault_and_is_for_the_customer_alone(home: Home) -> None:
    anna = await home.colleague("Anna", "cok")
    talk = await home.opened("dzień dobry")
    await home.identified(talk)
    await home.do("take", anna, talk)
    words = f"Napisz na {home.settings.cok_email}, a odpowiemy na jan.nowy@poczta.example. Hasło: tajne123 {HOSTILE}"
    await home.do("write", anna, talk, words, "k1")
    await home.do("write", anna, talk, words, "k1")
    async with home.database.read() as session:
        [stored] = [e for e in await chat.events_after(session, talk, 0) if e.body.get("from") == "staff"]
    kept = stored.body["text"]
    assert "jan.nowy" not in kept
    assert "tajne123" not in kept
    assert home.settings.cok_email in kept
    assert PRIVATE_USE.search(kept)
    assert "na [e-mail]. Hasło: [hasło] " in mask(kept)
    assert stored.body["name"] == "Anna"
    assert (await home.read(talk))[-1]["text"] == words.replace("tajne123", "[hasło]")
    async with home.database.write() as session:
        for grant in await session.scalars(select(Grant)):
            grant.ended_at = home.clock.now()
    assert "[e-mail]" in (await home.read(talk))[-1]["text"]


async def test_to_somebody_unknown_the_values_stay_hidden(home: Home) -> None:
    anna = await home.colleague("Anna", "bok")
    talk = await home.opened("dzień dobry")
    await home.do("take", anna, talk)
    await home.do("write", anna, talk, "Odpowiemy na jan.nowy@poczta.example.", "k1")
    await home.identified(talk, "business")
    assert (await home.read(talk))[-1]["text"] == "Odpowiemy na [e-mail]."
    [row] = await home.rows(VaultValue)
    assert home.vault.value_of(row) == "jan.nowy@poczta.example"


async def test_the_other_teams_customer_is_out_of_reach(home: Home) -> None:
    anna, ewa = await home.colleague("Anna", "cok"), await home.colleague("Ewa", "bok")
    talk = await home.opened("faktura firmy")
    await home.identified(talk, "business")
    for work, values in (("take", []), ("write", ["tekst", "k1"]), ("give_back", ["koniec"])):
        with pytest.raises(Problem) as caught:
            await home.do(work, anna, talk, *values)
        assert caught.value.status == 403
    async with home.database.read() as session:
        assert await home.live.running(session, anna) == []
        assert [found.conversation.id for found in await home.live.running(session, ewa)] == [talk]


async def test_it_is_given_back_with_a_masked_note_and_taken_again(home: Home) -> None:
    anna, ewa = await home.colleague("Anna", "cok"), await home.colleague("Ewa", "cok")
    talk = await home.opened("dzień dobry")
    await home.do("take", anna, talk)
    assert await refusal(home.do("write", ewa, talk, "ja też", "k1")) == "Tę rozmowę prowadzi teraz Anna Sowa."
    await home.do("give_back", anna, talk, "Klient prosi o telefon: 601 234 567.")
    assert "wróciła już do asystenta" in await refusal(home.do("write", anna, talk, "jeszcze coś", "k2"))
    [note] = await home.rows(Note)
    assert mask(note.text) == "Klient prosi o telefon: [telefon]."
    returned, said = (await home.read(talk))[-2:]
    assert (returned["type"], returned["state"], returned["team"]) == ("handoff", "returned", "cok")
    assert "znów odpowiada automatyczny asystent" in said["text"]
    assert [choice["title"] for choice in said["choices"]] == ["Kontakt"]
    await home.do("take", ewa, talk)
    kinds = [act.kind for act in await home.rows(Act)]
    assert kinds == ["took_over", "handed_back", "took_over"]


async def test_after_fifteen_silent_minutes_it_comes_back_by_itself(home: Home) -> None:
    anna = await home.colleague("Anna", "cok")
    talk, other = await home.opened("dzień dobry"), await home.opened("dzień dobry")
    await home.do("take", anna, talk)
    await home.do("take", anna, other)
    async with home.database.write() as session:
        conversation = await session.get(Conversation, talk)
        assert conversation
        conversation.spoke_at = home.clock.now() - dt.timedelta(minutes=15)
    async with home.database.read() as session:
        assert await home.live.silent(session) == [talk]
    for conversation_id in (talk, other, talk):
        await home.do("give_back_silent", conversation_id)
    states = [event["state"] for event in await home.read(talk) if event["type"] == "handoff"]
    assert states == ["taken", "returned"]
    assert "nikt z biura nie napisał" in (await home.read(talk))[-1]["text"]
    assert [event["state"] for event in await home.read(other) if event["type"] == "handoff"] == ["taken"]


async def test_who_waits_for_a_person_stands_first_and_what_is_quiet_or_over_not_at_all(home: Home) -> None:
    anna = await home.colleague("Anna", "cok")
    await home.opened()
    quiet, over = await home.opened("dzień dobry"), await home.opened("dzień dobry")
    waiting, talking = await home.opened("konsultant"), await home.opened("ile płacę?")
    async with home.database.write() as session:
        for id_ in (quiet, over, waiting):
            conversation = await session.get(Conversation, id_)
            assert conversation
            if id_ == quiet:
                conversation.last_activity_at = home.clock.now() - dt.timedelta(minutes=15)
            elif id_ == over:
                await home.conversations.end(session, conversation)
            else:
                home.events.append(session, conversation, "handoff", {"state": "offered", "team": "bok"})
    async with home.database.read() as session:
        found = await home.live.running(session, anna)
    assert [(talk.conversation.id, talk.team, talk.waiting_since is None) for talk in found] == [
        (waiting, "bok", False),
        (talking, None, True),
    ]
    assert "już się zakończyła" in await refusal(home.do("take", anna, quiet))
    assert "już się zakończyła" in await refusal(home.do("take", anna, over))
    with pytest.raises(Problem) as caught:
        await home.do("take", anna, HOSTILE)
    assert caught.value.status == 404


async def test_the_customers_end_is_the_end(home: Home) -> None:
    anna = await home.colleague("Anna", "cok")
    talk = await home.opened("dzień dobry")
    await home.do("take", anna, talk)
    async with home.database.write() as session:
        conversation = await session.get(Conversation, talk)
        assert conversation
        await home.conversations.end(session, conversation)
    assert await refusal(home.do("write", anna, talk, "halo", "k1")) == "Rozmowa już się zakończyła."
    async with home.database.read() as session:
        assert await home.live.silent(session) == []
