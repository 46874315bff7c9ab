"""Gathers what belongs on a printed document; nothing is derived that the data do not hold."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from backend.billing import service as billing
from backend.billing.schemas import DocumentCard
from backend.consumption import service as consumption
from backend.consumption.schemas import MonthPair
from backend.customers import service as customers
from backend.customers.schemas import CustomerCard
from backend.printing.document import Printed


async def gather(
    session: AsyncSession, customer: CustomerCard, document: DocumentCard, cutover: dt.date, today: dt.date
) -> Printed:
    """A document that was found for this customer, with its lines, points and consumption."""
    contract = await customers.contract(session, customer.id, document.contract_no)
    points = await consumption.points(session, customer.id)
    comparison: list[MonthPair] = []
    if document.kind == "invoice" and document.period_from and document.period_to:
        period = (document.period_from, document.period_to)
        comparison = (await consumption.compare(session, customer.id, None, *period, cutover, today)).months
    corrected = None
    if document.corrects:
        found = await billing.document(session, customer.id, document.corrects, today)
        corrected = found.amount if found else None
    return Printed(
        document=document,
        lines=await billing.lines(session, document),
        customer=customer,
        place=contract.place if contract else "–",
        points=[(p.label, p.address, p.ppe) for p in points if p.contract_no == document.contract_no],
        comparison=comparison,
        corrected=corrected,
    )
