from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class Lesson(Base):
    """What a member decided about a message. `text` is masked; `intent` is None where it was skipped.

    `purpose` is `training` or `evaluation`: what is measured with is never learned. `digest` is that of the sentence
    without case, diacritics and punctuation.
    """

    __tablename__ = "lessons"

    conversation_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    intent: Mapped[str | None] = mapped_column(String(60))
    purpose: Mapped[str] = mapped_column(String(10))
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
