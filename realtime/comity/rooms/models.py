"""Rooms of consultations, and which reports of the media server were taken in."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from comity.consultations.models import Consultation
from comity.core.db import Base, Instant, Key


class Room(Base):
    """The room of a consultation, since somebody first asked to enter it. name: as the media server knows it."""

    __tablename__ = "room"

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), unique=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Instant]

    consultation: Mapped[Consultation] = relationship()


class RoomEvent(Base):
    """A report that is in the journal. event_id: from the media server; one that comes again changes nothing."""

    __tablename__ = "room_event"

    event_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    occurred_at: Mapped[Instant]
    received_at: Mapped[Instant]
