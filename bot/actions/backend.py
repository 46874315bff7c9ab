"""The actions' way to data: the backend's internal API over one pooled session."""

from __future__ import annotations

import os
from typing import Any

import requests
from requests.adapters import HTTPAdapter

TIMEOUT = (1.0, 3.0)
"""Seconds to connect and to wait for an answer."""

POOL = 64


class BackendUnavailable(Exception):
    """The backend did not answer in time or not sensibly: the turn will be taken again."""


class Refused(Exception):
    """The backend's rules say no; `reason` says which. That is an answer, not a fault."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _session() -> requests.Session:
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_maxsize=POOL))
    session.headers["Authorization"] = f"Bearer {os.environ.get('MOJBOK_INTERNAL_SECRET', '')}"
    return session


_SESSION = _session()


def call(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Posts `body` to `/internal/<path>` and returns the answer.

    Raises:
        Refused: a 403 or 409 with a reason.
        BackendUnavailable: no answer, or any other status.
    """
    url = f"{os.environ.get('MOJBOK_INTERNAL_URL', 'http://127.0.0.1:8001')}/internal/{path}"
    try:
        response = _SESSION.post(url, json=body, timeout=TIMEOUT)
        answer = response.json()
    except (requests.RequestException, ValueError) as error:
        raise BackendUnavailable(type(error).__name__) from None
    if response.status_code in (403, 409) and "reason" in answer:
        raise Refused(answer["reason"])
    if response.status_code != 200:
        raise BackendUnavailable(f"status {response.status_code}")
    return dict(answer)
