"""Letters on their way: sent, delayed by a dead server, refused, given up; in text and HTML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from backend.clock import Clock
from backend.database import Database
from backend.mail import repository
from backend.mail.letters import identity_code
from backend.mail.service import Outbox
from backend.mail.smtp import MailServer
from backend.mail.worker import FIRST_WAIT, LONGEST_WAIT, send_once
from backend.secrecy import Cipher
from backend.settings import Profile, Settings
from tests.support.mail_server import Received, mail_server
from tests.support.ports import free_ports

TO = "helena.mroz@poczta.example"
LETTER = identity_code("123456", 10, "Spółka „Źdźbło”")


class MovedClock(Clock):
    """A clock that a test moves."""

    moved = dt.timedelta()

    def now(self) -> dt.datetime:
        return super().now() + self.moved


class Post:
    """The outbox, its worker, and a mail server to send to."""

    def __init__(self, database: Database, port: int, folder: Path) -> None:
        self.database, self.clock = database, MovedClock()
        self.outbox = Outbox(Cipher(Fernet.generate_key().decode()), self.clock)
        settings = Settings(
            profile=Profile.DEVELOPMENT, data_dir=folder, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none"
        )
        self.server = MailServer(settings)

    async def put(self, recipient: str | None = TO, minutes: float | None = None) -> None:
        good_until = self.clock.now() + dt.timedelta(minutes=minutes) if minutes else None
        async with self.database.write() as session:
            await self.outbox.put(session, recipient, LETTER, good_until=good_until)

    async def work(self) -> None:
        await send_once(self.database, self.clock, self.outbox, self.server)

    async def left(self) -> list[int]:
        """How often each letter that is still there has been tried."""
        async with self.database.read() as session:
            later = self.clock.now() + dt.timedelta(days=9)
            return [letter.tries for letter in await repository.waiting(session, later, 100)]


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def post(database: Database, port: int, tmp_path: Path) -> Post:
    return Post(database, port, tmp_path)


@pytest.fixture
def received(port: int) -> Iterator[Received]:
    with mail_server(port) as received:
        yield received


async def test_a_letter_arrives_in_text_and_html_and_leaves_nothing_behind(post: Post, received: Received) -> None:
    await post.put()
    await post.work()
    (letter,) = received.letters
    assert received.recipients == [TO]
    assert letter["To"] == TO
    assert letter["Subject"] == LETTER.subject
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "123456" in text.get_content()
    assert "Spółka „Źdźbło”" in html.get_content()
    assert "123456" not in letter["Subject"]
    assert await post.left() == []


async def test_a_letter_to_nobody_is_not_sent_and_does_not_stay(post: Post, received: Received) -> None:
    await post.put(recipient=None)
    await post.work()
    assert received.letters == []
    assert await post.left() == []


async def test_a_dead_server_delays_letters_and_loses_none(post: Post, port: int) -> None:
    await post.put()
    await post.put()
    await post.work()
    assert await post.left() == [1, 1]
    await post.work()
    assert await post.left() == [1, 1]
    post.clock.moved += FIRST_WAIT
    await post.work()
    assert await post.left() == [2, 2]
    with mail_server(port) as received:
        post.clock.moved += LONGEST_WAIT
        await post.work()
        assert len(received.letters) == 2
    assert await post.left() == []


@pytest.mark.parametrize("answer", ["451 greylisted", "421 too busy"])
async def test_a_passing_refusal_is_tried_again(post: Post, received: Received, answer: str) -> None:
    received.answer_to_recipient = answer
    await post.put()
    await post.work()
    assert await post.left() == [1]
    received.answer_to_recipient = "250 OK"
    post.clock.moved += FIRST_WAIT
    await post.work()
    assert len(received.letters) == 1


@pytest.mark.parametrize("where", ["answer_to_recipient", "answer_to_data"])
async def test_a_refusal_for_good_is_given_up_and_logged_without_the_address(
    post: Post, received: Received, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    setattr(received, where, "550 no such mailbox")
    await post.put()
    await post.work()
    assert await post.left() == []
    assert "refuses it for good" in caplog.text
    assert TO not in caplog.text


async def test_a_letter_whose_code_has_ended_is_not_sent_any_more(
    post: Post, received: Received, caplog: pytest.LogCaptureFixture
) -> None:
    await post.put(minutes=10)
    post.clock.moved += dt.timedelta(minutes=10)
    await post.work()
    assert received.letters == []
    assert "given up" in caplog.text


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: obcy@zly.example", "a@b.example\nSubject: x"])
async def test_an_address_brings_no_header_of_its_own(post: Post, received: Received, address: str) -> None:
    await post.put(recipient=address)
    await post.work()
    assert received.letters == []
    assert await post.left() == [1]


async def test_one_bad_letter_does_not_hold_up_the_others(post: Post, received: Received) -> None:
    await post.put(recipient="a@b.example\r\nBcc: obcy@zly.example")
    await post.put()
    await post.work()
    assert received.recipients == [TO]
