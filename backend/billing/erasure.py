"""What accounting law keeps of a customer's documents, and what goes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing import repository
from backend.billing.models import Document, DocumentLine, Payment

NO_ACCOUNT = "0" * 26


def keep_until(due: dt.date, years: int) -> dt.date:
    """The last day on which a document must be there: `years` after the year of its due date.

    Ordynacja podatkowa, art. 86 § 1 and art. 70 § 1; ustawa o rachunkowości, art. 74.
    """
    return dt.date(due.year + years, 12, 31)


async def forget(
    session: AsyncSession, customer_id: int, contracts: dict[str, str], today: dt.date, years: int
) -> tuple[int, int]:
    """Removes what is past its time and moves the rest to nameless contracts; how many were removed and kept."""
    removed = kept = 0
    for document in await repository.every_document(session, customer_id):
        if keep_until(document.due, years) < today:
            await _remove(session, document)
            removed += 1
        else:
            document.contract_no, document.account_nrb = contracts[document.contract_no], NO_ACCOUNT
            document.row_digest = ""
            kept += 1
    await session.flush()
    unbound = delete(Payment).where(Payment.customer_id == customer_id, Payment.document_no.is_(None))
    await session.execute(unbound)
    return removed, kept


async def _remove(session: AsyncSession, document: Document) -> None:
    number = document.document_no
    await session.execute(delete(DocumentLine).where(DocumentLine.document_no == number))
    await session.execute(delete(Payment).where(Payment.document_no == number))
    await session.execute(update(Document).where(Document.corrects == number).values(corrects=None))
    await session.delete(document)
