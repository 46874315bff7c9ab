"""`mojbok chat`: the assistant in the terminal, over the chat API like any other client."""

from __future__ import annotations

import sys
import uuid
from contextlib import suppress
from typing import Any

import requests

END = "/koniec"


class Terminal:
    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/api/chat/conversations"
        self._http = requests.Session()
        self._place = ""
        self._seq = 0
        self._offers: list[dict[str, str]] = []

    def open(self) -> None:
        body = self._call("POST", "", json={})
        self._place = f"/{body['conversation']}"
        self._http.headers["Authorization"] = f"Bearer {body['token']}"
        self._show(body["events"])

    def say(self, typed: str) -> None:
        message: dict[str, str] = {"client_id": str(uuid.uuid4())}
        if typed.isdecimal() and 0 < int(typed) <= len(self._offers):
            message["choice"] = self._offers[int(typed) - 1]["id"]
        else:
            message["text"] = typed
        seq = self._call("POST", f"{self._place}/messages", json=message)["seq"]
        answered = False
        while not answered:
            events = self._call("GET", f"{self._place}/events", params={"after": self._seq, "wait": 25})["events"]
            self._show(events)
            answered = any(event["type"] == "answered" and event["in_reply_to"] == seq for event in events)

    def end(self) -> None:
        if self._place:
            self._http.delete(f"{self._url}{self._place}", timeout=10)

    def _call(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        answer = self._http.request(method, f"{self._url}{path}", timeout=40, **arguments)
        if answer.status_code >= 400:
            raise Refused(answer.json().get("detail") or f"Serwer odpowiedział: {answer.status_code}.")
        return dict(answer.json())

    def _show(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            self._seq = event["seq"]
            if event["type"] == "message" and event["from"] != "customer":
                self._show_message(event)
            elif event["type"] == "identity":
                print("  (tożsamość potwierdzona)" if event["state"] == "confirmed" else "  (tożsamość wygasła)")

    def _show_message(self, message: dict[str, Any]) -> None:
        print("\n".join(f"  {line}" for line in message["text"].splitlines()))
        for link in message.get("links", []):
            print(f"  → {link['title']}: {link['url']}")
        if table := message.get("table"):
            for row in [table["columns"], *table["rows"]]:
                print("  " + " | ".join(row))
        self._offers = message.get("choices", [])
        for number, choice in enumerate(self._offers, start=1):
            print(f"    {number}. {choice['title']}")


class Refused(Exception):
    """The API refused; the message is its Polish sentence."""


def talk(url: str) -> int:
    """Talks until the input ends or `/koniec`; returns the exit status."""
    terminal = Terminal(url)
    try:
        terminal.open()
        print(f"  (koniec: Ctrl-D albo {END})")
        while (typed := _read()) not in (None, END):
            if typed:
                _say(terminal, typed)
        terminal.end()
    except requests.RequestException:
        print(f"Nie można połączyć się z asystentem pod adresem {url}. Uruchom go: make run.", file=sys.stderr)
        return 1
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
        with suppress(requests.RequestException):
            terminal.end()
    return 0


def _say(terminal: Terminal, typed: str) -> None:
    try:
        terminal.say(typed)
    except Refused as refused:
        print(f"  {refused}")


def _read() -> str | None:
    """A line, stripped; None at the end of the input."""
    try:
        typed = input("> ").strip()
    except EOFError:
        return None
    if not sys.stdin.isatty():
        print(typed)
    return typed
