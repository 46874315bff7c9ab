from __future__ import annotations

import datetime as dt

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class Letter(Base):
    """A letter on its way. The recipient and the texts are encrypted; one without a recipient is never sent."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[bytes | None] = mapped_column(LargeBinary)
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[bytes] = mapped_column(LargeBinary)
    html: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)
