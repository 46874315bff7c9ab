from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class Callback(Base):
    """Somebody wants to be telephoned, between `begins` and `ends`."""

    __tablename__ = "callbacks"

    callback_no: Mapped[str] = mapped_column(String(40), primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    team: Mapped[str] = mapped_column(String(3))
    phone: Mapped[bytes] = mapped_column(LargeBinary)
    begins: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(String(400))
    """What came of it, as the office wrote it down."""
    version: Mapped[int] = mapped_column(default=0)
