"""Drawings as pictures for channels that show no SVG."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from decimal import Decimal

import zxingcpp
from PIL import Image

from backend.billing.transfers import transfer_qr, transfer_text
from backend.consumption.chart import bars
from backend.consumption.schemas import Comparison, MonthPair, Reading
from backend.printing.pictures import Pictures

DARK, PALE = (11, 92, 77), (242, 183, 92)


def test_a_chart_is_a_picture_with_both_years() -> None:
    pair = MonthPair(dt.date(2026, 9, 1), Reading(Decimal(170), False), Reading(Decimal(150), False), False)
    comparison = Comparison(
        dt.date(2026, 9, 1), dt.date(2026, 9, 30), [pair], Decimal(170), Decimal(170), Decimal(150), 1
    )
    made = Image.open(io.BytesIO(asyncio.run(Pictures().png(str(bars(comparison)))))).convert("RGB")
    assert made.format is None or made.format == "PNG"
    assert made.width == 720
    seen = {colour for _, colour in made.getcolors(1 << 20) or []}
    assert {DARK, PALE, (255, 255, 255)} <= seen


def test_a_transfer_code_as_a_picture_says_what_the_drawing_says() -> None:
    words = transfer_text("", "Źródło", "61109010140000071219812874", 123_456, "FV/1")
    picture = Image.open(io.BytesIO(transfer_qr(words, "png"))).convert("L")
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == words
