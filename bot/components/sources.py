"""What the components are made of, for Rasa's training cache: it knows a component's class, but not what that calls."""

from __future__ import annotations

import hashlib
from pathlib import Path

BOT = Path(__file__).parents[1]


def sources() -> str:
    """A fingerprint of the source of the components and of what they import from `bot/`."""
    files = sorted([*BOT.glob("*.py"), *BOT.glob("components/*.py")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
