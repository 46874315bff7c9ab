"""The office's tickets below the pages: whose they are, in which order, and two colleagues on one of them."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from backend.clock import Clock
from backend.database import Database
from backend.limits.service import Limits
from backend.mail.service import Outbox
from backend.secrecy import Cipher, Hasher
from backend.settings import Profile, Settings
from backend.staff.models import Member
from backend.tickets import deadlines
from backend.tickets import service as tickets_
from backend.tickets.desk import PAGE, Desk
from backend.tickets.files import received
from backend.tickets.models import Ticket, TicketMessage
from backend.tickets.schemas import ALL, OPEN, FileRefused, Reply, Stale, TicketMissing, Wanted
from backend.tickets.service import Tickets
from tests.backend.customers.test_changes import customer
from tests.support.pictures import PDF

PERSON, FIRM = 1, 2
ANNA, JAN = 1, 2
CLOCK = Clock()
TODAY = CLOCK.today()


@pytest.fixture
def services(tmp_path: Path) -> tuple[Desk, Tickets, Outbox]:
    settings, cipher = Settings(profile=Profile.DEVELOPMENT, data_dir=tmp_path), Cipher(Fernet.generate_key().decode())
    outbox = Outbox(cipher, CLOCK)
    tickets = Tickets(settings, CLOCK, cipher, outbox, Limits(CLOCK, Hasher("klucz")))
    return Desk(settings, CLOCK, cipher, outbox, tickets), tickets, outbox


@pytest.fixture
def desk(services: tuple[Desk, Tickets, Outbox]) -> Desk:
    return services[0]


@pytest.fixture
async def office(database: Database) -> Database:
    """Two colleagues, a person who is cok's and a firm that is bok's."""
    async with database.write() as session:
        session.add_all([customer(PERSON), customer(FIRM, kind="business", name="Młyn sp. z o.o.")])
        for number, login in ((ANNA, "anna"), (JAN, "jan")):
            session.add(
                Member(id=number, login=login, name=login.title(), roles=["agent"], team="cok", second_factor=b"")
            )
    return database


def ticket(number: int | str, **values: Any) -> Ticket:
    defaults = {
        "ticket_no": f"Z/{number}",
        "customer_id": PERSON,
        "kind": "query",
        "status": "new",
        "opened": TODAY,
        "subject": "Pytanie o fakturę",
        "text": "Skąd ta kwota?",
    }
    return Ticket(**(defaults | values))


async def add(database: Database, *tickets: Ticket) -> None:
    async with database.write() as session:
        session.add_all(tickets)


async def listed(database: Database, desk: Desk, team: str = "cok", **wanted: Any) -> list[str]:
    async with database.read() as session:
        found = await desk.page(session, team, Wanted(**({"status": OPEN} | wanted)))
    return [card.ticket.ticket_no for card in found.cards]


def answer(member_id: int = ANNA, version: int = 0, text: str = "Wyjaśniamy.", status: str = "in_progress") -> Reply:
    return Reply(member_id, version, text, status)


async def test_a_team_finds_its_own_tickets_and_imported_ones_of_its_customers(office: Database, desk: Desk) -> None:
    await add(
        office,
        ticket("wlasne", team="cok", customer_id=None),
        ticket("cudze", team="bok", customer_id=None),
        ticket("z-importu"),
        ticket("firmy", customer_id=FIRM),
        ticket("przekazane", customer_id=FIRM, team="cok"),
    )
    assert set(await listed(office, desk, "cok")) == {"Z/wlasne", "Z/z-importu", "Z/przekazane"}
    assert set(await listed(office, desk, "bok")) == {"Z/cudze", "Z/firmy"}
    assert await listed(office, desk, "") == []


async def test_another_teams_ticket_and_none_are_the_same(office: Database, desk: Desk) -> None:
    await add(office, ticket("firmy", customer_id=FIRM))
    for number in ("Z/firmy", "Z/nie-ma", "'; DROP TABLE tickets; --"):
        async with office.write() as session:
            for attempt in (
                desk.case(session, "cok", number),
                desk.conversation_of(session, "cok", number),
                desk.reply(session, "cok", number, answer()),
                desk.change_status(session, "cok", number, 0, "closed"),
                desk.hand_over(session, "cok", number, 0, ""),
            ):
                with pytest.raises(TicketMissing):
                    await attempt


async def test_what_is_due_first_comes_first_and_late_ones_are_marked(office: Database, desk: Desk) -> None:
    def opened(kind: str, due_in: int) -> dt.date:
        return deadlines.latest(kind, TODAY + dt.timedelta(days=due_in), 5)  # type: ignore[arg-type]

    await add(
        office,
        ticket("swieze", kind="complaint"),
        ticket("czeka", status="waiting_for_customer", opened=TODAY - dt.timedelta(days=60)),
        ticket("dzis-lub-zaraz", opened=opened("query", 0)),
        ticket("spoznione", opened=opened("query", -1)),
        ticket("reklamacja", kind="complaint", status="waiting_for_customer", opened=opened("complaint", -1)),
        ticket("zamkniete", status="closed", opened=TODAY - dt.timedelta(days=60)),
    )
    order = await listed(office, desk)
    assert set(order[:2]) == {"Z/spoznione", "Z/reklamacja"}
    assert order[2:] == ["Z/dzis-lub-zaraz", "Z/swieze", "Z/czeka"]
    assert (await listed(office, desk, status=ALL))[0] == "Z/swieze"
    assert await listed(office, desk, status="closed") == ["Z/zamkniete"]
    assert set(await listed(office, desk, overdue=True)) == {"Z/spoznione", "Z/reklamacja"}
    async with office.read() as session:
        assert await desk.overdue(session, "cok") == 2
        found = await desk.page(session, "cok", Wanted(ALL))
    assert {card.ticket.ticket_no for card in found.cards if card.overdue} == {"Z/spoznione", "Z/reklamacja"}


async def test_the_order_is_that_of_the_due_days(office: Database, desk: Desk) -> None:
    """The query counts no days itself; what it makes of it agrees with the days as they are counted."""
    kinds = ("query", "complaint")
    await add(
        office,
        *(
            ticket(f"{kind}-{age}", kind=kind, opened=TODAY - dt.timedelta(days=age))
            for kind in kinds
            for age in range(25)
        ),
    )
    async with office.read() as session:
        found = await desk.page(session, "cok", Wanted(OPEN))
    in_time = [card.due for card in found.cards if not card.overdue]
    assert len(found.cards) == 50
    assert in_time == sorted(in_time, key=str)
    assert [card.overdue for card in found.cards] == [True] * (50 - len(in_time)) + [False] * len(in_time)


@pytest.mark.parametrize("status", [OPEN, "closed", ALL])
async def test_pages_follow_one_another_without_gap_or_repetition(office: Database, desk: Desk, status: str) -> None:
    count = PAGE + 7
    state = "closed" if status == "closed" else "new"
    await add(
        office,
        *(
            ticket(f"{number:03}", status=state, opened=TODAY - dt.timedelta(days=number % 20))
            for number in range(count)
        ),
    )
    async with office.read() as session:
        first = await desk.page(session, "cok", Wanted(status))
        second = await desk.page(session, "cok", Wanted(status, after=first.next))
    assert second.next is None
    numbers = [card.ticket.ticket_no for card in first.cards + second.cards]
    assert len(numbers) == len(set(numbers)) == count


@pytest.mark.parametrize("words", [["zolc"], ["zolc", "lodz"], ["z/szukane"], ["%"], ["'; drop"], ['"'], ["_x_"]])
async def test_search_is_by_plain_words_whatever_they_are(office: Database, desk: Desk, words: list[str]) -> None:
    await add(
        office,
        ticket("inne", text="Nic takiego", subject="Inny temat"),
        ticket("szukane", subject="ŻÓŁĆ w Łodzi", text='100 % \'; DROP TABLE tickets; -- "tak" _x_ NEAR AND <script>'),
    )
    assert await listed(office, desk, words=tuple(words)) == ["Z/szukane"]


async def test_of_two_answers_at_once_one_is_kept_and_the_other_reads_it_first(office: Database, desk: Desk) -> None:
    await add(office, ticket("1"))

    async def reply(member_id: int) -> bool:
        try:
            async with office.write() as session:
                await desk.reply(session, "cok", "Z/1", answer(member_id, text=f"od {member_id}", status="closed"))
        except Stale:
            return False
        return True

    assert sorted(await asyncio.gather(reply(ANNA), reply(JAN))) == [False, True]
    async with office.write() as session:
        case = await desk.case(session, "cok", "Z/1")
        first = case.messages[0].member_id
        assert [case.card.version, len(case.messages)] == [1, 1]
        second = JAN if first == ANNA else ANNA
        await desk.reply(session, "cok", "Z/1", answer(second, version=1))
    async with office.read() as session:
        case = await desk.case(session, "cok", "Z/1")
    assert [message.member_id for message in case.messages] == [first, second]
    assert case.card.ticket.status == "in_progress"


async def test_every_change_asks_for_the_version_that_was_read(office: Database, desk: Desk) -> None:
    await add(office, ticket("1"))
    async with office.write() as session:
        await desk.change_status(session, "cok", "Z/1", 0, "in_progress")
    with pytest.raises(Stale):
        async with office.write() as session:
            await desk.reply(session, "cok", "Z/1", answer(version=0))
    with pytest.raises(Stale):
        async with office.write() as session:
            await desk.change_status(session, "cok", "Z/1", 0, "closed")
    with pytest.raises(Stale):
        async with office.write() as session:
            await desk.hand_over(session, "cok", "Z/1", 0, "")
    async with office.read() as session:
        assert (await desk.case(session, "cok", "Z/1")).card.ticket.status == "in_progress"


async def test_what_the_customer_adds_is_read_before_an_answer_too(
    office: Database, services: tuple[Desk, Tickets, Outbox]
) -> None:
    desk, tickets, _ = services
    await add(office, ticket("1"))
    async with office.write() as session:
        await tickets.answer(session, PERSON, "Z/1", "Jeszcze jedno")
    with pytest.raises(Stale):
        async with office.write() as session:
            await desk.reply(session, "cok", "Z/1", answer(version=0))


async def test_a_customer_is_told_where_the_answer_is_and_a_stranger_gets_it(
    office: Database, services: tuple[Desk, Tickets, Outbox]
) -> None:
    desk, tickets, outbox = services
    contact = tickets._cipher.encrypt("ewa@poczta.example")
    await add(office, ticket("znany"), ticket("obcy", customer_id=None, team="cok", contact=contact))
    async with office.write() as session:
        for number in ("Z/znany", "Z/obcy"):
            await desk.reply(session, "cok", number, answer(text="Licznik jest sprawny."))
    async with office.read() as session:
        known, stranger = await outbox.caught(session)
    assert known.to == "k1@poczta.example"
    assert "/zgloszenia/zgloszenie?numer=Z%2Fznany" in known.text
    assert "Licznik" not in known.text
    assert stranger.to == "ewa@poczta.example"
    assert "Licznik jest sprawny." in stranger.text


async def test_handing_over_moves_the_ticket_and_writes_to_the_other_team(
    office: Database, services: tuple[Desk, Tickets, Outbox]
) -> None:
    desk, _, outbox = services
    await add(office, ticket("1"))
    async with office.write() as session:
        assert await desk.hand_over(session, "cok", "Z/1", 0, "To klient biznesowy") == "bok"
    assert await listed(office, desk, "cok") == []
    assert await listed(office, desk, "bok") == ["Z/1"]
    async with office.read() as session:
        letter = (await outbox.caught(session))[0]
    assert letter.to == "bok@polenergia-sprzedaz.pl"
    assert "To klient biznesowy" in letter.text


async def test_an_imported_status_is_kept_beside_ours(office: Database, desk: Desk) -> None:
    await add(office, ticket("1", row_digest="x"))
    async with office.write() as session:
        await desk.change_status(session, "cok", "Z/1", 0, "closed")
        await desk.change_status(session, "cok", "Z/1", 1, "in_progress")
        await desk.hand_over(session, "cok", "Z/1", 2, "")
    async with office.write() as session:
        row = (await session.scalars(select(Ticket))).one()
        assert (row.status, row.imported_status, row.team) == ("in_progress", "new", "bok")
        await tickets_.back_to_imported(session)
    async with office.read() as session:
        row = (await session.scalars(select(Ticket))).one()
        assert (row.status, row.imported_status, row.team, row.version) == ("new", None, None, 0)


@pytest.mark.parametrize(
    ("kind", "status", "since"),
    [
        ("query", "closed", TODAY),
        ("query", "waiting_for_customer", TODAY),
        ("complaint", "closed", TODAY),
        ("complaint", "waiting_for_customer", None),
        ("query", "new", None),
    ],
)
async def test_the_days_begin_anew_when_the_customer_comes_back_but_not_the_laws(
    office: Database, services: tuple[Desk, Tickets, Outbox], kind: str, status: str, since: dt.date | None
) -> None:
    _, tickets, _ = services
    await add(office, ticket("1", kind=kind, status=status, opened=TODAY - dt.timedelta(days=90)))
    async with office.write() as session:
        await tickets.answer(session, PERSON, "Z/1", "Jednak nie")
    async with office.read() as session:
        assert (await session.scalars(select(Ticket))).one().waits_since == since


async def test_the_office_has_room_for_its_files_beside_the_customers(
    office: Database, services: tuple[Desk, Tickets, Outbox]
) -> None:
    desk, tickets, _ = services
    upload = await received("pismo.pdf", PDF)
    await add(office, ticket("1"), ticket("obcy", customer_id=None, team="cok"), ticket("firmy", customer_id=FIRM))
    async with office.write() as session:
        for _ in range(5):
            await tickets.attach(session, PERSON, "Z/1", upload)
    async with office.write() as session:
        for version in range(5, 10):
            await desk.reply(session, "cok", "Z/1", Reply(ANNA, version, "Pismo", "closed", upload))
        case = await desk.case(session, "cok", "Z/1")
        assert [file.member_id for file in case.files] == [None] * 5 + [ANNA] * 5
        card, content, number = await desk.file(session, "cok", case.files[-1].id)
        assert (card.name, content, number) == ("pismo.pdf", PDF, "Z/1")
        with pytest.raises(TicketMissing):
            await desk.file(session, "bok", card.id)
    for number, version in (("Z/1", 10), ("Z/obcy", 0)):
        with pytest.raises(FileRefused):
            async with office.write() as session:
                await desk.reply(session, "cok", number, Reply(ANNA, version, "Pismo", "closed", upload))
    async with office.read() as session:
        assert len((await session.scalars(select(TicketMessage))).all()) == 5


async def test_a_hidden_value_is_not_found_by_looking_for_its_parts(office: Database, desk: Desk) -> None:
    await add(office, ticket("ukryte", text="Proszę dzwonić: 501 000 102 albo pisać na jan@poczta.example"))
    for word in ("501", "50", "jan@", "poczta"):
        assert await listed(office, desk, words=(word,)) == []
    assert await listed(office, desk, words=("dzwonic",)) == ["Z/ukryte"]
