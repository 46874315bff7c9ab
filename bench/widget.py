"""`python -m bench.widget`: our widget and deep-chat from npm in one browser, over the same slow line, on the same slow processor.

Needs npm and Chromium. Writes docs/measurements-widget.md.
"""

from __future__ import annotations

import gzip
import json
import platform
import statistics
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Route, sync_playwright

from backend.settings import ROOT
from tests.support.browser import ARGUMENTS, CHROMIUM
from tests.support.ports import free_ports
from tests.support.system import System, start

REPORT = ROOT / "docs" / "measurements-widget.md"
DEEP_CHAT = "deep-chat@2.4.2"
RUNS, KEYS, MESSAGES = 9, 60, 500
AFTERWARDS = 3
"""Seconds that are watched after the first message."""

REST = 2
"""Seconds before each visit, in which the browser puts the last one away."""

LATENCY, DOWN, UP, SLOWER = 150, 1_600_000 / 8, 750_000 / 8, 4
"""Milliseconds for each way there and back, bytes a second, and how many times slower the processor is."""

NOTICE = """
window.seen = { long: [], ready: 0 };
new PerformanceObserver((list) => seen.long.push(...list.getEntries().map((task) => Math.round(task.duration))))
    .observe({ type: "longtask", buffered: true });
function look() {
    const field = document.querySelector("mojbok-chat, deep-chat")?.shadowRoot?.querySelector("textarea, #text-input");
    const place = field?.getBoundingClientRect();
    if (place?.height) Object.assign(seen, { ready: performance.now(), x: place.x + 20, y: place.y + place.height / 2 });
    else requestAnimationFrame(look);
}
requestAnimationFrame(look);
"""
"""Notes when one can write, and each task that held the page for more than 50 ms."""


@dataclass
class Widget:
    """`body` is what a page holds to have it, `talk` the same with 500 messages in the log."""

    name: str
    body: str
    talk: str
    field: str


@dataclass
class Opened:
    ready: list[float] = field(default_factory=list)
    longest: list[int] = field(default_factory=list)
    size: int = 0


@dataclass
class Typed:
    """Milliseconds a key that the page's one thread was busy."""

    full_speed: float
    slowed: float


def main() -> None:
    assert CHROMIUM, "needs Debian's chromium"
    [port] = free_ports(1)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bundle = _deep_chat(Path(folder))
        system = start(Path(folder) / "system", cors_origins=f'["http://127.0.0.1:{port}"]')
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        widgets = (_ours(system), _theirs())
        with _pages(port, widgets, bundle) as address:
            lines = _report([_measure(browser, widget, address) for widget in widgets], widgets)
        browser.close()
        system.stop()
    REPORT.write_text(lines, encoding="utf-8")
    print(lines)


def _ours(system: System) -> Widget:
    body = f'<script src="{system.url}/widget.js" async></script><mojbok-chat open></mojbok-chat>'
    return Widget("ours", body, body, "mojbok-chat textarea")


def _theirs() -> Widget:
    history = json.dumps([{"role": message["from"], "text": message["text"]} for message in _messages()])
    element = """<deep-chat connect='{"url": "/nothing"}'HISTORY></deep-chat>"""
    script = '<script type="module" src="/deep-chat.js"></script>'
    return Widget(
        DEEP_CHAT,
        script + element.replace("HISTORY", ""),
        script + element.replace("HISTORY", f" history='{history}'"),
        "deep-chat #text-input",
    )


def _messages() -> list[dict[str, object]]:
    """A conversation of 500 messages, a question and an answer by turns."""
    words = ("Ile zapłaciliśmy w zeszłym roku?", "Do zapłaty: 1 234,56 zł. Termin płatności: 5 listopada 2026.")
    return [
        {
            "seq": number + 1,
            "type": "message",
            "from": ("customer", "bot")[number % 2],
            "at": "2026-11-25T10:00:00+01:00",
            "text": words[number % 2],
        }
        for number in range(MESSAGES)
    ]


def _deep_chat(folder: Path) -> bytes:
    """The one file that its readme has a page load, compressed as a server would."""
    subprocess.run(["npm", "pack", "--silent", DEEP_CHAT], cwd=folder, check=True, capture_output=True)
    [packed] = folder.glob("*.tgz")
    with tarfile.open(packed) as archive:
        found = archive.extractfile("package/dist/deepChat.bundle.js")
        assert found
        return gzip.compress(found.read(), mtime=0)


@contextmanager
def _pages(port: int, widgets: tuple[Widget, ...], bundle: bytes) -> Iterator[str]:
    """Pages at /<widget>/open and /<widget>/talk, on an origin that is not the widget's."""

    class Server(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/deep-chat.js":
                self._answer("text/javascript", bundle, "gzip")
                return
            number, _, which = self.path.strip("/").partition("/")
            body = getattr(widgets[int(number)], {"open": "body", "talk": "talk"}[which]) if which else ""
            page = f'<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body>{body}'
            self._answer("text/html; charset=utf-8", page.encode(), "identity")

        def _answer(self, kind: str, content: bytes, encoding: str) -> None:
            self.send_response(200)
            headers = {"Content-Type": kind, "Content-Length": str(len(content)), "Content-Encoding": encoding}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Server) as served:
        Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{port}"
        served.shutdown()


def _measure(browser: Browser, widget: Widget, address: str) -> tuple[Opened, Typed]:
    number = 0 if widget.name == "ours" else 1
    opened = Opened()
    for _ in range(RUNS):
        _open(browser, f"{address}/{number}/open", widget, opened)
    return opened, _type(browser, f"{address}/{number}/talk", widget)


def _open(browser: Browser, address: str, widget: Widget, opened: Opened) -> None:
    """A first visit: nothing in the cache, a slow line and a slow processor."""
    time.sleep(REST)
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(NOTICE)
    line = context.new_cdp_session(page)
    _slow_line(line)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    scripts: list[int] = []
    page.on(
        "requestfinished", lambda request: ".js" in request.url and scripts.append(request.sizes()["responseBodySize"])
    )
    page.goto(address, wait_until="commit")
    while not (seen := _seen(line))["ready"]:
        time.sleep(0.1)
    page.mouse.click(seen["x"], seen["y"])
    page.keyboard.type("ile kosztuje konto?")
    page.keyboard.press("Enter")
    time.sleep(AFTERWARDS)
    seen = _seen(line)
    opened.ready.append(seen["ready"])
    opened.longest.append(max(seen["long"], default=0))
    opened.size = sum(scripts)
    context.close()


def _seen(line: CDPSession) -> dict[str, Any]:
    """By the plainest way there is: what Playwright brings into a page to ask it would itself be a long task."""
    answer = line.send("Runtime.evaluate", {"expression": "JSON.stringify(window.seen ?? { ready: 0 })"})
    return dict(json.loads(answer["result"]["value"]))


def _slow_line(line: CDPSession) -> None:
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY, "downloadThroughput": DOWN, "uploadThroughput": UP},
    )


def _type(browser: Browser, address: str, widget: Widget) -> Typed:
    context = browser.new_context()
    page = context.new_page()
    if widget.name == "ours":
        body = json.dumps({"events": _messages(), "idle": True})
        page.route("**/events?*", lambda route: _answer(route, body))
    page.goto(address)
    page.locator(widget.field).wait_for()
    page.wait_for_timeout(3000)
    count = page.evaluate(
        "document.querySelector('mojbok-chat, deep-chat').shadowRoot"
        ".querySelectorAll('.message, .outer-message-container').length"
    )
    assert count >= MESSAGES, count
    line = context.new_cdp_session(page)
    line.send("Performance.enable")
    full_speed = _busy_for_a_key(page, line, widget)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    slowed = _busy_for_a_key(page, line, widget)
    context.close()
    return Typed(full_speed, slowed)


def _answer(route: Route, body: str) -> None:
    route.fulfill(status=200, content_type="application/json", body=body)


def _busy_for_a_key(page: Page, line: CDPSession, widget: Widget) -> float:
    """Median of what one key costs, style, layout and painting included."""
    page.locator(widget.field).focus()
    costs = []
    for number in range(KEYS):
        before = _busy(line)
        page.keyboard.press("a" if number % 10 else "Space")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        costs.append(_busy(line) - before)
    return statistics.median(costs)


def _busy(line: CDPSession) -> float:
    """Milliseconds of work in the page's thread so far."""
    metrics = {metric["name"]: metric["value"] for metric in line.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"] * 1000)


def _report(measured: list[tuple[Opened, Typed]], widgets: tuple[Widget, ...]) -> str:
    def row(name: str, aim: str, values: list[str]) -> str:
        return f"| {name} | {aim} | {' | '.join(values)} |"

    opened, typed = [one for one, _ in measured], [one for _, one in measured]
    rows = [
        row("scripts, kB compressed", "12", [f"{one.size / 1000:.1f}" for one in opened]),
        row("until one can write, ms, median", "1000", [f"{statistics.median(one.ready):.0f}" for one in opened]),
        row("slowest of the visits, ms", "", [f"{max(one.ready):.0f}" for one in opened]),
        row("longest task, ms, median", "50", [_task(one) for one in opened]),
        row(f"a key beside {MESSAGES} messages, ms", "16", [f"{one.full_speed:.1f}" for one in typed]),
        row(f"the same, {SLOWER} times slower", "", [f"{one.slowed:.1f}" for one in typed]),
    ]
    return f"""# Measurements of the widget

Written by `python -m bench.widget` ({time.strftime("%Y-%m-%d")}, Chromium without a screen, Python {platform.python_version()}; server and browser on the same machine).

A first visit to a page of another origin: {DOWN * 8 / 1e6:.1f} Mbit/s, {LATENCY} ms for each request, the processor slowed {SLOWER} times, nothing in the cache; {RUNS} visits. The window is open from the start,
and one can write once its field is there. Tasks are those from the start until three seconds after the first message was sent; the browser counts those over 50 ms. A key is what the page's thread is busy with for it, median of {KEYS}.

| | aim | {" | ".join(widget.name for widget in widgets)} |
|---|---|---|---|
{chr(10).join(rows)}
"""


def _task(opened: Opened) -> str:
    longest = statistics.median(opened.longest)
    return f"{longest:.0f}" if longest else "none over 50"


if __name__ == "__main__":
    main()
