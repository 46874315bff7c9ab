"""The transfer's QR code, read by a reader that knows nothing of how it was made."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image

from backend.billing.transfers import transfer_qr, transfer_text

ACCOUNT = "04" + "0" * 24


def test_a_bank_reads_the_nine_fields() -> None:
    text = transfer_text("9900000007", "Polenergia Sprzedaż Sp. z o.o.", ACCOUNT, 123_456, "FV/2026/11/000000/1")
    picture = Image.open(io.BytesIO(transfer_qr(text, "png")))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == f"9900000007|PL|{ACCOUNT}|123456|Polenergia Sprzedaż|FV/2026/11/000000/1|||"


def test_a_small_amount_has_six_digits_and_long_words_are_cut() -> None:
    text = transfer_text("", "Spółka z bardzo długą nazwą | i kreską", ACCOUNT, 5, "FV/" + "1" * 50)
    nip, country, account, grosze, name, title, *reserved = text.split("|")
    assert (nip, country, account, grosze) == ("", "PL", ACCOUNT, "000005")
    assert len(name) <= 20
    assert len(title) == 32
    assert reserved == ["", "", ""]
    assert len(text) <= 160
