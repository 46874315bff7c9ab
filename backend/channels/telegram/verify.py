"""Whether a webhook call comes from Telegram: it brings the secret that was set with the webhook."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

HEADER = "x-telegram-bot-api-secret-token"


def is_genuine(secrets: list[str], headers: Mapping[str, str]) -> bool:
    """Constant in time; of several secrets any is good, so that one can be replaced by another."""
    given = headers.get(HEADER, "").encode("utf-8", "surrogateescape")
    fitting = [hmac.compare_digest(given, secret.encode()) for secret in secrets]
    return any(fitting)
