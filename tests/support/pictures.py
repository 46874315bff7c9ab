"""Small pictures and a small PDF, as customers send them."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

PDF = b"%PDF-1.7 strona"


PDF_BOMB = (
    b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode/Length 1>>stream\n"
    + zlib.compress(b"\0" * 50_000_000, 9)
    + b"\nendstream endobj\n%%EOF\n"
)
"""Some 50 kB that become 50 MB for who unpacks them."""


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(side: int) -> bytes:
    """A small file that claims to be a picture of `side` by `side` pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def photo(artist: str) -> bytes:
    """A JPEG that says who took it."""
    exif = Image.Exif()
    exif[0x013B] = artist
    return picture("JPEG", 8, 16, exif=exif)


def picture(kind: str = "PNG", width: int = 8, height: int = 8, **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#0b5c4d").save(made, kind, **more)
    return made.getvalue()
