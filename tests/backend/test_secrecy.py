from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from backend.secrecy import Cipher, Hasher

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_a_rotated_key_reads_old_values_and_writes_new_ones() -> None:
    kept = Cipher(OLD).encrypt("wartość")
    rotated = Cipher(f"{NEW},{OLD}")
    assert rotated.decrypt(kept) == "wartość"
    assert Cipher(NEW).decrypt(rotated.encrypt("nowa")) == "nowa"
    with pytest.raises(ValueError, match="no vault key"):
        Cipher(NEW).decrypt(kept)


def test_hashes_of_equal_values_differ_by_purpose_and_key() -> None:
    hasher = Hasher("klucz")
    assert hasher.matches(hasher.digest("code", "a", "1"), "code", "a", "1")
    assert hasher.digest("code", "a") != hasher.digest("address", "a")
    assert hasher.digest("code", "a", "b") != hasher.digest("code", "ab")
    assert Hasher("inny").digest("code", "a") != hasher.digest("code", "a")


def test_what_is_no_whole_text_has_a_hash_too() -> None:
    assert Hasher("klucz").digest("id", "\ud800") != Hasher("klucz").digest("id", "\ud801")
