"""Small pictures and a small PDF, as customers send them."""

from __future__ import annotations

import io

from PIL import Image

PDF = b"%PDF-1.7 strona"


def picture(kind: str = "PNG", width: int = 8, height: int = 8, **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#0b5c4d").save(made, kind, **more)
    return made.getvalue()
