"""`python -m bench.channels <postgres>`: our Telegram, on SQLite and on PostgreSQL, and that of a stock Rasa server under the same load; writes docs/measurements-channels.md.

`<postgres>` is the address of a server where databases may be made, like `postgresql://user@127.0.0.1:5432/postgres`.
The strict stand-in of the tests plays Telegram, in a process of its own; this process only sends.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import yaml

from backend.settings import ROOT
from backend.training import RASA, rasa_environment
from bench import stock
from bench.run import _memory
from tests.fakes import telegram_updates as updates
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram_wire import Chat, Sent
from tests.support import postgres
from tests.support.ports import free_ports
from tests.support.system import start
from tests.support.waiting import until

QUESTIONS = {
    "cost": ("ile kosztuje założenie konta", "bezpłatne"),
    "register": ("jak założyć konto w mojBOK?", "Uzupełnij wymagane informacje"),
    "sign_in": ("jak się zalogować do mojBOK", "Wpisz login i hasło"),
    "tab_invoices": ("co jest w zakładce faktury", "W zakładce Faktury znajdziesz"),
    "security": ("czy mojBOK jest bezpieczny", "certyfikatu SSL"),
    "balance_colours": ("co oznaczają kolory salda", "Kolor czerwony oznacza"),
    "activation_link": ("link aktywacyjny wygasł", "Link aktywacyjny przychodzi"),
    "browsers": ("jakie przeglądarki są obsługiwane", "Microsoft Edge"),
    "contact": ("jaki jest numer telefonu", "Połączenie jest płatne"),
    "availability": ("kiedy działa mojBOK", "24 godziny na dobę"),
    "time_zone": ("jaka strefa czasowa obowiązuje", "czas właściwy dla terytorium Polski"),
}
"""By topic: what is asked, and words that only its answer has."""

TOPICS = list(QUESTIONS)
CHATS = 200
"""So many that nobody asks the same twice: each answer belongs to one question."""

REPEATED, REPEATED_AFTER = 0.02, 1.0
"""The share of updates that come twice, and the seconds between."""

LONGEST = 120
"""Seconds after the burst within which everything must be answered."""

FLAT = 1.05
SECRET, BOT = "tajny-znak-1", "mojbok_bot"
EXAMPLES = 40
REPORT = ROOT / "docs" / "measurements-channels.md"

Question = tuple[int, str]
"""A chat and a topic."""


@dataclass(frozen=True)
class Phase:
    rate: int
    seconds: int

    @property
    def count(self) -> int:
        return self.rate * self.seconds


WARM_UP, STEADY, BURST = Phase(10, 10), Phase(20, 60), Phase(100, 10)


# Telegram


class Listener(TelegramFake):
    """Notes when each message came, and to whom."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[float, int, str]] = []

    def accept(self, sent: Sent) -> None:
        if sent.method == "sendMessage" and sent.chat_id:
            self.heard.append((time.monotonic(), sent.chat_id, sent.text))
        super().accept(sent)


def play_telegram(line: Connection) -> None:
    """Tells its address and its token, then what it heard as often as it is asked, until the other end is gone."""
    fake = Listener()
    with fake:
        fake.chats |= {chat: Chat(open=True, seen=True) for chat in range(1, 2 * CHATS + 1)}
        line.send((fake.url, fake.token))
        with suppress(EOFError):
            while line.recv():
                line.send(list(fake.heard))


@dataclass(frozen=True)
class Telegram:
    line: Connection
    url: str
    token: str

    def answers(self) -> list[tuple[float, Question]]:
        """When each answer came and to which question, in order."""
        found = [(at, chat, topic_of(text)) for at, chat, text in self._heard()]
        return [(at, (chat, topic)) for at, chat, topic in found if topic]

    def other_messages(self) -> int:
        return sum(1 for _, _, text in self._heard() if not topic_of(text))

    def _heard(self) -> list[tuple[float, int, str]]:
        self.line.send(True)
        heard: list[tuple[float, int, str]] = self.line.recv()
        return heard


def topic_of(text: str) -> str:
    return next((topic for topic, (_, words) in QUESTIONS.items() if words in text), "")


@contextmanager
def telegram() -> Iterator[Telegram]:
    context = multiprocessing.get_context("spawn")
    line, other = context.Pipe()
    process = context.Process(target=play_telegram, args=(other,), daemon=True)
    process.start()
    other.close()
    try:
        yield Telegram(line, *line.recv())
    finally:
        line.close()
        process.join(10)


# The sender


@dataclass
class Post:
    """A webhook call: seconds from when it was due until it was to be sent, and from then until its 200 came."""

    late: float
    question: Question
    sent_at: float
    taken: float | None = None


class Sender:
    """Sends on schedule, however long the answers take, over as many connections as that needs."""

    def __init__(self, webhook: str) -> None:
        where = urlsplit(webhook)
        self._host, self._port = where.hostname, where.port
        self._head = (
            f"POST {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: "
        )
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._chance = random.Random(1)
        self.tasks: set[asyncio.Task[None]] = set()

    async def send(self, phase: Phase, first: int) -> list[Post]:
        """Sends a phase's updates, numbered from `first`; what becomes of them is noted in the posts later."""
        posts: list[Post] = []
        begun = time.monotonic()
        for place in range(phase.count):
            due = begun + place / phase.rate
            await asyncio.sleep(due - time.monotonic())
            question, body = update(first + place)
            self._begin(posts, due, question, body)
            if self._chance.random() < REPEATED:
                again = asyncio.get_running_loop().call_later
                again(REPEATED_AFTER, self._begin, posts, due + REPEATED_AFTER, question, body)
        return posts

    def _begin(self, posts: list[Post], due: float, question: Question, body: bytes) -> None:
        now = time.monotonic()
        posts.append(Post(now - due, question, now))
        self.tasks.add(asyncio.create_task(self._post(posts[-1], body)))

    async def _post(self, post: Post, body: bytes) -> None:
        reader, writer = await self._connection()
        writer.write(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        lengths = [int(line[15:]) for line in lines if line.startswith(b"content-length:")]
        await reader.readexactly(sum(lengths))
        if b" 200 " in lines[0]:
            post.taken = time.monotonic() - post.sent_at
        self._free.append((reader, writer))

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            reader, writer = self._free.pop()
            if not reader.at_eof():
                return reader, writer
        return await asyncio.open_connection(self._host, self._port)

    async def close(self, seconds: float) -> None:
        """Waits so long at most for what is still on its way."""
        if self.tasks:
            _, pending = await asyncio.wait(self.tasks, timeout=seconds)
            for task in pending:
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)
        for _, writer in self._free:
            writer.close()


def update(number: int) -> tuple[Question, bytes]:
    """The question that comes as this number, and the update that brings it; negative numbers have chats of their own."""
    place = number % CHATS
    chat = place + 1 if number >= 0 else CHATS + place + 1
    topic = TOPICS[(place + number // CHATS) % len(TOPICS)]
    told = updates.said(1000 + number, chat, f"Ewa Lis {chat}", text=QUESTIONS[topic][0])
    return (chat, topic), json.dumps({"update_id": 700_000_000 + number} | told).encode()


# What is measured


@dataclass(frozen=True)
class Measured:
    """Milliseconds, seconds and megabytes."""

    steady: list[Post]
    burst: list[Post]
    asked: int
    lost: int
    doubled: int
    others: int
    until_answered: float
    first_answers: dict[Question, float]
    memory: list[float]

    @property
    def posts(self) -> list[Post]:
        return self.steady + self.burst


async def measure(webhook: str, messenger: Telegram, memory: Callable[[], float]) -> Measured:
    sender, used = Sender(webhook), []
    await answered({post.question for post in await sender.send(WARM_UP, -WARM_UP.count)}, messenger, LONGEST)
    others_before = messenger.other_messages()
    used.append(memory())
    steady = await sender.send(STEADY, 0)
    used.append(memory())
    burst = await sender.send(BURST, STEADY.count)
    ended = time.monotonic()
    used.append(memory())
    asked = {post.question for post in steady + burst}
    await answered(asked, messenger, LONGEST)
    await sender.close(max(REPEATED_AFTER * 3, ended + LONGEST - time.monotonic()))
    await asyncio.sleep(REPEATED_AFTER * 3)
    used.append(memory())
    answers = [(at, question) for at, question in messenger.answers() if question in asked]
    times = Counter(question for _, question in answers)
    first = {question: at for at, question in reversed(answers)}
    return Measured(
        steady,
        burst,
        asked=len(asked),
        lost=len(asked - first.keys()),
        doubled=sum(1 for count in times.values() if count > 1),
        others=messenger.other_messages() - others_before,
        until_answered=max(first.values(), default=ended) - ended,
        first_answers=first,
        memory=used,
    )


async def answered(asked: set[Question], messenger: Telegram, seconds: float) -> None:
    """Waits until each has an answer, so long at most."""
    deadline = time.monotonic() + seconds
    while asked - {question for _, question in messenger.answers()}:
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(1)


def ours(database_url: str = "") -> Measured:
    """On SQLite if no other database is named."""
    with telegram() as messenger, tempfile.TemporaryDirectory() as data:
        system = start(
            Path(data),
            telegram_token=messenger.token,
            telegram_secrets=SECRET,
            telegram_bot=BOT,
            telegram_url=messenger.url,
            database_url=database_url,
        )
        try:
            pids = [system.process.pid, *system.pids().values()]
            return asyncio.run(measure(f"{system.url}/webhooks/telegram", messenger, lambda: sum(map(_memory, pids))))
        finally:
            system.stop()


# The stock server


def stock_project() -> Path:
    """A stock assistant that knows the topics asked here, trained in some minutes once for each state of the data."""
    topics = [yaml.safe_load((ROOT / f"bot/data/faq/{topic}.yml").read_text()) for topic in TOPICS]
    nlu = [block for topic in topics for block in topic["nlu"]]
    for block in nlu:
        block["examples"] = "\n".join(block["examples"].splitlines()[:EXAMPLES])
    data = {"version": "3.1", "nlu": nlu, "rules": [rule for topic in topics for rule in topic["rules"]]}
    said = {name: answer for topic in topics for name, answer in topic["responses"].items()}
    files = {
        "config.yml": stock.config(),
        "domain.yml": yaml.safe_dump({"intents": TOPICS, "responses": said}, allow_unicode=True),
        "data.yml": yaml.safe_dump(data, allow_unicode=True),
        "endpoints.yml": "",
    }
    return stock._trained(files, ["train", "--domain", "domain.yml", "--data", "data.yml"], [])


def theirs(folder: Path) -> Measured:
    with telegram() as messenger, stock_server(folder, messenger) as (webhook, pid):
        return asyncio.run(measure(webhook, messenger, lambda: _memory(pid)))


@contextmanager
def stock_server(folder: Path, messenger: Telegram) -> Iterator[tuple[str, int]]:
    """Its webhook and its process, once it answers."""
    [port] = free_ports(1)
    webhook = f"http://127.0.0.1:{port}/webhooks/telegram/webhook"
    channel = {"access_token": messenger.token, "verify": BOT, "webhook_url": webhook, "url": messenger.url}
    (folder / "credentials.yml").write_text(yaml.safe_dump({"stock_telegram.LocalTelegram": channel}))
    shutil.copy(ROOT / "bench" / "stock_telegram.py", folder)
    command = [str(RASA), "run", "--model", stock.MODEL, "--credentials", "credentials.yml", "--port", str(port)]
    command += ["--endpoints", "endpoints.yml", "--interface", "127.0.0.1"]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=rasa_environment(), stdout=log, stderr=log)
    try:
        until(lambda: answers_at(f"http://127.0.0.1:{port}/"), seconds=300)
        yield webhook, process.pid
    finally:
        process.terminate()
        process.wait(30)


def answers_at(url: str) -> bool:
    with suppress(httpx.HTTPError):
        httpx.get(url, trust_env=False)
        return True
    return False


# The page


def milliseconds(times: list[float]) -> str:
    """Median, 95th percentile and the longest, of seconds."""
    ordered = sorted(times)
    if not ordered:
        return "none"
    return " / ".join(f"{value * 1000:.0f}" for value in (statistics.median(ordered), p95(ordered), ordered[-1]))


def p95(times: list[float]) -> float:
    """Without end where there are none."""
    return sorted(times)[int(len(times) * 0.95)] if times else float("inf")


def acknowledged(posts: list[Post]) -> list[float]:
    return [post.taken for post in posts if post.taken is not None]


def answer_times(measured: Measured, posts: list[Post]) -> list[float]:
    asked = {post.question: post.sent_at for post in reversed(posts)}
    return [
        measured.first_answers[question] - at for question, at in asked.items() if question in measured.first_answers
    ]


def rows(measured: Measured) -> dict[str, str]:
    posts = measured.steady + measured.burst
    late = f"{measured.until_answered:.0f}" if not measured.lost else f"not within {LONGEST}"
    return {
        "acknowledged at 20/s, p50 / p95 / max ms": milliseconds(acknowledged(measured.steady)),
        "acknowledged in the burst, p50 / p95 / max ms": milliseconds(acknowledged(measured.burst)),
        "calls not acknowledged with 200": str(len(posts) - len(acknowledged(posts))),
        "answered at 20/s, p50 / p95 / max ms": milliseconds(answer_times(measured, measured.steady)),
        "answered in the burst, p50 / p95 / max ms": milliseconds(answer_times(measured, measured.burst)),
        "seconds from the burst's end until all was answered": late,
        f"of {measured.asked} questions without an answer by then": str(measured.lost),
        "answered twice": str(measured.doubled),
        "other messages: notices, requests to wait": str(measured.others),
        "memory before, after the 60 s, after the burst, at the end, MB": ", ".join(
            f"{used:.0f}" for used in measured.memory
        ),
    }


def aims(measured: Measured) -> dict[str, bool]:
    complete = len(acknowledged(measured.posts)) == len(measured.posts)
    return {
        "acknowledged at 20/s: p95 under 10 ms": complete and p95(acknowledged(measured.steady)) < 0.010,
        "acknowledged in the burst: p95 under 50 ms": complete and p95(acknowledged(measured.burst)) < 0.050,
        "all answered within 2 minutes after the burst": not measured.lost and measured.until_answered <= LONGEST,
        "nothing without an answer by then, nothing answered twice": not measured.lost and not measured.doubled,
        f"memory flat: at the end at most {FLAT - 1:.0%} more than before": measured.memory[-1]
        <= measured.memory[0] * FLAT,
    }


def table(*columns: dict[str, str]) -> str:
    return "\n".join(f"| {name} | {' | '.join(column[name] for column in columns)} |" for name in columns[0])


def reached(measured: Measured) -> dict[str, str]:
    return {name: "reached" if is_so else "**missed**" for name, is_so in aims(measured).items()}


def on_postgresql(server: str) -> Measured:
    postgres.SERVER = server
    url = postgres.new_database()
    try:
        return ours(url)
    finally:
        postgres.drop_database(url)


def main(server: str) -> None:
    print("The stock server's model (some minutes, once for each state of the data) …", flush=True)
    folder = stock_project()
    load = os.getloadavg()[0]
    print("Ours …", flush=True)
    mine = ours()
    print("Ours on PostgreSQL …", flush=True)
    on_server = on_postgresql(server)
    print("The stock server …", flush=True)
    their_load = os.getloadavg()[0]
    other = theirs(folder)
    report = PAGE.format(
        date=time.strftime("%Y-%m-%d"),
        python=platform.python_version(),
        load=load,
        their_load=their_load,
        rate=STEADY.rate,
        seconds=STEADY.seconds,
        burst_rate=BURST.rate,
        burst_seconds=BURST.seconds,
        chats=CHATS,
        topics=len(TOPICS),
        repeats=len(mine.posts) - mine.asked,
        examples=EXAMPLES,
        late=1000 * p95([post.late for post in mine.posts]),
        their_late=1000 * p95([post.late for post in other.posts]),
        aims=table(reached(mine), reached(on_server), reached(other)),
        rows=table(rows(mine), rows(on_server), rows(other)),
    )
    REPORT.write_text(report, encoding="utf-8")
    print(report)


PAGE = """# Measurements of a messenger under load

Written by `python -m bench.channels` ({date}, Python {python}). The machine has two cores, and everything runs on it: the server, the sender and the stand-in of Telegram, each in processes of its own;
its load average was {load:.1f} before ours and {their_load:.1f} before the stock server. All are measured in the same run, one after the other. Timings on shared machines are noisy: read them as ratios.

**The load.** {rate} messages a second for {seconds} s, then {burst_rate} a second for {burst_seconds} s, from {chats} chats. They are sent on schedule whatever the answers take, as webhook calls with the secret, over as many connections
as that needs. Each chat asks each of {topics} questions once at most, so every answer belongs to one question; {repeats} updates come a second time after a second, with the same `update_id`, as from a platform that found the
acknowledgement slow. A hundred questions of other chats go before and are not counted. Telegram is the strict stand-in of the tests, over real HTTP. It takes whatever comes at once, where Telegram itself takes some 30 messages a second of one bot.
An acknowledgement is timed from the moment the call is sent, until all of its 200 was read; the sender was late for its own schedule by {late:.0f} ms (ours) and {their_late:.0f} ms (stock) at the 95th percentile.

**Ours** is the whole system with its own settings, on SQLite and on a PostgreSQL of this machine; no limit had to be raised, as none counts what a chat says at this pace. **Stock** is a Rasa server with the pipeline and policies that `rasa init` writes, and Rasa's own Telegram
channel, with another address of the Bot API. One thing had to be mended, or each update ended in "Event loop is closed" here: it registers its webhook in an event loop
that it closes, and goes on with that loop's HTTP session. Its model knows these {topics} topics, from {examples} examples each, so it is smaller than one of all data. It acknowledges after the whole turn, asks Telegram for the bot's name at each call, does not look at the secret, keeps conversations in memory, and nothing of which updates it has seen.

| aim | ours, SQLite | ours, PostgreSQL | stock |
|---|---|---|---|
{aims}

| | ours, SQLite | ours, PostgreSQL | stock |
|---|---|---|---|
{rows}
"""

if __name__ == "__main__":
    main(sys.argv[1])
