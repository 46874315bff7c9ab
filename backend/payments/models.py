from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class OnlinePayment(Base):
    """A payment that a customer began online, as far as its provider has told.

    What is really paid is told by the billing data alone: `paid_before_grosze` is what the document had when this
    payment began, so that it is seen when it has been booked.
    """

    __tablename__ = "online_payments"

    payment_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    document_no: Mapped[str] = mapped_column(String(60))
    amount_grosze: Mapped[int] = mapped_column(BigInteger)
    paid_before_grosze: Mapped[int] = mapped_column(BigInteger)
    provider: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str | None] = mapped_column(String(80))
    """The provider's own number."""
    state: Mapped[str] = mapped_column(String(10))
    began_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
