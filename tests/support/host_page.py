"""Another firm's page that embeds the widget: a server of its own, so another origin, with a strict policy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit

POLICY = (
    "default-src 'none'; script-src {server}; connect-src {server}; img-src {server}; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types mojbok-chat"
)
HEAD, REST = (
    """<!doctype html><html lang="pl"><head><meta charset="utf-8"><title>Energia dla domu</title>
<link rel="icon" href="{server}/favicon.svg"><script src="{server}/widget.js" async></script></head>
<body>""",
    """<main><h1>Energia dla domu</h1>{body}</main></body></html>""",
)

SLOW = 0.4
"""Seconds between the two: the script is there before what follows it."""


@contextmanager
def host_page(port: int, server: str) -> Iterator[str]:
    """The address of a page that has the widget of `server`, and what follows a `?`; it ends with the block."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY.format(server=server))
            self.end_headers()
            self.wfile.write(HEAD.format(server=server).encode())
            self.wfile.flush()
            time.sleep(SLOW)
            self.wfile.write(REST.format(body=unquote(urlsplit(self.path).query)).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Page) as served:
        Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{port}/"
        served.shutdown()
