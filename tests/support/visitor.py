"""A visitor of the portal without a browser: keeps the cookie, posts forms as our own pages do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import requests


@dataclass
class Visitor:
    url: str
    http: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.http.get(f"{self.url}{path}", headers={"Accept": "text/html"}, timeout=10, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        headers = {"Accept": "text/html", "Origin": self.url} | options.pop("headers", {})
        return self.http.post(f"{self.url}{path}", headers=headers, timeout=30, **options)

    def sign_in(self, login: str, password: str) -> requests.Response:
        return self.post("/logowanie", data={"login": login, "haslo": password})


def link_in(letter: dict[str, Any]) -> str:
    """The path of the one link in a letter."""
    found = re.findall(r"https?://[^/\s]+(/\S+)", letter["text"])
    assert len(found) == 1, letter["subject"]
    return str(found[0])


def one_time_password_in(letter: dict[str, Any]) -> str:
    found = re.findall(r"^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$", letter["text"], re.MULTILINE)
    assert len(found) == 1, letter["subject"]
    return str(found[0])
