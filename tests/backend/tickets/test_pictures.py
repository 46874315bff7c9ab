"""What is kept of a picture that a customer sends."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from backend.tickets.pictures import made_anew
from backend.tickets.schemas import FileRefused
from tests.support.pictures import picture, png_bomb

ORIENTATION, ARTIST = 0x0112, 0x013B


def test_where_and_by_whom_it_was_taken_is_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = 6, "Kazimierz"
    taken = picture("JPEG", 8, 16, exif=exif)
    assert b"Kazimierz" in taken
    kept = made_anew(taken, "image/jpeg")
    assert b"Kazimierz" not in kept
    assert b"Exif" not in kept
    assert Image.open(io.BytesIO(kept)).size == (16, 8)


def test_words_inside_and_behind_a_png_are_gone() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Kazimierz")
    kept = made_anew(picture("PNG", pnginfo=words) + b"Kazimierz", "image/png")
    assert b"Kazimierz" not in kept
    assert Image.open(io.BytesIO(kept)).size == (8, 8)


@pytest.mark.parametrize("side", [8_000, 60_000])
def test_a_small_file_of_very_many_pixels_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(FileRefused) as refused:
        made_anew(png_bomb(side), "image/png")
    assert refused.value.status == 413


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"\x89PNG\r\n\x1a\nnothing", "image/png"),
        (b"\xff\xd8\xffnothing", "image/jpeg"),
        (picture("PNG"), "image/jpeg"),
        (picture("JPEG", 64, 64)[:300], "image/jpeg"),
    ],
)
def test_what_only_looks_like_a_picture_is_refused(content: bytes, mime: str) -> None:
    with pytest.raises(FileRefused) as refused:
        made_anew(content, mime)
    assert refused.value.status == 415
