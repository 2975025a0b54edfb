"""Rooms of consultations, and which reports of the media server were taken in."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
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


class RoomSeat(Base):
    """A seat that was given out, and what it rests on: a sign-in session and a post. See `seats.py`.

    identity: as the media server knows it. sign_in_id: None for who came without a session, by a token of the API.
    taken_at: when its last token was given out. left_at: when the media server last said that its holder had left.
    over_since: when its holder was first put out. asked_at: when the media server was last asked to.
    """

    __tablename__ = "room_seat"
    __table_args__ = (UniqueConstraint("room_id", "identity"),)

    id: Mapped[Key]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    identity: Mapped[str] = mapped_column(String(120))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    sign_in_id: Mapped[int | None] = mapped_column(ForeignKey("sign_in_session.id", ondelete="CASCADE"), index=True)
    taken_at: Mapped[Instant]
    left_at: Mapped[Instant | None]
    over_since: Mapped[Instant | None]
    asked_at: Mapped[Instant | None]

    room: Mapped[Room] = relationship()


class RoomEvent(Base):
    """A report that is in the journal. event_id: from the media server; one that comes again changes nothing."""

    __tablename__ = "room_event"

    event_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    occurred_at: Mapped[Instant]
    received_at: Mapped[Instant]
