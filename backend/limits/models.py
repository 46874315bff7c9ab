from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class Limit(Base):
    """When something was last done under one key; `times` are seconds since 1970, the newest last."""

    __tablename__ = "limits"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    times: Mapped[list[float]] = mapped_column(JSON)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
