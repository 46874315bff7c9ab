"""What the stand-ins share: an HTTP server on loopback, faults on demand, and a record of what was accepted."""

from __future__ import annotations

import io
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, RLock, Thread
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from PIL import Image, UnidentifiedImageError

Accepted = TypeVar("Accepted")
Json = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file of a multipart body."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """A request as it came; `path` without its query."""

    verb: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes

    @property
    def mime(self) -> str:
        return str(self.headers.get("Content-Type", "")).partition(";")[0].strip().lower()

    def form(self) -> tuple[dict[str, str], dict[str, Upload]]:
        """Fields and files of a form's body; nothing for other bodies."""
        if self.mime == "application/x-www-form-urlencoded":
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True)), {}
        if self.mime == "multipart/form-data":
            return _multipart(self.body, str(self.headers.get_param("boundary")))
        return {}, {}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    mime: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Fault:
    """An answer given instead of the work, or after it without telling (`None`), to calls whose path has `path`."""

    answer: Answer | None
    path: str
    times: int


def as_json(status: int, content: object, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(content).encode(), headers=headers or {})


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a whole PNG or JPEG; None for anything else."""
    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as image:
            image.load()
            return image.size
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        return None


def is_utf8(value: object) -> bool:
    """False for text that has half a surrogate pair anywhere in it."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class FakeServer(Generic[Accepted]):
    """A server that runs within a `with`.

    `calls` is what came, `sent` what was accepted, both in order; `delay` seconds pass before it works.
    """

    def __init__(self) -> None:
        self.sent: list[Accepted] = []
        self.calls: list[Call] = []
        self.delay = 0.0
        self.lock = RLock()
        self._changed = Condition(self.lock)
        self._faults: list[Fault] = []
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Any:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        assert self._server is not None, "the stand-in runs within a `with`"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, call: Call) -> Answer:
        raise NotImplementedError

    def fail(self, times: int = 1, status: int = 502, path: str = "") -> None:
        """The next calls are answered by a gateway's page instead."""
        page = f"<html><head><title>{status}</title></head><body>nginx</body></html>".encode()
        self.fault(Answer(status, page, "text/html"), times, path)

    def lose_answers(self, times: int = 1, path: str = "") -> None:
        """The next calls are worked on, but the connection closes before the answer."""
        self.fault(None, times, path)

    def fault(self, answer: Answer | None, times: int, path: str) -> None:
        with self.lock:
            self._faults.append(Fault(answer, path, times))

    def accept(self, sent: Accepted) -> None:
        with self._changed:
            self.sent.append(sent)
            self._changed.notify_all()

    def expect(self, count: int, seconds: float = 10) -> list[Accepted]:
        """What was accepted, once it is at least so much."""
        with self._changed:
            reached = self._changed.wait_for(lambda: len(self.sent) >= count, seconds)
            assert reached, f"{len(self.sent)} of {count} were sent: {self.sent}"
            return list(self.sent)

    def respond(self, call: Call) -> Answer | None:
        time.sleep(self.delay)
        with self.lock:
            self.calls.append(call)
            fault = next((one for one in self._faults if one.times > 0 and one.path in call.path), None)
            if fault is None:
                return self.answer(call)
            fault.times -= 1
            if fault.answer is None:
                self.answer(call)
            return fault.answer


def _multipart(body: bytes, boundary: str) -> tuple[dict[str, str], dict[str, Upload]]:
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = message_from_bytes(head + b"\r\n\r\n", policy=policy.HTTP)
        name = str(headers.get_param("name", header="Content-Disposition"))
        filename = headers.get_filename()
        if filename is None:
            fields[name] = content.decode()
        else:
            files[name] = Upload(filename, headers.get_content_type(), content)
    return fields, files


def _handler(fake: FakeServer[Any]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def work(self) -> None:
            where = urlsplit(self.path)
            query = dict(parse_qsl(where.query, keep_blank_values=True))
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = fake.respond(Call(self.command, unquote(where.path), query, self.headers, body))
            if answer is None:
                self.close_connection = True
                return
            with suppress(ConnectionError):  # a caller may give up before its answer comes
                self._write(answer)

        do_GET = do_POST = do_DELETE = work  # noqa: N815 - the standard library's names

        def _write(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.mime)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    return Handler
