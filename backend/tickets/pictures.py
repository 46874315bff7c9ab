"""Pictures are made anew before they are kept: no EXIF (places, devices), no text, nothing behind the picture."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from backend.tickets.schemas import FileRefused

MOST_PIXELS = 50_000_000
"""Some 200 MB once decoded, and more than phones take."""

QUALITY = 90
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
TOO_MANY = "To zdjęcie jest za duże: ma zbyt wiele pikseli. Zmniejsz je i spróbuj ponownie."
BROKEN = "Nie udało się otworzyć tego zdjęcia. Zapisz je jeszcze raz i spróbuj ponownie."


def made_anew(content: bytes, mime: str) -> bytes:
    """The picture alone, turned as it is to be looked at. Raises FileRefused 413 for too many pixels, 415 for none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _made_anew(content, FORMATS[mime])
    except Image.DecompressionBombError:
        raise FileRefused(413, TOO_MANY) from None
    except (OSError, SyntaxError, ValueError):
        raise FileRefused(415, BROKEN) from None


def _made_anew(content: bytes, kind: str) -> bytes:
    made = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=[kind]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise FileRefused(413, TOO_MANY)
        turned = ImageOps.exif_transpose(picture)
        turned.info.clear()
        turned.save(made, kind, quality=QUALITY)
    return made.getvalue()
