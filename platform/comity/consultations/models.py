"""Consultations between authorities: the thread, its parties, who has read how far, and what is being written.

Positions are those of the consultation's topic in the journal. Subjects, bodies and drafts are sealed (`sealed.py`).
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from comity.consultations.terms import Kind, Side, Stage
from comity.core.db import Base, Instant, Key, ShortText
from comity.directory.models import Authority, by_value
from comity.directory.posts import Post
from comity.people.models import Account


class Consultation(Base):
    """A consultation between two authorities.

    public_id: 128 random bits, the only name that stands in addresses. reference: for people, CTY-2026-0412.
    client_id: made by the browser that opened it, so that a form sent twice opens one consultation.
    last_position, last_message_at, last_authority_id: the last message, or the opening while there is none.
    """

    __tablename__ = "consultation"
    __table_args__ = (UniqueConstraint("opened_by_account_id", "client_id"),)

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    sealed_subject: Mapped[bytes] = mapped_column(LargeBinary)
    stage: Mapped[Stage] = mapped_column(by_value(Stage))
    kind: Mapped[Kind] = mapped_column(by_value(Kind))
    client_id: Mapped[str] = mapped_column(String(64))
    opened_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    opened_by_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    created_at: Mapped[Instant]
    last_position: Mapped[int]
    last_message_at: Mapped[Instant] = mapped_column(index=True)
    last_authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))

    parties: Mapped[list[Party]] = relationship(back_populates="consultation", order_by="Party.id")

    @property
    def topic(self) -> str:
        """The topic's name in the journal, and the scope of its key."""
        return topic_of(self.public_id)

    @property
    def authority_ids(self) -> frozenset[int]:
        return frozenset(party.authority_id for party in self.parties)


class Party(Base):
    """An authority that takes part. reference: its own file number. side: of the request."""

    __tablename__ = "party"
    __table_args__ = (UniqueConstraint("consultation_id", "authority_id"),)

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    side: Mapped[Side] = mapped_column(by_value(Side))
    reference: Mapped[ShortText] = mapped_column(default="")

    consultation: Mapped[Consultation] = relationship(back_populates="parties")
    authority: Mapped[Authority] = relationship()


class Message(Base):
    """Something said: what the journal entry at `position` stands for, which holds the digest of the sealed body.

    client_id: made by the author's browser, so that a message sent again is said once. language: BCP 47, if known.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("consultation_id", "position"),
        UniqueConstraint("author_account_id", "client_id"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    position: Mapped[int]
    author_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    author_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    client_id: Mapped[str] = mapped_column(String(64))
    sealed_body: Mapped[bytes] = mapped_column(LargeBinary)
    language: Mapped[str | None] = mapped_column(String(20))
    sent_at: Mapped[Instant]

    consultation: Mapped[Consultation] = relationship()
    author: Mapped[Account] = relationship()
    post: Mapped[Post] = relationship()


class Attachment(Base):
    """A file that somebody has given to a consultation; a part of `message`, or still waiting to be sent.

    file_id: in the store of files, and in addresses. client_id: made by the browser, so that a file sent again is kept
    once. digest: SHA-256 of the sealed content, which the journal's entry of the message holds too. sealed_about: name,
    type and size (`sealed.py`). place: among the files of the message, from 0.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("account_id", "client_id"),
        Index("ix_attachment_message_id", "message_id"),
        Index("ix_attachment_consultation_id", "consultation_id"),
    )

    id: Mapped[Key]
    file_id: Mapped[str] = mapped_column(String(40), unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    place: Mapped[int] = mapped_column(default=0)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    client_id: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    sealed_about: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[Instant]


class ReadState(Base):
    """How far a person has read, and up to where they were told by mail. post: in which they read last.

    One row for a person, whatever post they hold: what somebody has read stays read when they change post.
    """

    __tablename__ = "read_state"
    __table_args__ = (
        UniqueConstraint("consultation_id", "account_id"),
        Index("ix_read_state_account_id", "account_id"),
        CheckConstraint("position >= 0 AND notified_position >= 0", name="positions"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    position: Mapped[int] = mapped_column(default=0)
    notified_position: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[Instant | None]
    notified_at: Mapped[Instant | None]

    account: Mapped[Account] = relationship()
    post: Mapped[Post] = relationship()


class Draft(Base):
    """What a person is writing and has not sent; nobody else sees it."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("account_id", "consultation_id"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    sealed_body: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[Instant]


class ReferenceCounter(Base):
    """The last number given in a year: raised in the transaction that uses it, so the numbers have no gaps."""

    __tablename__ = "reference_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


_TOPIC = "consultation:"


def topic_of(public_id: str) -> str:
    """The name of a consultation's topic in the journal."""
    return _TOPIC + public_id


def public_id_of(topic: str) -> str | None:
    """The consultation that a topic belongs to, or None for a topic of something else."""
    return topic.removeprefix(_TOPIC) if topic.startswith(_TOPIC) else None
