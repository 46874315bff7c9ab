"""A transfer as Polish banks' apps read it from a QR code (ZBP recommendation on 2D codes, 2014)."""

from __future__ import annotations

import io

import segno

from backend.billing.schemas import DocumentCard
from backend.settings import Settings

LONGEST_NAME, LONGEST_TITLE = 20, 32


def transfer_of(document: DocumentCard, settings: Settings) -> bytes | None:
    """The code of what is left to pay on a document, as SVG; None where there is nothing."""
    if document.left <= 0:
        return None
    nrb, number = document.account_nrb, document.document_no
    return transfer_qr(transfer_text(settings.seller_nip, settings.company, nrb, document.left, number), "svg")


def transfer_text(payee_nip: str, payee: str, account_nrb: str, grosze: int, title: str) -> str:
    """The nine fields: NIP, PL, account, amount in grosze (six digits at least), name, title, three reserved."""
    fields = (payee_nip, "PL", account_nrb, f"{grosze:06d}", _fit(payee, LONGEST_NAME), _fit(title, LONGEST_TITLE))
    return "|".join((*fields, "", "", ""))


def transfer_qr(text: str, kind: str) -> bytes:
    """The code as a picture, `kind` being svg or png, in UTF-8."""
    buffer = io.BytesIO()
    segno.make(text, error="m", encoding="utf-8", micro=False).save(buffer, kind=kind, scale=6, border=4, light="#fff")
    return buffer.getvalue()


def _fit(words: str, longest: int) -> str:
    """What fits, without the character that parts the fields."""
    return " ".join(words.replace("|", " ").split())[:longest].strip()
