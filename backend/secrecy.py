"""Keeping secrets: what must be read again is encrypted, what is only compared is hashed with a key."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Cipher:
    """Authenticated encryption. The first key encrypts, all decrypt, so a key is rotated by putting a new one first."""

    def __init__(self, keys: str) -> None:
        self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",")])

    def encrypt(self, text: str) -> bytes:
        return self.encrypt_bytes(text.encode())

    def decrypt(self, ciphertext: bytes) -> str:
        """Raises ValueError when no key fits."""
        return self.decrypt_bytes(ciphertext).decode()

    def encrypt_bytes(self, content: bytes) -> bytes:
        return self._fernet.encrypt(content)

    def decrypt_bytes(self, ciphertext: bytes) -> bytes:
        """Raises ValueError when no key fits."""
        try:
            return self._fernet.decrypt(ciphertext)
        except InvalidToken:
            raise ValueError("no vault key decrypts this value") from None


class Hasher:
    """Keyed hashes (HMAC-SHA-256, hex). `purpose` keeps equal values of different use apart."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def digest(self, purpose: str, *parts: str) -> str:
        # What comes from outside may hold half of a surrogate pair.
        message = "\0".join((purpose, *parts)).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()

    def matches(self, expected: str, purpose: str, *parts: str) -> bool:
        return hmac.compare_digest(expected, self.digest(purpose, *parts))


def new_token() -> str:
    """256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of a token: it is random, so a plain hash tells nothing of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """A one-time code of 6 digits (NIST SP 800-63B-4 asks for at least 6)."""
    return f"{secrets.randbelow(1_000_000):06d}"
